"""Pagefind on the same documents: its command, the tree it reads, and its fragments read back."""

import gzip
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.documents import Corpus
from benchmarks.measure import FailureError

MODULES = Path(__file__).with_name("node_modules")
_MAGIC = b"pagefind_dcd"


def find_binary() -> str:
    """Pagefind's own program inside the npm package, the one with Chinese; without Node in front of it."""
    for binary in sorted(MODULES.glob("@pagefind/*/bin/pagefind_extended")):
        return str(binary)
    raise FailureError("Pagefind is missing: npm ci --prefix benchmarks/search")


def version() -> str:
    package = json.loads((MODULES / "pagefind" / "package.json").read_text(encoding="utf-8"))
    return str(package["version"])


def command(binary: str, pages: Path, bundle: Path) -> tuple[str, ...]:
    """Everything at its default: Pagefind sees `lang="zh-CN"` and takes its Chinese segmentation."""
    return (binary, "--site", str(pages), "--output-path", str(bundle), "--quiet")


def page_count(bundle: Path) -> int:
    """How many pages Pagefind says it has."""
    entry = json.loads((bundle / "pagefind-entry.json").read_text(encoding="utf-8"))
    return sum(language["page_count"] for language in entry["languages"].values())


def link_pages(corpus: Corpus, out: Path, folder: Path) -> None:
    """A tree of the built pages of all documents and nothing else, as hard links: the documents that gen's index has."""
    shutil.rmtree(folder, ignore_errors=True)
    for number in range(corpus.documents):
        name = page_of(corpus, number)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.link(out / name, folder / name)


def page_of(corpus: Corpus, number: int) -> str:
    """Where a document's page lies in the output folder."""
    return f"{corpus.header(number).path}.html"


@dataclass(frozen=True)
class Fragment:
    """What a result of Pagefind leads to."""

    url: str
    title: str


def fragments(bundle: Path) -> dict[str, Fragment]:
    """Result id → what it leads to, read from the bundle instead of by one request for each result."""
    return dict(pair for path in (bundle / "fragment").iterdir() for pair in read_fragments(path))


def read_fragments(path: Path) -> Iterator[tuple[str, Fragment]]:
    """A file holds one document under its own name, or a group of them by id."""
    data = gzip.decompress(path.read_bytes())
    if not data.startswith(_MAGIC):
        raise FailureError(f"{path} is not a fragment of Pagefind")
    value = json.loads(data.removeprefix(_MAGIC))
    found = {path.name.removesuffix(".pf_fragment"): value} if "url" in value else value
    for ident, one in found.items():
        yield ident, Fragment(one["url"].removeprefix("/"), one["meta"].get("title", ""))


def size(bundle: Path) -> dict[str, dict[str, int]]:
    """Files and bytes: what searching needs, and all that Pagefind writes, ready-made widgets included."""
    found = {part: {"files": 0, "bytes": 0} for part in ("search", "all")}
    for path in bundle.rglob("*"):
        if path.is_file():
            is_widget = "-ui." in path.name or "highlight" in path.name
            for part in ("all",) if is_widget else ("all", "search"):
                found[part]["files"] += 1
                found[part]["bytes"] += path.stat().st_size
    return found
