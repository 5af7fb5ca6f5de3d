"""All indexes are really gone before they are made anew, and the same ones come back."""

from datetime import datetime
from pathlib import Path

import pytest

from benchmarks.corpus import write_corpus
from benchmarks.documents import Corpus
from benchmarks.group import sites
from benchmarks.measure import FailureError
from benchmarks.search.pagefind import link_pages
from benchmarks.search.reindex import browser_digests, index_files, sizes, take_away
from gen.build import Options, build, index_all


def test_indexes_come_back_as_they_were(tmp_path: Path) -> None:
    corpus, root = Corpus(24, sites(3)), tmp_path / "group"
    write_corpus(corpus, root, hugo=False)
    options = Options(root, root / "out", datetime(2026, 11, 24))
    build(options)
    before, counted = browser_digests(root), sizes(root, corpus.sites[0].id)
    assert all(counted[part]["bytes"] for part in ("hub", "sites", "whoosh"))
    assert counted["all"]["files"] == len(list(index_files(root))) > len(before)

    take_away(root)
    assert not list((root / "out").glob("*/search/*/*"))
    assert not browser_digests(root)
    assert (root / "out" / corpus.sites[0].id / "search" / "index.html").is_file()

    stats = index_all(options)
    assert stats.indexed_documents == 24 + 16  # all in the hub's, the other sites' also in their own
    assert browser_digests(root) == before
    assert sizes(root, corpus.sites[0].id) == counted

    link_pages(corpus, root / "out", tmp_path / "pages")
    assert len(list((tmp_path / "pages").rglob("*.html"))) == 24


def test_without_a_build_there_is_nothing_to_make_an_index_from(tmp_path: Path) -> None:
    write_corpus(Corpus(1, sites(1)), tmp_path, hugo=False)
    (tmp_path / ".gen").mkdir()
    with pytest.raises(FailureError, match="no state"):
        take_away(tmp_path)
