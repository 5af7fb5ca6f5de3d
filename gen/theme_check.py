"""`gen theme check`: what a theme lacks, found in its files and on the pages that it makes of a small group."""

import gzip
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import msgspec

from gen import theme as themes
from gen.authoring.init import init
from gen.build import Options, build
from gen.config.resolve import FILE
from gen.errors import GenError, Issue, Severity, in_order
from gen.plan.artifact import AnyArtifact
from gen.theme import Theme
from gen.theme_options import OptionType, option_value

_NOW = datetime(2026, 6, 1)
MAX_DOCUMENT, MAX_HOME = 14_336, 30_720
"""Bytes of HTML and screen styles by gzip: what comes before the first answer of the browser (RFC 6928); twice as much."""
_OPTIONAL = frozenset({"style.html"})
_INLINE = re.compile(
    r"<style\b|<script\b(?![^>]*\b(?:src|type)=)|<[a-z][^<>]*\s(?:style|on[a-z]+)=", re.IGNORECASE
)
_FOREIGN = re.compile(
    r"<(?:script|img|iframe|source|video|audio)\b[^>]*\b(?:src|srcset)=[\"']?(?:https?:)?//|<link\b[^>]*\bhref=[\"']?(?:https?:)?//"
    r"|@import|url\(\s*[\"']?(?:https?:)?//",
    re.IGNORECASE,
)
_ASKED = re.compile(r"""\bt\(\s*["']([^"']+)["']\s*[,)]""")
_LABELS = {
    "": ("SiteName", "SiteDomain", "SiteIDCode"),
    "column": ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"),
    "document": ("ColumnName", "ArticleTitle", "PubDate", "ContentSource", "Author", "Url"),
}
"""国办发〔2017〕47号, annex on page labels."""
_SAMPLES = {
    "index.html": "home",
    "news/index.html": "column",
    "news/welcome.html": "document",
    "archive/index.html": "archive",
    "tags/index.html": "tags",
    "sitemap.html": "sitemap",
    "search/index.html": "search",
    "404.html": "404",
}


def check_theme(root: Path, name: str) -> list[Issue]:
    """All that a theme of a group lacks. Raises GenError if it can't be loaded."""
    loaded, issues = themes.load_themes(root / "themes", {name})
    if name not in loaded:
        raise GenError(*issues)
    theme, folder = loaded[name], root / "themes"
    found = [*_templates(theme), *_sources(theme, folder), *_texts(theme, folder), *_options(theme)]
    if not any(issue.code == "look.template" for issue in found):
        found += _pages(root, theme)
    return in_order(found)


def _issue(path: str, line: int, code: str, *, warning: bool = False, **params: str) -> Issue:
    return Issue(path, line, code, params, Severity.WARNING if warning else Severity.ERROR)


def _templates(theme: Theme) -> Iterator[Issue]:
    needed = {kind.template[-1] for kind in get_args(AnyArtifact) if kind.template}
    for template in sorted((needed | {"column.html", "document.html"}) - _OPTIONAL - theme.templates.keys()):
        yield _issue(f"themes/{theme.name}/templates/{template}", 0, "look.template", template=template)


def _own_sources(theme: Theme, folder: Path) -> Iterator[tuple[str, str]]:
    """(file, source) of templates and style sheets, those of the themes that it extends too."""
    for owner in theme.chain:
        for name, source in sorted(theme.templates.items()):
            if name.startswith(f"{owner}/"):
                yield f"themes/{owner}/templates/{name.removeprefix(f'{owner}/')}", source
    for name, data in sorted(theme.assets.items()):
        if name.endswith((".css", ".css.j2")):
            owner = next(one for one in theme.chain if (folder / one / "assets" / name).is_file())
            yield f"themes/{owner}/assets/{name}", data.decode(errors="replace")


def _sources(theme: Theme, folder: Path) -> Iterator[Issue]:
    for file, source in _own_sources(theme, folder):
        rules = (
            {"look.foreign": _FOREIGN}
            if "/assets/" in file
            else {"look.inline": _INLINE, "look.foreign": _FOREIGN}
        )
        for code, rule in rules.items():
            for match in rule.finditer(source):
                line = source.count("\n", 0, match.start()) + 1
                yield _issue(file, line, code, found=match[0][:60])


