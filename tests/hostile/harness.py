"""Builds a group into which something hostile was put, and holds it to what no input may break."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from gen.errors import GenError, Issue
from gen.outcome import Result
from tests.groups import Files, Folder
from tests.invalid.cases import sound_files

SITES = {"hub", "edu", "jtj", "xiu"}
MAX_SECONDS = 20.0


class Outcome(NamedTuple):
    """`issues` of a build or of the group; `tree` of the output."""

    issues: list[Issue]
    failed: set[str]
    tree: Files

    @property
    def codes(self) -> set[str]:
        return {issue.code for issue in self.issues}

    def codes_of(self, path: str) -> set[str]:
        """What is told of one file."""
        return {issue.code for issue in self.issues if issue.path == f"content/{path}"}

    def page(self, output: str) -> str:
        return self.tree[output].decode()

    def text(self) -> str:
        """All pages and feeds at once, save JSON, where markup means nothing."""
        kinds = (".html", ".xml", ".atom", ".css")
        return "\n".join(data.decode() for path, data in sorted(self.tree.items()) if path.endswith(kinds))


def attack(
    root: Path | Folder,
    changes: Mapping[str, bytes | None] | None = None,
    sites: frozenset[str] = frozenset({"edu"}),
) -> Outcome:
    """Builds a sound group with `changes`, which may do harm to `sites` only."""
    folder = root if isinstance(root, Folder) else Folder(root / "root", sound_files())
    folder.put(changes or {})
    before = _around(folder)
    started = time.perf_counter()
    try:
        result: Result | None = folder.build()
    except GenError as error:
        result, issues = None, list(error.issues)
    assert time.perf_counter() - started < MAX_SECONDS
    assert _around(folder) == before, "something was written outside of the output"
    tree = folder.tree() if folder.out.is_dir() else {}
    if result is None:
        return Outcome(issues, SITES, tree)
    assert result.failed <= sites
    built = {path.partition("/")[0] for path in tree}
    assert SITES - result.failed <= built <= SITES
    assert not result.failed or any(issue.is_error for issue in result.issues)
    return Outcome(result.issues, result.failed, tree)


def _around(folder: Folder) -> set[tuple[str, int]]:
    """Every path beside the output and the state, with the size of each file: that of a folder is the disk's affair."""
    found = set()
    for place, folders, files in os.walk(folder.root.parent):
        for kept in (folder.out.name, ".gen"):
            if kept in folders:
                folders.remove(kept)
        found |= {(os.path.join(place, name), 0) for name in folders}
        found |= {(os.path.join(place, name), os.lstat(os.path.join(place, name)).st_size) for name in files}
    return found
