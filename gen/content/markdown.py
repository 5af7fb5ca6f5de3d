"""Markdown to safe HTML, cut where it points at something else in the repository.

A document's HTML depends on its own text alone: links, pictures and words of ours stay open (`LinkRef`, `ImageRef`,
`WordRef`) until the page is rendered, because where they lead is for the catalogue to say, and the language for the site.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import markdown
import msgspec
import nh3
from markdown.extensions.toc import TocTreeprocessor, slugify_unicode
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from gen.content import tables
from gen.errors import Issue, Severity
from gen.limits import TimeLimitError, time_limit
from gen.urls import is_web_address

MAX_SECONDS = 5.0
SUMMARY_LENGTH = 120
MAX_DEPTH = 250
"""Of raw HTML: the sanitiser's time grows with the square of it, and no alarm reaches it."""
RESERVED_ID_PREFIX = "g-"

_EXTENSIONS = [
    "tables",
    "footnotes",
    "def_list",
    "admonition",
    "attr_list",
    "toc",
    "fenced_code",
    "sane_lists",
]
_TAGS = frozenset(
    (
        "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption "
        "figure h2 h3 h4 h5 h6 h1 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small "
        "span strong sub summary sup table tbody td tfoot th thead tr u ul var"
    ).split()
)
_ATTRIBUTES = {
    "*": {"id", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "td": {"colspan", "rowspan", "headers", "align"},
    "th": {"colspan", "rowspan", "scope", "align"},
    "col": {"span"},
    "q": {"cite"},
}
_CLASSES = {
    "div": {"admonition", "note", "tip", "warning", "danger", "important", "footnote", "toc"},
    "p": {"admonition-title", "center", "right", "signature", "noindent"},
    "a": {"footnote-ref", "footnote-backref"},
    "table": {"wide"},
    "img": {"small"},
}
_INLINE = re.compile(r"[\\`\[\]!<&*_\x02]|  \n")
"""What any inline pattern of the extensions above begins with."""
_TABLE_OF_CONTENTS = "[TOC]"
_WORD = re.compile(
    r'(?<=<p class="admonition-title">)(Note|Tip|Important|Warning|Danger)(?=</p>)'
    r'|(?<= title=")Jump back to (footnote) (\d+) in the text(?=")'
    rf'|(?<= aria-label="){tables.LABEL}(?=")'
)
"""What the extensions and our tables say by themselves: titles of admonitions that were given none, labels."""
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_REFERENCE = re.compile(r'<(a|img)((?:\s+[\w:-]+="[^"]*")*)\s*>')
_TAG = re.compile(r"<[^>]*>")
_PARAGRAPH = re.compile(r"<p(?:\s[^>]*)?>(.*?)</p>", re.DOTALL)
_ID = re.compile(r'<[^<>]*?\sid="([^"]*)"')
_ALIGN = re.compile(r'(<t[dh]\b[^<>]*?)\salign="(left|center|right)"')
_H1 = re.compile(r"<(/?)h1(?=[\s>])")
_RAW_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_NESTS = frozenset(
    (
        "area base br col colgroup dd dt embed hr img input li link meta option p param rp rt source "
        "tbody td tfoot th thead tr track wbr"
    ).split()
)
"""Elements without content, and those that the next of their kind ends."""
_SENTENCE_ENDS = ("。", "！", "？", "；", ". ", "! ", "? ")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
"""What word processors leave in pasted text and no web page may hold; a vertical tab is Word's line break."""


class Heading(msgspec.Struct, frozen=True):
    level: int
    id: str
    text: str


class LinkRef(msgspec.Struct, frozen=True, tag="link"):
    """An `<a>` that points into the repository: its other attributes as HTML, its target as written, unquoted."""

    target: str
    anchor: str
    attributes: str


class ImageRef(msgspec.Struct, frozen=True, tag="image"):
    """An `<img>` of the document's own files."""

    target: str
    alt: str
    attributes: str


class WordRef(msgspec.Struct, frozen=True, tag="word"):
    """A word of ours, by its key among the texts that begin with `content.`; `number` is what it names."""

    key: str
    number: str = ""


Part = str | LinkRef | ImageRef | WordRef


class Body(msgspec.Struct, frozen=True):
    """A document's rendered text: HTML with its references left open, in order."""

    parts: tuple[Part, ...] = ()
    headings: tuple[Heading, ...] = ()


class Use(msgspec.Struct, frozen=True):
    """A place in the text that needs something else of the repository to exist."""

    target: str
    anchor: str
    line: int
    image: bool = False


class Converted(msgspec.Struct, frozen=True):
    body: Body
    anchors: tuple[str, ...]
    uses: tuple[Use, ...]
    summary: str
    issues: tuple[Issue, ...]


class _PlainTexts(Treeprocessor):
    """Marks the texts that no inline pattern could match, so that none is tried on them: most of Chinese prose."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and not _INLINE.search(element.text):
                element.text = AtomicString(element.text)


@cache
def _converter() -> markdown.Markdown:
    configs: dict[str, dict[str, object]] = {
        "tables": {"use_align_attribute": True},
        "toc": {"slugify": slugify_unicode, "title": "", "toc_depth": "2-4"},
        "footnotes": {"SUPERSCRIPT_TEXT": "{}"},
    }
    converter = markdown.Markdown(extensions=_EXTENSIONS, extension_configs=configs, output_format="html")
    before_inline = 25
    converter.treeprocessors.register(_PlainTexts(converter), "plain_texts", before_inline)
    return converter


def convert(text: str, first_line: int) -> Converted:
    """Renders and sanitises Markdown; `first_line` is the file's line on which `text` begins."""
    text = _CONTROLS.sub(" ", text)
    if _is_deep(text):
        return _failed(Issue("", first_line, "markdown.depth"))
    try:
        with time_limit(MAX_SECONDS):
            converter = _converter().reset()
            # Without its marker the extension needn't search the whole tree for it.
            toc = converter.treeprocessors["toc"]
            assert isinstance(toc, TocTreeprocessor)
            toc.marker = _TABLE_OF_CONTENTS if _TABLE_OF_CONTENTS in text else ""
            raw = converter.convert(text)
            tokens = getattr(converter, "toc_tokens", [])
            clean = _sanitise(raw)
            issues = list(_check(clean, text, first_line))
            clean = tables.readable(_H1.sub(r"<\1h2", clean))
            anchors = tuple(dict.fromkeys(_ID.findall(clean)))
            parts, uses = _open_references(clean, anchors, _Lines(text, first_line), issues)
    except TimeLimitError:
        return _failed(Issue("", first_line, "markdown.time", {"seconds": f"{MAX_SECONDS:g}"}))
    except RecursionError:
        return _failed(Issue("", first_line, "markdown.depth"))
    return Converted(
        body=Body(tuple(_open_words(parts)), tuple(_headings(tokens))),
        anchors=anchors,
        uses=tuple(uses),
        summary=_summary(clean),
        issues=tuple(issues),
    )


def _failed(issue: Issue) -> Converted:
    _converter.cache_clear()  # an interrupted converter is in no known state
    return Converted(Body(), (), (), "", (issue,))


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        allowed_classes={tag: set(names) for tag, names in _CLASSES.items()},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )


