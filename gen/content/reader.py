"""Reads changed files, in workers: hashes them, parses Markdown that isn't known yet, measures pictures."""

import io
import os
import posixpath
import sqlite3
import stat as stat_module
import time
from pathlib import Path

import msgspec
from PIL import Image

from gen.content.changes import RACY_NS, Stat, is_text
from gen.content.document import SUFFIX, check_path, is_intro, parse
from gen.content.svg import is_harmless
from gen.database import open_reader
from gen.errors import Issue
from gen.files import digest, read_below

MAX_FILE_BYTES = 100_000_000
MAX_PIXELS = 60_000_000
MEASURED = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP"}
"""Pictures whose size is told to browsers, and the decoder that each must be for: Pillow has others that run programs."""
ALLOWED = MEASURED.keys() | frozenset(
    [
        ".svg",
        ".pdf",
        ".ofd",
        ".doc",
        ".docx",
        ".wps",
        ".xls",
        ".xlsx",
        ".et",
        ".ppt",
        ".pptx",
        ".dps",
        ".csv",
        ".txt",
        ".rtf",
        ".zip",
        ".rar",
        ".7z",
        ".mp3",
        ".mp4",
    ]
)

Image.MAX_IMAGE_PIXELS = None  # MAX_PIXELS is the bound, told in our own words before anything is decoded

_ENCODE = msgspec.msgpack.Encoder().encode


class Reading(msgspec.Struct, frozen=True):
    """What a file turned out to be. `key` names its `Parsed`, whose bytes come along unless they are kept already."""

    path: str
    stat: Stat
    digest: str
    key: str = ""
    parsed: bytes | None = None
    width: int = 0
    height: int = 0
    issues: tuple[Issue, ...] = ()
    gone: bool = False

    def elsewhere(self) -> "Reading":
        """The same, read in another machine's copy: its stamps say nothing about the file here."""
        return msgspec.structs.replace(self, stat=Stat(self.stat.size, 0, 0))


class Reader(msgspec.Struct, frozen=True):
    """What a worker needs to read: the content folder, and the parsed documents of earlier builds."""

    content: Path
    known: sqlite3.Connection

    @classmethod
    def open(cls, places: tuple[Path, Path]) -> "Reader":
        content, database = places
        return cls(content, open_reader(database))

    def close(self) -> None:
        self.known.close()

    def read(self, path: str) -> Reading:
        """Reads one file. `path` is relative to the content folder; issues name no site yet."""
        if not is_text(path):
            shown = os.fsencode(path).decode("utf-8", "replace")
            return Reading(path, Stat(0, 0, 0), "", issues=(_issue(shown, "content.bad_name"),))
        issues = check_path(path, "")
        try:
            status = os.lstat(self.content / path)
            if stat_module.S_ISDIR(status.st_mode):
                return Reading(path, Stat(0, 0, 0), "", gone=True)
            if not stat_module.S_ISREG(status.st_mode):
                return _refused(path, status, [*issues, _issue(path, "content.not_a_file")])
            if status.st_size > MAX_FILE_BYTES:
                return _refused(path, status, [*issues, _issue(path, "file.size", limit="100 MB")])
            data = read_below(self.content, path)
        except FileNotFoundError:
            return Reading(path, Stat(0, 0, 0), "", gone=True)
        except OSError as error:
            return Reading(
                path,
                Stat(0, 0, 0),
                "",
                issues=(*issues, _issue(path, "file.unreadable", why=str(error.strerror))),
            )
        is_racy = time.time_ns() - status.st_mtime_ns < RACY_NS
        stat = Stat(status.st_size, 0 if is_racy else status.st_mtime_ns, status.st_ino)
        reading = Reading(path, stat, digest(data), issues=tuple(issues))
        if path.endswith(SUFFIX):
            return self._with_document(reading, data)
        return _with_file(reading, data)

    def _with_document(self, reading: Reading, data: bytes) -> Reading:
        intro = is_intro(reading.path)
        key = reading.digest + ("i" if intro else "")
        found = self.known.execute("SELECT 1 FROM parsed WHERE key = ?", (key,)).fetchone()
        parsed = None if found else _ENCODE(parse(data, intro=intro))
        return msgspec.structs.replace(reading, key=key, parsed=parsed)


def read_batch(reader: Reader, paths: tuple[str, ...]) -> list[Reading]:
    return [reader.read(path) for path in paths]


def _with_file(reading: Reading, data: bytes) -> Reading:
    path = reading.path
    kind = posixpath.splitext(path)[1].lower()
    width = height = 0
    issues = list(reading.issues)
    if kind not in ALLOWED:
        issues.append(_issue(path, "file.kind", kind=kind or path, allowed=" ".join(sorted(ALLOWED))))
    elif kind == ".svg" and not is_harmless(data):
        issues.append(_issue(path, "file.svg"))
    elif kind in MEASURED:
        try:
            with Image.open(io.BytesIO(data), formats=(MEASURED[kind],)) as picture:
                width, height = picture.size
        except Exception:  # noqa: BLE001 - decoders of broken pictures raise anything
            issues.append(_issue(path, "file.picture"))
        if width * height > MAX_PIXELS:
            issues.append(_issue(path, "file.pixels", size=f"{width} × {height}"))
    return msgspec.structs.replace(reading, width=width, height=height, issues=tuple(issues))


def _refused(path: str, status: os.stat_result, issues: list[Issue]) -> Reading:
    return Reading(path, Stat(status.st_size, status.st_mtime_ns, status.st_ino), "", issues=tuple(issues))


def _issue(path: str, code: str, **params: str) -> Issue:
    return Issue(f"content/{path}", 0, code, params)
