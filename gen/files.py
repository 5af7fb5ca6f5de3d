"""The file system as this project needs it: walked in a fixed order, written whole or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

IGNORED_PREFIXES = (".", "~$")
IGNORED_SUFFIXES = ("~", ".tmp", ".swp", ".bak")
IGNORED_NAMES = frozenset({"Thumbs.db", "desktop.ini"})


def digest(data: bytes) -> str:
    """A content address: 32 hexadecimal digits."""
    return digester(data).hexdigest()


def digester(data: bytes = b"") -> "hashlib.blake2b":
    """What makes the content address of data that comes in pieces."""
    return hashlib.blake2b(data, digest_size=16)


def is_ignored(name: str) -> bool:
    """Whether a file name is what editors and operating systems leave behind, never content."""
    return name.startswith(IGNORED_PREFIXES) or name.endswith(IGNORED_SUFFIXES) or name in IGNORED_NAMES


def walk(root: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file below `root` that isn't ignored, as (path relative to root, entry); links are not followed.

    A symbolic link comes as an entry of its own, so that the caller can refuse it.
    """
    pending = [("", str(root))]
    while pending:
        prefix, folder = pending.pop()
        try:
            entries = list(os.scandir(folder))
        except (FileNotFoundError, NotADirectoryError):
            continue
        for entry in entries:
            if is_ignored(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append((f"{prefix}{entry.name}/", entry.path))
            else:
                yield prefix + entry.name, entry


def read_below(root: Path, path: str) -> bytes:
    """The bytes of a regular file below `root`; OSError if any part of the way there is a symbolic link."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        *folders, name = path.split("/")
        for part in folders:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    finally:
        os.close(folder)
    with open(file, "rb") as stream:
        return stream.read()


def replace(path: Path, data: bytes) -> None:
    """Puts `data` at `path` such that a reader sees the old bytes or the new ones, never a part."""
    handle, temporary = tempfile.mkstemp(prefix=".gen-", suffix=".tmp", dir=path.parent)
    try:
        with open(handle, "wb") as stream:
            stream.write(data)
            os.fchmod(stream.fileno(), 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def prune_empty_folders(folder: Path, root: Path) -> None:
    """Removes `folder` and its parents up to, but not including, `root`, as long as they are empty."""
    while folder != root and folder.is_relative_to(root):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