def _sanitise(raw: str) -> str:
    return _ALIGN.sub(r'\1 class="\2"', _cleaner().clean(raw))


def _is_deep(text: str) -> bool:
    """Whether raw HTML is nested deeper than any honest text."""
    depth = 0
    for match in _RAW_TAG.finditer(text):
        if match[2].lower() not in _NEVER_NESTS:
            depth = max(0, depth - 1) if match[1] else depth + 1
            if depth > MAX_DEPTH:
                return True
    return False


def _check(clean: str, text: str, first_line: int) -> list[Issue]:
    issues = []
    if _H1.search(clean):
        issues.append(Issue("", first_line + _h1_row(text), "markdown.h1", severity=Severity.WARNING))
    for anchor, times in Counter(_ID.findall(clean)).items():
        is_reserved = anchor.startswith(RESERVED_ID_PREFIX) or not anchor or bool(re.search(r"\s", anchor))
        for code, is_wrong in (("markdown.doubled_id", times > 1), ("markdown.reserved_id", is_reserved)):
            if is_wrong:
                issues.append(Issue("", first_line + _id_row(text, anchor), code, {"id": anchor}))
    return issues


def _h1_row(text: str) -> int:
    """The row of the first first-level heading, counted from 0."""
    rows, fence = text.split("\n"), ""
    for number, row in enumerate(rows):
        if row.startswith(("```", "~~~")):
            fence = "" if row.startswith(fence or " ") else fence or row[:3]
        below = rows[number + 1] if number + 1 < len(rows) else ""
        is_underlined = bool(row.strip() and re.fullmatch(r"=+ *", below))
        if not fence and (is_underlined or re.match(r"#(?!#)", row) or "<h1" in row):
            return number
    return 0


