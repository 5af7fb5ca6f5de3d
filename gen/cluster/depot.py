"""The shared store: a folder or object storage in which a build's parcels lie while it is at work.

A parcel is known by its digest, which travels with the task and not through the store: what was changed there is
noticed before it is unpacked.
"""

import os
import secrets
import tempfile
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from gen.files import digest

PIECE = 16 << 20
"""Bytes of a large file that go together."""
_LEVEL = 1
_THREADS = max(4, os.cpu_count() or 1)


class Ref(msgspec.Struct, frozen=True, array_like=True):
    """A parcel: its name in the store, the digest of what is in it."""

    name: str
    digest: str


class DepotError(Exception):
    """The store can't be used, or hasn't what it should have; the text says why."""


class Depot:
    """The part of the store that belongs to one build server and group."""

    def __init__(self, url: str, folder: str) -> None:
        """Raises DepotError if nothing can be reached by such an address."""
        try:
            from fsspec.core import url_to_fs

            found: tuple[Any, str] = url_to_fs(url, use_listings_cache=False)
        except (ImportError, ValueError, OSError) as error:
            raise DepotError(str(error)) from None
        self._files, base = found
        self._folder = f"{base.rstrip('/')}/{folder}"
        self.bytes = 0
        """What went through the store by this object, compressed."""

    def prepare(self) -> None:
        """Empties the folder: what lies there was left by a build that was killed."""
        self.clear()
        self._do(self._files.makedirs, self._folder, exist_ok=True)

    def clear(self) -> None:
        if self._do(self._files.exists, self._folder):
            self._do(self._files.rm, self._folder, recursive=True)

    def put(self, data: bytes) -> Ref:
        """Every parcel has a name of its own: a task that is done twice doesn't write what is being read."""
        ref = Ref(secrets.token_hex(16), digest(data))
        packed = zlib.compress(data, _LEVEL)
        self._do(self._files.pipe_file, f"{self._folder}/{ref.name}", packed)
        self.bytes += len(packed)
        return ref

    def get(self, ref: Ref) -> bytes:
        packed = self._do(self._files.cat_file, f"{self._folder}/{ref.name}")
        self.bytes += len(packed)
        try:
            data = zlib.decompress(packed)
        except zlib.error as error:
            raise DepotError(f"{ref.name}: {error}") from None
        if digest(data) != ref.digest:
            raise DepotError(f"{ref.name}: digest")
        return data

    def drop(self, ref: Ref) -> None:
        self._do(self._files.rm_file, f"{self._folder}/{ref.name}")

    def put_file(self, path: Path) -> tuple[Ref, ...]:
        """A large file, in pieces that are packed at the same time."""
        starts = range(0, path.stat().st_size, PIECE)
        with ThreadPoolExecutor(_THREADS) as threads:
            return tuple(threads.map(lambda start: self.put(_piece(path, start)), starts))

    def get_file(self, pieces: Sequence[Ref], target: Path) -> None:
        """Puts the file at `target`, whole or not at all."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            closing(tempfile.NamedTemporaryFile(dir=target.parent, delete=False)) as stream,
            ThreadPoolExecutor(_THREADS) as threads,
        ):
            try:
                for start in range(0, len(pieces), _THREADS):
                    for data in threads.map(self.get, pieces[start : start + _THREADS]):
                        stream.write(data)
                stream.flush()
                Path(stream.name).replace(target)
            except BaseException:
                Path(stream.name).unlink(missing_ok=True)
                raise

    def _do(self, act: Any, *arguments: Any, **options: Any) -> Any:
        """Stores of all kinds raise errors of all kinds."""
        try:
            return act(*arguments, **options)
        except Exception as error:  # noqa: BLE001 - see above
            raise DepotError(str(error) or type(error).__name__) from None


def _piece(path: Path, start: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(start)
        return stream.read(PIECE)
