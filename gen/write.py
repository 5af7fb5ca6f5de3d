"""Artifacts to disk: only what differs is touched, a reader sees old bytes or new ones, and what nobody makes goes."""

import contextlib
import os
from collections.abc import Iterable, Set
from pathlib import Path

from gen import files
from gen.compress import companions, original
from gen.render.pages import Rendered


class Writer:
    """Writes below the output folder; remembers the folders that it has made."""

    def __init__(self, out: Path, content: Path) -> None:
        self._out = out
        self._content = content
        self._folders: set[str] = set()

    def write(self, rendered: Rendered) -> int:
        """Puts one artifact in its place and returns its size in bytes."""
        data = files.read_below(self._content, rendered.copy_of) if rendered.copy_of else rendered.data
        path = self._out / rendered.artifact.output
        self._make_folder(str(path.parent))
        if path.exists():
            _drop_companions(path)
            files.replace(path, data)
        else:
            self._create(path, data)
        return len(data)

    def put(self, output: str, data: bytes) -> int:
        """Puts `data` at an output's place, unless it is there; the size in bytes of what was written."""
        path = self._out / output
        self._make_folder(str(path.parent))
        try:
            if path.read_bytes() == data:
                return 0
        except FileNotFoundError:
            self._create(path, data)
        else:
            _drop_companions(path)
            files.replace(path, data)
        return len(data)

    def prune(self, site: str, outputs: Set[str]) -> int:
        """Removes what lies in a site's folder and is no output or companion of one; how many files there were."""
        found = {
            os.path.relpath(os.path.join(folder, name), self._out)
            for folder, _, names in os.walk(self._out / site)
            for name in names
        }
        return self.delete(sorted(path for path in found - outputs if original(path) not in outputs))

    def _make_folder(self, folder: str) -> None:
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)
            self._folders.add(folder)

    @staticmethod
    def _create(path: Path, data: bytes) -> None:
        """A new file needs no detour: no page that could lead to it is on the disk yet."""
        with path.open("wb") as stream:
            stream.write(data)

    def delete(self, outputs: Iterable[str]) -> int:
        """Removes files, and folders that are left empty; how many files there were."""
        deleted = 0
        for output in outputs:
            path = self._out / output
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                _drop_companions(path)
                path.unlink()
                deleted += 1
            files.prune_empty_folders(path.parent, self._out)
        return deleted


def _drop_companions(path: Path) -> None:
    """Before its bytes change, so that no server sends compressed bytes of another time."""
    for companion in companions(str(path)):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(companion)
