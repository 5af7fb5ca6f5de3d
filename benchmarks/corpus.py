"""Writes a corpus to disk, in gen's format and in Hugo's.

    python -m benchmarks.corpus DIR --documents 10000 --sites 40 [--hugo]

DIR becomes gen's repository (sites.yaml, content/, themes/); with --hugo, DIR/hugo is the equal Hugo project.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import hugo_tree
from benchmarks.documents import Corpus, Document
from benchmarks.group import sites, sites_yaml

THEMES = Path(__file__).parent.parent / "themes"
_DESCRIPTION = "Write a benchmark corpus."


def write_corpus(corpus: Corpus, folder: Path, *, hugo: bool, themes: Path = THEMES) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sites.yaml").write_bytes(sites_yaml(corpus.sites).encode())
    if themes.is_dir():
        shutil.copytree(themes, folder / "themes", dirs_exist_ok=True)
    if hugo:
        hugo_tree.write_project(corpus, folder / "hugo")
    for number in range(corpus.documents):
        write_document(corpus.document(number), folder, hugo=hugo)


def write_document(document: Document, folder: Path, *, hugo: bool) -> None:
    """Writes, or writes anew, one document into gen's tree and, if asked, into Hugo's."""
    _write(folder / "content" / f"{document.header.path}.md", _front_matter(document), document.body)
    if hugo:
        place = folder / "hugo" / "content" / f"{document.header.path}.md"
        _write(place, hugo_tree.front_matter(document), document.body)


def _write(place: Path, front_matter: Iterator[str], body: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(("---", *front_matter, "---", "", body))
    place.write_bytes(text.encode())


def _front_matter(document: Document) -> Iterator[str]:
    header = document.header
    yield f"title: {json.dumps(header.title, ensure_ascii=False)}"
    yield f"published: {header.day} {document.time}"
    yield f"tags: [{', '.join(document.tags)}]"
    yield f"keywords: [{header.topic.name}, {header.column.name}]"
    for key, value in document.facts.items():
        yield f"{key}: {value}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=_DESCRIPTION)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--sites", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hugo", action="store_true", help="also write the equal Hugo project to DIR/hugo")
    parser.add_argument("--themes", type=Path, default=THEMES, help="gen's themes (default: our own)")
    given = parser.parse_args(arguments)
    if given.folder.exists() and any(given.folder.iterdir()):
        parser.error(f"{given.folder} is not empty")
    if not given.themes.is_dir():
        sys.stderr.write(f"no themes at {given.themes}: gen will have to find its own\n")
    corpus = Corpus(given.documents, sites(given.sites), given.seed)
    write_corpus(corpus, given.folder, hugo=given.hugo, themes=given.themes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
