"""Which files under `content/` changed since the last build: stat as a hint, the hash as the truth, Git as a shortcut.

In a Git checkout the files are those that Git knows or would add; what Git ignores is no content. Git is asked what
differs between the last built commit and now, so that nothing is walked. Elsewhere the folder is walked, and a file is
opened only if its size, time or inode changed.
"""

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from gen.files import is_ignored, walk

RACY_NS = 2_000_000_000
"""A file changed this shortly before it was read may change again without a new time stamp."""


class Stat(msgspec.Struct, frozen=True):
    size: int
    mtime_ns: int
    inode: int


class Changes(msgspec.Struct, frozen=True):
    """Paths relative to `content/`. `suspects` may have changed: only reading tells. `commit` is what Git has built up
    to (empty outside of Git) and `dirty` what differs from it in the working tree."""

    suspects: tuple[str, ...]
    removed: tuple[str, ...]
    commit: str = ""
    dirty: tuple[str, ...] = ()


class Known(Protocol):
    """The files of the last build."""

    def stats(self) -> Mapping[str, Stat]: ...


def notice(
    content: Path, known: Known, commit: str, recheck: Iterable[str], *, committed: bool = False
) -> Changes:
    """What may have changed in the folder `content` since the state that `known`, `commit` and `recheck` describe.

    `commit` is empty when there is nothing to compare with. `recheck` are paths that must be looked at whatever Git
    says: those that were dirty or withheld last time. `committed` spares the look at the working tree.
    """
    git = _Git.at(content)
    if git is None:
        return _by_walking(content, known.stats(), recheck)
    head, dirty = git.head(), set() if committed else git.dirty()
    changed = git.changed_since(commit, head) if commit and head else None
    if changed is None:
        files = git.all_files()
        return Changes(tuple(files), _removed(known.stats().keys() - files), head, tuple(sorted(dirty)))
    candidates = changed | dirty | set(recheck)
    there = {path for path in candidates - git.ignored(candidates) if os.path.lexists(content / path)}
    return Changes(tuple(sorted(there)), _removed(candidates - there), head, tuple(sorted(dirty)))


def seen(content: Path, paths: Iterable[str], commit: str, recheck: Iterable[str]) -> Changes:
    """The same where somebody watched the folder and saw all that changed: `paths`. Nothing else is looked at."""
    candidates = {*paths, *recheck}
    ignored = _Git(content).ignored(candidates) if commit else set()
    there = {path for path in candidates - ignored if os.path.lexists(content / path)}
    dirty = tuple(sorted(candidates)) if commit else ()
    return Changes(tuple(sorted(there)), _removed(candidates - there), commit, dirty)


def _by_walking(content: Path, known: Mapping[str, Stat], recheck: Iterable[str]) -> Changes:
    suspects, seen, again = [], set(), set(recheck)
    for path, entry in walk(content):
        seen.add(path)
        stat = entry.stat(follow_symlinks=False)
        old = known.get(path)
        changed = old is None or (old.size, old.mtime_ns, old.inode) != (
            stat.st_size,
            stat.st_mtime_ns,
            stat.st_ino,
        )
        if changed or path in again:
            suspects.append(path)
    return Changes(tuple(sorted(suspects)), _removed((known.keys() | again) - seen))


def is_text(path: str) -> bool:
    """Whether a file's name is UTF-8; names of other systems come as what `os.fsencode` gives back."""
    return not any("\ud800" <= character <= "\udfff" for character in path)


def _removed(paths: Iterable[str]) -> tuple[str, ...]:
    """Without those whose names were refused and never taken in."""
    return tuple(sorted(path for path in paths if is_text(path)))


class _Git:
    """The Git checkout that a content folder lies in."""

    def __init__(self, content: Path) -> None:
        self._content = content
        self._prefix = ""
        """Where the folder lies in the checkout."""

    @classmethod
    def at(cls, content: Path) -> "_Git | None":
        """None if `content` isn't tracked by Git, or Git isn't there."""
        git = cls(content)
        tracked, _, prefix = (
            git._run("rev-parse", "--is-inside-work-tree", "--show-prefix") or b""
        ).partition(b"\n")
        git._prefix = prefix.decode().strip()
        is_ignored = git._run("check-ignore", "-q", ".") is not None
        return git if tracked == b"true" and not is_ignored else None

    def head(self) -> str:
        return (self._run("rev-parse", "-q", "--verify", "HEAD") or b"").decode().strip()

    def dirty(self) -> set[str]:
        """What in the working tree differs from HEAD, untracked files included."""
        out = (
            self._run("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", ".")
            or b""
        )
        prefix = self._prefix
        found = (entry[3:].decode(errors="surrogateescape") for entry in out.split(b"\0") if len(entry) > 3)
        return _content_only(path[len(prefix) :] for path in found if path.startswith(prefix))

    def all_files(self) -> list[str]:
        out = self._run("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".") or b""
        listed = _content_only(os.fsdecode(name) for name in out.split(b"\0") if name)
        return sorted(path for path in listed if os.path.lexists(self._content / path))

    def changed_since(self, commit: str, head: str) -> set[str] | None:
        """None if Git no longer knows the commit."""
        if commit == head:
            return set()
        out = self._run("diff", "--name-only", "-z", "--no-renames", "--relative", commit, head, "--", ".")
        return None if out is None else _content_only(os.fsdecode(name) for name in out.split(b"\0") if name)

    def ignored(self, paths: Iterable[str]) -> set[str]:
        asked = b"\0".join(os.fsencode(path) for path in paths)
        out = self._run("check-ignore", "-z", "--stdin", stdin=asked) if asked else None
        return {os.fsdecode(name) for name in (out or b"").split(b"\0") if name}

    def _run(self, *arguments: str, stdin: bytes = b"") -> bytes | None:
        """What Git prints; None if it says no, or isn't installed."""
        command = ["git", "-c", "core.quotePath=false", "-C", str(self._content), *arguments]
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, check=False)
        except OSError:
            return None
        return done.stdout if done.returncode == 0 else None


def _content_only(paths: Iterable[str]) -> set[str]:
    return {path for path in paths if not any(is_ignored(part) for part in path.split("/"))}
