"""The Hugo project that is equal to a corpus in gen's format.

Sites are Hugo's top sections and columns their subsections, all in one Hugo site, so that the hub can
collect. Bodies are the same bytes as gen's. Tags and years carry their site's id (`edu/防汛`), since gen's
are a site's own and Hugo's would otherwise be the whole group's. Configuration and templates are the files
in benchmarks/hugo/.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.documents import Corpus, Document
from benchmarks.group import CITY, Column, Site

_PROJECT = Path(__file__).with_name("hugo")


def write_project(corpus: Corpus, folder: Path) -> None:
    """All but the documents."""
    shutil.copytree(_PROJECT, folder)
    for site in corpus.sites:
        place = folder / "content" / site.id
        _write_index(place, _site_front_matter(site))
        for weight, column in enumerate(site.columns, 1):
            _write_index(place / column.path, _column_front_matter(column, weight))


def front_matter(document: Document) -> Iterator[str]:
    header = document.header
    tags = ", ".join(f"{header.site.id}/{tag}" for tag in document.tags)
    yield f"title: {json.dumps(header.title, ensure_ascii=False)}"
    yield f"date: {header.day}T{document.time}:00+08:00"
    yield f"tags: [{tags}]"
    yield f"years: [{header.site.id}/{header.year}]"
    yield f"keywords: [{header.topic.name}, {header.column.name}]"
    for key, value in document.facts.items():
        yield f"{key}: {value}"


def _write_index(folder: Path, front_matter_lines: Iterator[str]) -> None:
    folder.mkdir(parents=True)
    text = "\n".join(("---", *front_matter_lines, "---", ""))
    (folder / "_index.md").write_bytes(text.encode())


def _site_front_matter(site: Site) -> Iterator[str]:
    yield f"title: {site.name}"
    yield "layout: site"
    yield "outputs: [html, atom, jsonfeed, sitesitemap, sitemappage, tagindex, yearindex, notfound]"
    yield f"weight: {site.number + 1}"
    yield "params:"
    yield f"  site_kind: {site.kind}"
    yield f"  site_id: {site.id}"
    yield f'  phone: "{site.phone}"'
    for key, value in site.facts.items():
        yield f'  {key}: "{value}"'


def _column_front_matter(column: Column, weight: int) -> Iterator[str]:
    yield f"title: {column.name}"
    yield f"weight: {weight}"
    yield f"description: {column.description}"
    yield f"keywords: [{CITY}, {column.name}]"
    yield "params:"
    yield f"  column_kind: {column.kind}"
    if column.collect:
        yield f"  collect: {column.collect}"
        yield f"  limit: {column.limit}"
