"""A group's folder at work: its state on disk, the lock on it, and what changed in it since the state was written."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from gen.catalogue import store as catalogue
from gen.catalogue.accept import Accepted
from gen.config.model import Group
from gen.content.changes import Changes, Stat, notice, seen
from gen.content.reader import Reader, Reading, read_batch
from gen.database import Opened, get_meta, open_database, open_known, set_meta
from gen.errors import GenError, Issue
from gen.plan import state as plan_state
from gen.plan.state import State
from gen.version import code_version
from gen.workers import Crew, Work

STATE_FOLDER = ".gen"

Progress = Callable[[str, int, int], None]
"""Told the step, how much of it is done and how much there is."""


@contextmanager
def exclusive(root: Path, name: str) -> Iterator[None]:
    """Holds off other builds of the same state. Raises GenError if one is at work.

    The lock is SQLite's, on an empty file: it ends with the process, however that ends.
    """
    folder = root / STATE_FOLDER
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    with closing(sqlite3.connect(folder / f"{name}.lock", timeout=2, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise GenError(Issue("", 0, "build.locked")) from None
        yield


def local_now(group: Group) -> datetime:
    """The present minute on the group's clocks."""
    return datetime.now(ZoneInfo(group.timezone)).replace(tzinfo=None, second=0, microsecond=0)


def database_path(root: Path, name: str) -> Path:
    return root / STATE_FOLDER / f"{name}.sqlite"


def engine_path(root: Path, name: str) -> Path:
    """The folder of the Whoosh index that belongs to a state."""
    return root / STATE_FOLDER / f"{name}-search"


def open_state(root: Path, name: str, more_tables: Sequence[str] = ()) -> Opened:
    return open_database(
        database_path(root, name), code_version(), (*catalogue.TABLES, *plan_state.TABLES, *more_tables)
    )


def open_state_as_it_is(root: Path, name: str) -> sqlite3.Connection | None:
    """A state for commands that don't build; None if there is none, or other code made it."""
    path = database_path(root, name)
    return open_known(path, code_version()) if path.exists() else None


def look_for_changes(
    root: Path,
    connection: sqlite3.Connection,
    *,
    committed: bool = False,
    watched: frozenset[str] | None = None,
) -> Changes:
    """What changed since the state was written. `watched`: all that did, as somebody saw who has watched since."""
    state, content = State(connection), root / "content"
    recheck = [*state.paths("withheld"), *state.paths("dirty")]
    commit = get_meta(connection, "commit")
    if watched is not None:
        return seen(content, watched, commit, recheck)
    return notice(content, _KnownFiles(connection), commit, recheck, committed=committed)


def read(root: Path, database: Path, changes: Changes, crew: Crew, progress: Progress) -> Iterator[Reading]:
    """The files that may have changed, read in parallel, in order. The crew begins at once."""
    places = root / "content", database
    batches = crew.run(Work(Reader.open, places, read_batch, changes.suspects))
    return _told(batches, len(changes.suspects), progress)


def _told(batches: Iterator[list[Reading]], total: int, progress: Progress) -> Iterator[Reading]:
    done = 0
    for batch in batches:
        yield from batch
        done += len(batch)
        progress("read", done, total)


def remember(connection: sqlite3.Connection, changes: Changes, accepted: Accepted) -> None:
    """What the next build compares with."""
    state = State(connection)
    state.replace_paths("withheld", accepted.withheld)
    state.replace_paths("dirty", changes.dirty)
    set_meta(connection, "commit", changes.commit)


class _KnownFiles:
    """The files of the last build, from the state."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def stats(self) -> dict[str, Stat]:
        rows = self._connection.execute("SELECT path, size, mtime_ns, inode FROM files")
        return {path: Stat(size, mtime_ns, inode) for path, size, mtime_ns, inode in rows}
