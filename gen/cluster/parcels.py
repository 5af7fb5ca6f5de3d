"""What travels between machines, and how: values are pickled, and a path of one machine becomes the same place on another.

A worker that leaves files in a folder and answers with its path has them taken along: they lie in the parent's folder
by the time that the answer is unpacked, as if a worker of that machine had left them there.
"""

import io
import pickle
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from gen.cluster.depot import Depot, Ref
from gen.errors import Issue

ROOT, DATABASE = "root", "database"
"""The group's folder and its catalogue, which every machine of a build has. Other places are where workers leave files."""
_TOGETHER = 16 << 20
"""Bytes of small files that make a parcel."""
_FILES = msgspec.msgpack.Decoder(list[tuple[str, bytes]])


class Job(msgspec.Struct, frozen=True):
    """What all tasks of a step have in common. `call` is a packed (open, argument, do) of its work; `places` are the
    names of those where workers leave files."""

    call: bytes
    repository: str
    commit: str
    subfolder: str
    """Where in the repository the group's folder is; it ends in a slash unless it is empty."""
    database: tuple[Ref, ...]
    places: tuple[str, ...]


class Task(msgspec.Struct, frozen=True, array_like=True):
    """`version` stays first: a worker of other code must be able to tell."""

    version: str
    store: str
    folder: str
    job: Ref
    batch: bytes


class Answer(msgspec.Struct, frozen=True):
    """One of three: where the result lies, what is wrong, or the traceback of a defect."""

    result: Ref | None = None
    issues: tuple[Issue, ...] = ()
    trace: str = ""


class Packer:
    """Packs what knows paths below `places`, each given by its name; the innermost place of a path comes first."""

    def __init__(
        self, places: Mapping[str, Path], ship: Callable[[Path], tuple[Ref, ...]] = lambda _: ()
    ) -> None:
        """`ship` takes along what lies in a folder, if anything is to be."""
        self._places = {name: path.absolute() for name, path in places.items()}
        self._ship = ship

    def pack(self, value: object) -> bytes:
        out = io.BytesIO()
        pickler = _Pickler(out, pickle.HIGHEST_PROTOCOL)
        pickler.known = self.known
        pickler.dump(value)
        return out.getvalue()

    def known(self, path: Path) -> tuple[str, str, tuple[Ref, ...]]:
        """The place of a path, what is below it, and what was taken along."""
        path = path.absolute()
        for name, place in self._places.items():
            if path == place:
                return name, "", ()
            if path.is_relative_to(place):
                return name, str(path.relative_to(place)), self._ship(path)
        raise ValueError(f"{path} is a path of this machine only")


def unpack(
    data: bytes, find: Callable[[str], Path], fetch: Callable[[tuple[Ref, ...], Path], None] = lambda *_: None
) -> Any:
    """`find` gives this machine's place by its name, once it is needed; `fetch` puts down what was taken along."""
    unpickler = _Unpickler(io.BytesIO(data))
    unpickler.find, unpickler.fetch = find, fetch
    return unpickler.load()


class _Pickler(pickle.Pickler):
    known: Callable[[Path], tuple[str, str, tuple[Ref, ...]]]

    def persistent_id(self, value: Any) -> tuple[str, str, tuple[Ref, ...]] | None:
        return self.known(value) if isinstance(value, Path) else None


class _Unpickler(pickle.Unpickler):
    find: Callable[[str], Path]
    fetch: Callable[[tuple[Ref, ...], Path], None]

    def persistent_load(self, place: tuple[str, str, tuple[Ref, ...]]) -> Path:
        name, below, refs = place
        path = self.find(name) / below
        if refs:
            self.fetch(refs, path)
        return path


def ship_folder(depot: Depot, folder: Path) -> tuple[Ref, ...]:
    """Puts all files of a folder into the store, many in a parcel, and removes it."""
    refs: list[Ref] = []
    files: list[tuple[str, bytes]] = []
    size = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        files.append((path.relative_to(folder).as_posix(), path.read_bytes()))
        size += len(files[-1][1])
        if size >= _TOGETHER:
            refs.append(depot.put(msgspec.msgpack.encode(files)))
            files, size = [], 0
    refs.append(depot.put(msgspec.msgpack.encode(files)))
    shutil.rmtree(folder)
    return tuple(refs)


def fetch_folder(depot: Depot, refs: Iterable[Ref], folder: Path) -> None:
    """Makes `folder` what was shipped, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for ref in refs:
        for name, data in _FILES.decode(depot.get(ref)):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        depot.drop(ref)
