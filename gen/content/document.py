"""What a document is: what its bytes say (`Parsed`), and what it becomes at its place in the group (`Document`)."""

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec

from gen.config.model import FILES_FOLDER, SHARED_COLUMN, SHARED_FOLDER, Group
from gen.content import markdown
from gen.content.front_matter import (
    Disclosure,
    FrontMatter,
    IntroMatter,
    Split,
    lines_of,
    read_document,
    read_intro,
    read_term,
    split,
)
from gen.errors import Issue, Severity
from gen.schema import field_names

MAX_BYTES = 1_000_000
_LAST_DAY = date(9999, 12, 30)
"""Some write 9999-12-31 for “for good”; the day after must exist."""
SUFFIX = ".md"
SITE_INTRO = "_site.md"
COLUMN_INTRO = "_column.md"

_BAD_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\\:*?"<>|%#]')
_SHOWN_IN = {
    "service": ("services",),
    "interview": ("interviews",),
    "consultation": ("consultations",),
    "survey": ("surveys",),
    "letter": ("letters",),
}
_PLACED_FIELDS = ("aliases", "share", "index_number", "translates", "chart", *_SHOWN_IN)
_MADE_FROM_A_PICTURE = re.compile(r"\.(?:png|jpe?g)\.\d+\.webp$", re.IGNORECASE)
MAX_NAME_BYTES = 200
"""Of a file's or folder's name: leaves room for suffixes within NAME_MAX of 255 bytes."""
RESERVED_SLUG = re.compile(r"index|feed|page-\d+", re.IGNORECASE)


class Parsed(msgspec.Struct, frozen=True):
    """All that a file's bytes alone say, wherever it lies. `body` is an encoded `markdown.Body`, opened late."""

    matter: FrontMatter | None
    intro: IntroMatter | None
    body: bytes
    anchors: tuple[str, ...]
    uses: tuple[markdown.Use, ...]
    summary: str
    issues: tuple[Issue, ...]
    lines: dict[str, int] = {}
    """Of front matter fields that only their place in the group can prove wrong."""

    @property
    def failed(self) -> bool:
        return any(issue.is_error for issue in self.issues)


class Document(msgspec.Struct, frozen=True):
    """One Markdown file at its place: the site that owns it, the column it stands in, the address it gets.

    `path` is relative to `content/`. Introductions (`_site.md`, `_column.md`) have no address and stand in no list;
    their `matter` is None.
    """

    path: str
    site: str
    column: str
    channel: str
    address: str
    parsed: str
    """The key of its `Parsed` in the store."""
    matter: FrontMatter | None
    title: str
    summary: str
    anchors: tuple[str, ...]
    lines: dict[str, int] = {}

    def line(self, field: str) -> int:
        """The line on which a front matter field is given; 0 if none is known."""
        return self.lines.get(field, 0)

    @property
    def is_intro(self) -> bool:
        return self.matter is None

    @property
    def files_folder(self) -> str:
        """Where the document's own pictures and attachments lie, with a closing slash."""
        return self.path[: -len(SUFFIX)] + "/"

    @property
    def appears(self) -> datetime | None:
        """From when on it has a page; None if it never has one (a draft, withdrawn, not for active disclosure)."""
        matter = self.matter
        if matter is None or matter.draft or matter.withdrawn or matter.disclosure is not Disclosure.ACTIVE:
            return None
        return matter.published

    @property
    def leaves(self) -> datetime | None:
        """From when on it stands in no list; None: never."""
        if self.matter is None:
            return None
        term = read_term(self.matter.term)
        ends = [self.matter.expires] if self.matter.expires else []
        if term and term.until:
            ends.append(midnight(min(term.until, _LAST_DAY)) + timedelta(days=1))
        return min(ends, default=None)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def is_intro(path: str) -> bool:
    return posixpath.basename(path) in (SITE_INTRO, COLUMN_INTRO)


def parse(data: bytes, *, intro: bool) -> Parsed:
    """Reads a Markdown file's bytes. A pure function; its result may be kept under a hash of `data` and `intro`."""
    if len(data) > MAX_BYTES:
        return _failed(Issue("", 0, "file.size", {"limit": f"{MAX_BYTES // 1000:,} KB"}))
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _failed(Issue("", 0, "file.encoding"))
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    parts = split(source)
    if isinstance(parts, Issue):
        return _failed(parts)
    matter: FrontMatter | None = None
    introduction: IntroMatter | None = None
    if intro:
        introduction, issues = read_intro(parts)
    else:
        matter, issues = read_document(parts)
    converted = markdown.convert(parts.text, parts.text_line)
    uses = (*(_uses(matter, parts) if matter else ()), *converted.uses)
    return Parsed(
        matter=matter,
        intro=introduction,
        body=msgspec.msgpack.encode(converted.body),
        anchors=converted.anchors,
        uses=uses,
        summary=converted.summary,
        issues=(*issues, *converted.issues),
        lines=lines_of(parts, _PLACED_FIELDS) if matter else {},
    )


