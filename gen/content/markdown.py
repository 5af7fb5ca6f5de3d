"""Markdown to safe HTML, cut where it points at something else in the repository.

A document's HTML depends on its own text alone: links and pictures stay open (`LinkRef`, `ImageRef`) until the page
is rendered, because where they lead is for the catalogue to say.
"""

import html
import re
from collections import Counter
from functools import cache
from urllib.parse import unquote

import markdown
import msgspec
import nh3
from markdown.extensions.toc import slugify_unicode

from gen.errors import Issue, Severity
from gen.limits import TimeLimitError, time_limit
from gen.urls import is_web_address

MAX_SECONDS = 5.0
SUMMARY_LENGTH = 120
RESERVED_ID_PREFIX = "g-"

_EXTENSIONS = ["tables", "footnotes", "def_list", "admonition", "attr_list", "toc", "fenced_code", "sane_lists"]
_TAGS = frozenset(
    "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 "
    "h6 h1 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary sup table tbody "
    "td tfoot th thead tr u ul var".split()
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
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_REFERENCE = re.compile(r'<(a|img)((?:\s+[\w:-]+="[^"]*")*)\s*>')
_TAG = re.compile(r"<[^>]*>")
_PARAGRAPH = re.compile(r"<p(?:\s[^>]*)?>(.*?)</p>", re.DOTALL)
_ID = re.compile(r'<[^<>]*?\sid="([^"]*)"')
_ALIGN = re.compile(r'\salign="(left|center|right)"')
_H1 = re.compile(r"<(/?)h1(?=[\s>])")


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


Part = str | LinkRef | ImageRef


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


@cache
def _converter() -> markdown.Markdown:
    configs: dict[str, dict[str, object]] = {
        "tables": {"use_align_attribute": True},
        "toc": {"slugify": slugify_unicode, "title": "", "toc_depth": "2-4"},
        "footnotes": {"BACKLINK_TITLE": "回到正文第 {} 处注释", "SUPERSCRIPT_TEXT": "{}"},
    }
    return markdown.Markdown(extensions=_EXTENSIONS, extension_configs=configs, output_format="html")


def convert(text: str, first_line: int) -> Converted:
    """Renders and sanitises Markdown; `first_line` is the file's line on which `text` begins."""
    try:
        with time_limit(MAX_SECONDS):
            converter = _converter().reset()
            raw = converter.convert(text)
            tokens = getattr(converter, "toc_tokens", [])
            clean = _sanitise(raw)
    except TimeLimitError:
        return _failed(Issue("", first_line, "markdown.time", {"seconds": f"{MAX_SECONDS:g}"}))
    except RecursionError:
        return _failed(Issue("", first_line, "markdown.depth"))
    issues = list(_check(clean, text, first_line))
    clean = _H1.sub(r"<\1h2", clean)
    parts, uses = _open_references(clean, text, first_line, issues)
    return Converted(
        body=Body(tuple(parts), tuple(_headings(tokens))),
        anchors=tuple(dict.fromkeys(_ID.findall(clean))),
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
    clean = _cleaner().clean(raw)
    return _ALIGN.sub(r' class="\1"', clean)


def _check(clean: str, text: str, first_line: int) -> list[Issue]:
    issues = []
    if _H1.search(clean):
        line = next((n for n, row in enumerate(text.splitlines()) if row.startswith("# ")), 0)
        issues.append(Issue("", first_line + line, "markdown.h1", severity=Severity.WARNING))
    for anchor, times in Counter(_ID.findall(clean)).items():
        if times > 1:
            issues.append(Issue("", _line(text, anchor, first_line), "markdown.doubled_id", {"id": anchor}))
        if anchor.startswith(RESERVED_ID_PREFIX) or not anchor or re.search(r"\s", anchor):
            issues.append(Issue("", _line(text, anchor, first_line), "markdown.reserved_id", {"id": anchor}))
    return issues


def _open_references(clean: str, text: str, first_line: int, issues: list[Issue]) -> tuple[list[Part], list[Use]]:
    """Cuts `clean` at each link or picture that needs the repository."""
    parts: list[Part] = []
    uses: list[Use] = []
    done = 0
    for match in _REFERENCE.finditer(clean):
        attributes = dict(_ATTRIBUTE.findall(match[2]))
        written = html.unescape(attributes.pop("href" if match[1] == "a" else "src", ""))
        if match[1] == "a" and (not written or written.startswith("#") or is_web_address(written)):
            continue
        line = _line(text, written, first_line)
        if match[1] == "img" and is_web_address(written):
            issues.append(Issue("", line, "markdown.foreign_picture", {"target": written}))
            continue
        target, _, anchor = written.partition("#")
        target, anchor = unquote(target), unquote(anchor)
        rest = "".join(f' {name}="{value}"' for name, value in attributes.items() if name not in ("alt", "width", "height"))
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
    end = max(words.rfind(mark, SUMMARY_LENGTH // 2, SUMMARY_LENGTH) for mark in "。！？；")  # noqa: RUF001
    return words[: end + 1] if end >= 0 else words[: SUMMARY_LENGTH - 1] + "…"


def _line(text: str, needle: str, first_line: int) -> int:
    """The line on which something stands in the text; the text's first one if it was written in another way."""
    position = text.find(needle) if needle else -1
    return first_line + (text.count("\n", 0, position) if position >= 0 else 0)
