"""Takes all indexes of a built group away, so that `gen index` has to make every one of them anew and nothing else.

The command line has no way to do this on purpose: an index that is whole is left alone, and a lost folder is noticed
with the pages of its site. So the state is told here, unmeasured, what a build tells it about a lost index.
"""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import FailureError
from gen.catalogue.navigation import SEARCH_FOLDER
from gen.config.resolve import load_group
from gen.database import transaction
from gen.index import forget
from gen.search import state as search_state
from gen.workspace import engine_path, open_state

STATE = "state"
PAGE = "index.html"


def take_away(root: Path) -> None:
    """Deletes the files of all indexes, Whoosh's too, and forgets them; the records of documents stay."""
    group = load_group(root)
    opened = open_state(root, STATE, search_state.TABLES)
    try:
        if opened.fresh:
            raise FailureError(f"{root} has no state to make an index from: {opened.fresh}")
        with transaction(opened.connection):
            for site in group.sites:
                forget(opened.connection, group, site)
    finally:
        opened.connection.close()
    shutil.rmtree(engine_path(root, STATE))
    for folder in (root / "out").glob(f"*/{SEARCH_FOLDER}"):
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != PAGE:
                path.unlink()


def index_files(root: Path) -> Iterator[Path]:
    """What belongs to the indexes and not to the pages: the data that browsers load, and Whoosh's files."""
    for folder in (root / "out").glob(f"*/{SEARCH_FOLDER}"):
        yield from (path for path in folder.rglob("*") if path.is_file() and path != folder / PAGE)
    yield from (path for path in engine_path(root, STATE).glob("*") if path.is_file())


def browser_digests(root: Path) -> dict[str, str]:
    """What the browsers' indexes consist of, to tell whether two are the same and what an edit changed."""
    return {
        str(path.relative_to(root)): hashlib.blake2b(path.read_bytes()).hexdigest()
        for path in index_files(root)
        if path.is_relative_to(root / "out")
    }


def sizes(root: Path, hub: str) -> dict[str, dict[str, int]]:
    """Files and bytes: of the hub's index, of all other sites', of Whoosh's, and of all together."""
    found = {part: {"files": 0, "bytes": 0} for part in ("hub", "sites", "whoosh", "all")}
    for path in index_files(root):
        inside = path.is_relative_to(root / "out")
        part = "hub" if path.is_relative_to(root / "out" / hub) else "sites" if inside else "whoosh"
        for name in (part, "all"):
            found[name]["files"] += 1
            found[name]["bytes"] += path.stat().st_size
    return found
