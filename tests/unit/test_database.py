"""What readers elsewhere get of the state."""

import sqlite3
from contextlib import closing
from pathlib import Path

from gen.catalogue.store import READ
from gen.database import extract, open_reader
from tests.groups import Folder


def test_an_extract_answers_as_the_state_does_and_holds_nothing_else(built: Folder, tmp_path: Path) -> None:
    state = built.root / ".gen" / "state.sqlite"
    extract(state, tmp_path / "answers.sqlite", READ)
    with closing(open_reader(state)) as whole, closing(open_reader(tmp_path / "answers.sqlite")) as part:
        assert _schema(part) == _schema(whole)
        for table in _tables(whole):
            rows = _rows(whole, table) if table in READ else []
            assert _rows(part, table) == rows
        assert _rows(part, "documents")


def _schema(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL")}


def _tables(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def _rows(connection: sqlite3.Connection, table: str) -> list[object]:
    return connection.execute(f"SELECT * FROM {table}").fetchall()
