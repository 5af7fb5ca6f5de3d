"""The embedded database of build state: one SQLite file that may be thrown away at any time.

A file that is missing, of another version of gen, damaged or half-written is replaced by an empty one: the next build
is then a clean one. Readers in other processes see the last commit.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

FORMAT = "1"


class Opened(msgspec.Struct, frozen=True):
    """`fresh` says why there was nothing to build upon; empty if there was."""

    connection: sqlite3.Connection
    fresh: str
    path: Path
    version: str
    tables: tuple[str, ...]


def open_database(path: Path, version: str, tables: Sequence[str]) -> Opened:
    """Opens the state at `path` for writing; `version` names the code that may read it.

    Raises sqlite3.OperationalError if another build holds it.
    """
    wanted = f"{FORMAT}:{version}"
    reason = "state.missing"
    if path.exists():
        try:
            connection = _connect(path)
            found = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
            if found == (wanted,):
                return Opened(connection, "", path, version, tuple(tables))
            reason = "state.other_version"
            connection.close()
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise
            reason = "state.damaged"
        except sqlite3.DatabaseError:
            reason = "state.damaged"
    return _create(path, version, tuple(tables), reason)


def open_known(path: Path, version: str) -> sqlite3.Connection | None:
    """The state at `path` if `version` of the code may read it; it stays as it is in any case."""
    try:
        connection = _connect(path)
        found = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
    except sqlite3.DatabaseError:
        return None
    if found == (f"{FORMAT}:{version}",):
        return connection
    connection.close()
    return None


def replace_database(opened: Opened) -> Opened:
    """An empty state instead of one that turned out to be damaged while it was used."""
    opened.connection.close()
    return _create(opened.path, opened.version, opened.tables, "state.damaged")


def _create(path: Path, version: str, tables: tuple[str, ...], reason: str) -> Opened:
    path.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    connection = _connect(path)
    with transaction(connection):
        connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        for statement in tables:
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('version', ?)", (f"{FORMAT}:{version}",))
    return Opened(connection, reason, path, version, tables)


def open_reader(path: Path) -> sqlite3.Connection:
    """The committed state, for reading, in any process."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    connection.execute("PRAGMA query_only = 1")
    connection.execute("PRAGMA mmap_size = 1073741824")
    return connection


def extract(source: Path, target: Path, tables: Sequence[str]) -> None:
    """A new database with all tables of the committed state, and the rows of `tables`: what readers elsewhere need."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(f"file:{target}", uri=True, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("ATTACH ? AS state", (f"file:{source.absolute()}?mode=ro",))
        made = connection.execute(
            "SELECT type, name, sql FROM state.sqlite_master WHERE sql NOT NULL AND type IN ('table', 'index')"
        ).fetchall()
        connection.execute("BEGIN")
        for kind in ("table", "index"):  # rows before indexes: SQLite then copies them as they lie
            for _, name, sql in (one for one in made if one[0] == kind):
                connection.execute(sql)
                if name in tables:
                    connection.execute(f"INSERT INTO main.{name} SELECT * FROM state.{name}")
        connection.execute("COMMIT")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -65536")
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """What is done in it happens as a whole or not at all.

    It begins at once and not with the first change: a savepoint before that would be a transaction of its own, and
    committed with its release.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def get_meta(connection: sqlite3.Connection, key: str) -> str:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def marks(connection: sqlite3.Connection, kind: str) -> dict[str, str]:
    """All values noted as `<kind>:<name>` that aren't empty, by name."""
    rows = connection.execute("SELECT key, value FROM meta WHERE key GLOB ? AND value != ''", (f"{kind}:*",))
    return {key.partition(":")[2]: value for key, value in rows}
