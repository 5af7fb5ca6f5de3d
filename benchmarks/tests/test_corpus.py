"""The corpus is the same everywhere, and gen and Hugo get the same words."""

import hashlib
import re
from pathlib import Path

import pytest

from benchmarks.corpus import main
from benchmarks.documents import Corpus
from benchmarks.group import sites

# Of the trees of 200 documents over 12 sites. Changes only when the corpus is meant to change: figures of
# before and after are then of different corpora.
_GEN_TREE = "1f8b7715464f82b420ca7d0186e82267639130860a96261a171c81c58071c5bb"
_HUGO_TREE = "51681d0ac5479539eee1ae8e711beda788155a4aebaf3cfcccfa17015a46abc3"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "tree"
    arguments = [str(folder), "--documents", "200", "--sites", "12", "--hugo"]
    assert main([*arguments, "--themes", str(folder)]) == 0
    return folder


def _digest(folder: Path, *, without: str = "/") -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(without):
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def test_the_same_corpus_has_the_same_bytes_on_every_machine(tree: Path) -> None:
    assert _digest(tree, without="hugo/") == _GEN_TREE
    assert _digest(tree / "hugo" / "content") == _HUGO_TREE


def test_both_trees_have_the_same_bodies(tree: Path) -> None:
    pages = [page for page in sorted((tree / "content").rglob("*.md")) if page.name[0] != "_"]
    assert len(pages) == 200
    for page in pages:
        twin = tree / "hugo" / "content" / page.relative_to(tree / "content")
        assert page.read_bytes().split(b"\n---\n")[1] == twin.read_bytes().split(b"\n---\n")[1]


def test_every_link_leads_to_a_document(tree: Path) -> None:
    links = 0
    for page in sorted((tree / "content").rglob("*.md")):
        for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).is_file(), (page, target)
            links += 1
    assert links > 50


def test_a_larger_corpus_only_adds_documents() -> None:
    small, large = Corpus(100, sites(12)), Corpus(1000, sites(12))
    assert [small.document(number) for number in range(100)] == [
        large.document(number) for number in range(100)
    ]


def test_documents_are_as_long_and_as_varied_as_real_ones() -> None:
    corpus = Corpus(1000, sites(40))
    documents = [corpus.document(number) for number in range(1000)]
    assert 1100 < sum(len(document.body) for document in documents) / 1000 < 1300
    paragraphs = [
        line
        for document in documents
        for line in document.body.split("\n")
        if len(line) > 80 and "](" not in line
    ]
    assert len(set(paragraphs)) == len(paragraphs)
    assert len({document.header.year for document in documents}) > 10


def test_index_numbers_are_unique_in_the_group() -> None:
    corpus = Corpus(5000, sites(3))
    facts = [corpus.document(number).facts for number in range(5000)]
    numbers = [fact["index_number"] for fact in facts if "index_number" in fact]
    assert len(set(numbers)) == len(numbers) > 1000
    assert all(re.fullmatch(r"G\d{5}-\d{4}-\d{4}-\d{4}", number) for number in numbers)


def test_any_number_of_sites_has_different_ids() -> None:
    ids = [site.id for site in sites(120)]
    assert len(set(ids)) == 120
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", ident) for ident in ids)