def _uses(matter: FrontMatter, parts: Split) -> Iterator[markdown.Use]:
    """What the front matter needs of the repository, as links do in the text."""
    chart = (matter.chart.file,) if matter.chart else ()
    relations = (matter.interprets, matter.answers, matter.translates)
    for target in (matter.picture, *matter.attachments, *chart, *relations):
        if target:
            position = max(0, parts.yaml.find(target))
            line = parts.yaml_line + parts.yaml.count("\n", 0, position)
            yield markdown.Use(target, "", line, image=target == matter.picture)


def _failed(issue: Issue) -> Parsed:
    return Parsed(None, None, b"", (), (), "", (issue,))


def inside_site(path: str) -> str:
    """Where a file under `content/` lies inside the site that owns it; what is the group's has a folder on the hub."""
    folder, _, below = path.partition("/")
    return f"{SHARED_COLUMN}/{below}" if folder == SHARED_FOLDER else below


def place(group: Group, path: str, key: str, parsed: Parsed) -> tuple[Document | None, list[Issue]]:
    """The document that `parsed` is at `path`; None if it can't stand there or has errors of its own."""
    folder = path.partition("/")[0]
    site = group.owner(folder)
    if site is None:
        return None, []
    issues = [issue.at(f"content/{path}", site.id) for issue in parsed.issues]
    inside = inside_site(path)
    directory, name = posixpath.split(inside)
    column = group.column_of(site.id, directory)
    channel = site.channel(directory.partition("/")[0])
    if is_intro(path):
        fits = (column and column.id == directory) or (channel and channel.id == directory)
        fits = folder != SHARED_FOLDER and (not directory if name == SITE_INTRO else bool(fits))
        if not fits:
            issues.append(_issue(path, site.id, "content.intro_place", folder=directory))
    elif column is None:
        known = "、".join(group.columns[site.id])
        issues.append(_issue(path, site.id, "content.no_column", folder=directory or inside, known=known))
    elif RESERVED_SLUG.fullmatch(name[: -len(SUFFIX)]):
        issues.append(_issue(path, site.id, "content.reserved_slug", slug=name))
    if any(issue.is_error for issue in issues):
        return None, issues
    if parsed.matter and column:
        issues += _check_kind(path, site.id, column.kind, parsed)
    matter, intro = parsed.matter, parsed.intro
    return (
        Document(
            path=path,
            site=site.id,
            column=column.id if column else "",
            channel=channel.id if channel else "",
            address="" if is_intro(path) else inside[: -len(SUFFIX)] + ".html",
            parsed=key,
            matter=matter,
            title=matter.title if matter else intro.title if intro else "",
            summary=(matter.summary if matter else intro.summary if intro else "") or parsed.summary,
            anchors=parsed.anchors,
            lines=parsed.lines,
        ),
        issues,
    )


def _check_kind(path: str, site: str, kind: str, parsed: Parsed) -> Iterator[Issue]:
    """Fields that this kind of column doesn't show."""
    for key, kinds in _SHOWN_IN.items():
        if getattr(parsed.matter, key) is not None and kind not in kinds:
            params = {"key": key, "zh": field_names(FrontMatter, key)[-1], "kinds": "、".join(kinds)}
            line = parsed.lines.get(key, 0)
            yield Issue(f"content/{path}", line, "content.wrong_kind", params, Severity.WARNING, site)


def check_path(path: str, site: str) -> list[Issue]:
    """What is wrong with a path itself, whatever the file says."""
    issues = []
    if not is_plain_path(path):
        issues.append(_issue(path, site, "content.bad_name"))
    if path != unicodedata.normalize("NFC", path):
        issues.append(_issue(path, site, "content.not_nfc"))
    if any(part.lower().endswith((".html", ".xml")) for part in path.split("/")[:-1]):
        issues.append(_issue(path, site, "content.bad_folder"))
    if any(len(part.encode(errors="surrogatepass")) > MAX_NAME_BYTES for part in path.split("/")):
        issues.append(_issue(path, site, "content.long_name"))
    if _MADE_FROM_A_PICTURE.search(path):
        issues.append(_issue(path, site, "content.reserved_slug", slug=posixpath.basename(path)))
    return issues


def is_plain_path(path: str) -> bool:
    """Whether a path has only names that any file system and any address can hold."""
    return not _BAD_IN_NAMES.search(path) and all(
        part and part == part.strip(" .") for part in path.split("/")
    )


def resolve(document: str, target: str) -> str | None:
    """The path below `content/` that a document means by `target`; None if it leads out of `content/`."""
    if not target:
        return document
    if target.startswith(("/", "\\")) or "\\" in target or "\x00" in target:
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(document), target))
    return None if path == ".." or path.startswith("../") else path


def owners_of_file(path: str) -> list[str]:
    """The documents (or the `_files` folder) that this file could belong to, nearest first."""
    parts = path.split("/")
    if len(parts) > 2 and parts[1] == FILES_FOLDER:
        return [f"{parts[0]}/{FILES_FOLDER}"]
    return ["/".join(parts[:depth]) + SUFFIX for depth in range(len(parts) - 1, 1, -1)]


def _issue(path: str, site: str, code: str, **params: str) -> Issue:
    return Issue(f"content/{path}", 0, code, params, Severity.ERROR, site)