def _id_row(text: str, anchor: str) -> int:
    """The row on which an anchor is last given: as an attribute, or by a heading's words."""
    name = re.escape(anchor)
    given = re.compile(rf"""\bid\s*=\s*["']?{name}["'\s>]|\{{[^{{}}\n]*#{name}[\s}}]""")
    position = max((match.start() for match in given.finditer(text)), default=-1)
    if position >= 0:
        return text.count("\n", 0, position)
    headings = ((n, row) for n, row in enumerate(text.split("\n")) if row.startswith("#"))
    return next((n for n, row in headings if slugify_unicode(row.strip("# "), "-") == anchor), 0)


class _Lines:
    """Tells on which line a link's target stands. Asked in the text's order, it looks on from its last answer."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._first_line = first_line
        self._seen = self._next = 0
        self._seen_line = first_line

    def of(self, target: str) -> int:
        """The text's first line if the target was written in another way."""
        position = self._find(target, self._next)
        if position < 0:
            position = self._find(target, 0)
        if position < 0:
            return self._first_line
        if position < self._seen:
            return self._first_line + self._text.count("\n", 0, position)
        self._seen_line += self._text.count("\n", self._seen, position)
        self._seen = position
        self._next = position + 1
        return self._seen_line

    def _find(self, target: str, start: int) -> int:
        """A place where the whole target begins; -1 if there is none."""
        position = self._text.find(target, start) if target else -1
        while position > 0 and self._text[position - 1] not in "(<\"' =\n":
            position = self._text.find(target, position + 1)
        return position


def _open_references(
    clean: str, anchors: tuple[str, ...], lines: _Lines, issues: list[Issue]
) -> tuple[list[Part], list[Use]]:
    """Cuts `clean` at each link or picture that needs the repository."""
    parts: list[Part] = []
    uses: list[Use] = []
    done = 0
    for match in _REFERENCE.finditer(clean):
        attributes = dict(_ATTRIBUTE.findall(match[2]))
        written = html.unescape(attributes.pop("href" if match[1] == "a" else "src", ""))
        if match[1] == "a" and (not written or is_web_address(written)):
            continue
        line = lines.of(written or "data:")
        if match[1] == "img" and (not written or is_web_address(written)):
            code = "markdown.foreign_picture" if written else "markdown.picture"
            issues.append(Issue("", line, code, {"target": written} if written else {}))
            continue
        target, _, anchor = written.partition("#")
        target, anchor = unquote(target), unquote(anchor)
        if match[1] == "a" and not target:
            if anchor not in (*anchors, "", "top"):
                uses.append(Use("", anchor, line))
            continue
        rest = "".join(
            f' {name}="{value}"'
            for name, value in attributes.items()
            if name not in ("alt", "width", "height")
        )
        if match.start() > done:
            parts.append(clean[done : match.start()])
        if match[1] == "a":
            parts.append(LinkRef(target, anchor, rest))
        else:
            alt = attributes.get("alt", "")
            if not alt.strip():
                issues.append(Issue("", line, "markdown.alt", {"target": target}, Severity.WARNING))
            parts.append(ImageRef(target, alt, rest))
        uses.append(Use(target, anchor, line, match[1] == "img"))
        done = match.end()
    if done < len(clean):
        parts.append(clean[done:])
    return parts, uses


def _open_words(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts, cut at each word that the language of the page decides."""
    for part in parts:
        if not isinstance(part, str):
            yield part
            continue
        done = 0
        for match in _WORD.finditer(part):
            yield part[done : match.start()]
            title, footnote, number = match.groups()
            yield WordRef(title.lower() if title else footnote or "table", number or "")
            done = match.end()
        if done < len(part):
            yield part[done:]


def _headings(tokens: list[dict[str, object]]) -> list[Heading]:
    found: list[Heading] = []
    for token in tokens:
        level = max(2, int(str(token["level"])))
        found.append(Heading(level, str(token["id"]), html.unescape(str(token["name"]))))
        children = token["children"]
        if isinstance(children, list):
            found += _headings(children)
    return found


def _summary(clean: str) -> str:
    """The first words of the first paragraphs, cut at a sentence's end if there is one near."""
    words = ""
    for match in _PARAGRAPH.finditer(clean):
        words += html.unescape(_TAG.sub("", match[1])).strip()
        if len(words) >= SUMMARY_LENGTH:
            break
    words = re.sub(r"\s+", " ", words)
    if len(words) <= SUMMARY_LENGTH:
        return words
    end = max(words.rfind(mark, SUMMARY_LENGTH // 2, SUMMARY_LENGTH) for mark in _SENTENCE_ENDS)
    if end >= 0:
        return words[: end + 1]
    # Words that spaces part are not cut through.
    cut = words[: SUMMARY_LENGTH - 1]
    return (cut if _HAN.search(cut) else cut.rpartition(" ")[0] or cut) + "…"