def _texts(theme: Theme, folder: Path) -> Iterator[Issue]:
    """Keys that are written out; a key that is worked out while rendering is told when that fails."""
    for file, source in _own_sources(theme, folder):
        for match in _ASKED.finditer(source) if "/templates/" in file else ():
            if match[1] not in theme.texts:
                yield _issue(file, source.count("\n", 0, match.start()) + 1, "look.text", key=match[1])


def _options(theme: Theme) -> Iterator[Issue]:
    for key, one in theme.options.items():
        option, line = one.option, one.option.line
        try:
            option_value(option, option.default)
        except ValueError:
            params = {"option": key, "found": str(option.default), "expected": f"@option_{option.type}"}
            yield Issue(one.file, line, "look.default", params)
        if not option.description:
            yield _issue(one.file, line, "look.description", warning=True, option=key)
        if option.type is OptionType.COLOUR and option.contrast is None:
            yield _issue(one.file, line, "look.contrast", warning=True, option=key)


def _pages(root: Path, theme: Theme) -> Iterator[Issue]:
    """What is wrong with the pages that the theme makes of the group that `gen init` makes."""
    with tempfile.TemporaryDirectory(prefix="gen-theme-") as place:
        group, out = Path(place) / "group", Path(place) / "out"
        init(group, "示例")
        shutil.rmtree(group / "themes")
        shutil.copytree(root / "themes", group / "themes")
        settings = group / FILE
        text = settings.read_text(encoding="utf-8")
        settings.write_text(re.sub("(?m)^  theme: .*$", f"  theme: {theme.name}", text), encoding="utf-8")
        result = build(Options(group, out, _NOW))
        yield from (msgspec.structs.replace(issue, site="") for issue in result.issues)
        if result.failed:
            return
        for address, kind in _SAMPLES.items():
            file = theme.file_of(
                theme.resolve(f"{kind}-news.html", "home.html" if kind == "home" else f"{kind}.html")
            )
            yield from _page(out / result.hub, address, kind, file)


class _Seen(HTMLParser):
    """What a page has."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: set[str] = set()
        self.metas: dict[str, str] = {}
        self.styles: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        self.tags.append(tag)
        self.ids.add(found.get("id", ""))
        if tag == "html":
            self.language = found.get("lang", "")
        if tag == "meta":
            self.metas[found.get("name") or found.get("http-equiv") or ""] = found.get("content", "")
        if tag == "link" and found.get("rel") == "stylesheet" and found.get("media") != "print":
            self.styles.append(found.get("href", ""))
        if tag == "a":
            self.links.append(found.get("href", ""))


def _page(site: Path, address: str, kind: str, file: str) -> Iterable[Issue]:
    data = (site / address).read_bytes()
    seen = _Seen(data)

    def lacks(code: str, what: str = "") -> Issue:
        return _issue(file, 0, code, page=address, what=what)

    if not seen.language:
        yield lacks("look.language")
    if seen.tags.count("title") < 1 or seen.tags.count("h1") != 1:
        yield lacks("look.title")
    for landmark in ("header", "main", "footer"):
        if landmark not in seen.tags:
            yield lacks("look.landmark", f"<{landmark}>")
    first = seen.links[0] if seen.links else ""
    if not first.startswith("#") or first[1:] not in seen.ids:
        yield lacks("look.skip")
    if "Content-Security-Policy" not in seen.metas:
        yield lacks("look.head")
    for label in (*_LABELS[""], *_LABELS.get(kind, ())):
        if label not in seen.metas:
            yield lacks("look.label", label)
    weight = sum(_packed(part) for part in (data, *(_style(site / address, href) for href in seen.styles)))
    most = MAX_HOME if kind == "home" else MAX_DOCUMENT
    if kind in ("home", "document") and weight > most:
        params = {"page": address, "weight": f"{weight / 1024:.1f}", "most": f"{most // 1024}"}
        yield Issue(file, 0, "look.weight", params)


def _style(page: Path, href: str) -> bytes:
    path = (page.parent / href).resolve()
    return path.read_bytes() if path.is_file() else b""


def _packed(data: bytes) -> int:
    return len(gzip.compress(data, 9, mtime=0))
