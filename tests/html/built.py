"""The repository's own content, built by the real command; its pages, as a parser finds them."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
import yaml
from filelock import FileLock

from gen.config.model import Channel, Column, Group, Site
from gen.config.resolve import load_group

REPOSITORY = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24)
ALIASES = {
    "标题": "title",
    "发布日期": "published",
    "失效日期": "expires",
    "公开时限": "term",
    "草稿": "draft",
    "撤回": "withdrawn",
    "公开方式": "disclosure",
    "旧地址": "aliases",
}
"""Of the keys that the tests read: they look into the content with eyes of their own, not with gen's."""

_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_HREFS = {"href": ("a", "link", "area"), "src": ("img", "script", "source"), "data": ("object",)}


@dataclass(eq=False)
class Node:
    """An element. `children` are elements and texts, in order."""

    tag: str
    attributes: dict[str, str]
    parent: "Node | None" = None
    children: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def all(self, *tags: str) -> list["Node"]:
        return [node for node in self.walk() if node.tag in tags]

    def up(self) -> Iterator["Node"]:
        """The elements around it, nearest first."""
        node = self.parent
        while node:
            yield node
            node = node.parent

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


class _Tree(HTMLParser):
    """Builds the tree, and insists that every element is closed where it was opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._open = Node("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(node)
        if tag not in _VOID:
            self._open = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.children.append(Node(tag, {name: value or "" for name, value in attrs}, self._open))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.tag == tag, f"</{tag}> closes <{self._open.tag}> at line {self.getpos()[0]}"
        assert self._open.parent is not None
        self._open = self._open.parent

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)


@dataclass(eq=False)
class Page:
    """A built HTML file; `path` is relative to the output folder."""

    path: str
    root: Node
    ids: frozenset[str]

    @property
    def site(self) -> str:
        return self.path.partition("/")[0]

    @property
    def address(self) -> str:
        return self.path.partition("/")[2]

    @property
    def is_redirect(self) -> bool:
        return any(node.attributes.get("http-equiv") == "refresh" for node in self.root.all("meta"))

    def metas(self) -> dict[str, str]:
        return {
            node.attributes["name"]: node.attributes.get("content", "")
            for node in self.root.all("meta")
            if "name" in node.attributes
        }

    def links(self) -> Iterator[tuple[Node, str]]:
        """Every reference to another place, with the element that makes it."""
        for node in self.root.walk():
            for name, tags in _HREFS.items():
                if node.tag in tags and name in node.attributes:
                    yield node, node.attributes[name]
            for choice in node.attributes.get("srcset", "").split(","):
                if choice.strip():
                    yield node, choice.split()[0]
            if node.attributes.get("http-equiv") == "refresh":
                yield node, node.attributes["content"].partition("url=")[2]


def parse_page(path: str, data: bytes) -> Page:
    tree = _Tree()
    tree.feed(data.decode())
    tree.close()
    return Page(path, tree.root, frozenset(node.attributes.get("id", "") for node in tree.root.walk()))


@dataclass(frozen=True, eq=False)
class Source:
    """A Markdown file of the content, read without gen: where its page would be, if it may have one."""

    file: Path
    site: str
    address: str
    keys: dict[str, Any]
    body: str

    @property
    def title(self) -> str:
        return str(self.keys["title"])

    @property
    def output(self) -> str:
        return f"{self.site}/{self.address}"

    @property
    def files(self) -> list[Path]:
        """Pictures and attachments that lie beside it."""
        folder = self.file.with_suffix("")
        return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md"]

    @property
    def hidden(self) -> str:
        """Why nobody may see it; empty if everybody may."""
        published = _moment(self.keys["published"])
        if self.keys.get("draft") or self.keys.get("withdrawn"):
            return "draft or withdrawn"
        if self.keys.get("disclosure", "主动公开") != "主动公开":
            return str(self.keys["disclosure"])
        return "scheduled" if published > NOW else ""

    @property
    def over(self) -> bool:
        """Whether its time is up, so that no list names it."""
        ends = [_moment(self.keys["expires"])] if "expires" in self.keys else []
        term = re.search(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", str(self.keys.get("term", "")))
        if term:
            year, month, day = map(int, term.groups())
            ends.append(datetime(year, month, day) + timedelta(days=1))
        return any(end <= NOW for end in ends)


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time())
    return datetime.fromisoformat(str(value).strip())


def read_sources(content: Path, hub: str) -> list[Source]:
    sources = []
    for file in sorted(content.rglob("*.md")):
        if file.name.startswith("_"):
            continue
        _, matter, body = file.read_text(encoding="utf-8-sig").split("---\n", 2)
        keys = {ALIASES.get(key, key): value for key, value in yaml.safe_load(matter).items()}
        folder, *inside = file.relative_to(content).with_suffix(".html").parts
        shared = folder == "_shared"
        address = PurePosixPath(*(["shared"] if shared else []), *inside).as_posix()
        sources.append(Source(file, hub if shared else folder, address, keys, body))
    return sources


@dataclass(eq=False)
class Built:
    """A build of the repository's content. `root`: the group's folder; `out`: what was made of it."""

    root: Path
    out: Path
    local: bool

    @cached_property
    def group(self) -> Group:
        return load_group(self.root)

    @cached_property
    def files(self) -> dict[str, bytes]:
        found = sorted(path for path in self.out.rglob("*") if path.is_file())
        return {path.relative_to(self.out).as_posix(): path.read_bytes() for path in found}

    @cached_property
    def pages(self) -> dict[str, Page]:
        return {path: parse_page(path, data) for path, data in self.files.items() if path.endswith(".html")}

    @cached_property
    def sources(self) -> list[Source]:
        return read_sources(self.root / "content", self.group.hub)

    @cached_property
    def shown(self) -> dict[str, Source]:
        """The documents that have a page, by its path."""
        return {source.output: source for source in self.sources if not source.hidden}

    def place(self, url: str) -> str | None:
        """The output file that an absolute URL of this group means; None if it leads out of the group."""
        bare = unquote(url.partition("#")[0])
        sites = sorted(self.group.sites.values(), key=lambda site: -len(site.url))
        site = next((site for site in sites if bare.startswith(site.url)), None)
        if site is None:
            return None
        return _index(f"{site.id}/{bare.removeprefix(site.url)}")

    def target(self, page: Page, link: str) -> tuple[str | None, str]:
        """(output file, anchor) that a link on a page means; no file if it leads out of the group."""
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            return self.place(link), unquote(parts.fragment)
        path = urlsplit(urljoin(f"http://x/{quote(page.path)}", link)).path
        return _index(unquote(path).lstrip("/")) if parts.path else page.path, unquote(parts.fragment)

    def whose(self, page: Page) -> tuple[Site, Channel | None, Column | None]:
        """The site, channel and column that a page belongs to."""
        site = self.group.sites[page.site]
        return (
            site,
            site.channel(page.address.partition("/")[0]),
            self.group.column_of(site.id, str(PurePosixPath(page.address).parent)),
        )

    def kind(self, page: Page) -> str:
        """What sort of page it is, told by its address alone."""
        folder, _, name = page.address.rpartition("/")
        columns = self.group.columns[page.site]
        if page.is_redirect:
            return "redirect"
        if page.path in self.shown:
            return "document"
        if page.address in ("index.html", "404.html", "sitemap.html"):
            return {"index.html": "home"}.get(name, name.removesuffix(".html"))
        if folder in columns:
            return "column"
        if self.group.sites[page.site].channel(folder):
            return "channel"
        top = folder.partition("/")[0]
        return {"archive": "year", "tags": "tag"}[top] if "/" in folder else top


def _index(path: str) -> str:
    return f"{path}index.html" if path.endswith("/") or not path else path


def fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def build_repository(factory: pytest.TempPathFactory, name: str) -> Built:
    """The repository's content, built once for all test processes.

    `local`: to read from a disk; `public`: every site at its domain; `paged`: local, with short lists, as
    the sample content is too small to fill several pages.
    """
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    place, local = shared / name, name != "public"
    with FileLock(f"{place}.lock"):
        built = Built(place / "root", place / "out", local)
        if not built.out.exists():
            copy_repository(built.root)
            if name == "paged":
                settings = built.root / "sites.yaml"
                text = settings.read_text(encoding="utf-8")
                assert "page_size: 20" in text
                settings.write_text(text.replace("page_size: 20", "page_size: 4"), encoding="utf-8")
            gen("build", "--root", built.root, "--out", built.out, *(["--local"] if local else []))
    return built


def copy_repository(root: Path) -> None:
    root.mkdir(parents=True)
    for name in ("content", "themes"):
        shutil.copytree(REPOSITORY / name, root / name)
    shutil.copy(REPOSITORY / "sites.yaml", root)


def gen(command: str, *arguments: object) -> str:
    """Runs a command of gen as people do; returns what it printed."""
    words = [sys.executable, "-m", "gen", command, "--date", f"{NOW:%Y-%m-%d}", *map(str, arguments)]
    ended = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def needs(missing: str) -> None:
    """Skips a test whose means are not on this machine; where all must run, that is a failure."""
    if os.environ.get("GEN_REQUIRE_ALL") == "1":
        pytest.fail(f"GEN_REQUIRE_ALL=1: {missing}")
    pytest.skip(missing)
