"""Every repetition of a row changes something new, and what it asks to see is really looked for."""

from pathlib import Path

import pytest

from benchmarks.corpus import write_corpus
from benchmarks.documents import Corpus
from benchmarks.edits import ROWS, Bench, Sight, check_sights
from benchmarks.group import sites
from benchmarks.measure import FailureError


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    templates = tmp_path / "themes" / "civic" / "templates"
    templates.mkdir(parents=True)
    (templates / "base.html").write_text("<html><body></body></html>", encoding="utf-8")
    made = Bench(Corpus(240, sites(6)), tmp_path / "group", frozenset({"gen", "hugo"}))
    write_corpus(made.corpus, made.folder, hugo=True, themes=tmp_path / "themes")
    return made


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        ("nothing changed", 0),
        ("body edit", 1),
        ("title edit", 1),
        ("new document", 1),
        ("100 documents", 100),
        ("template edit", 1),
    ],
)
def test_each_turn_changes_as_many_files_in_both_trees_and_never_the_same_bytes(
    bench: Bench, row: str, changed: int
) -> None:
    seen: set[bytes] = set(_files(bench.folder).values())
    for turn in range(3):
        before = _files(bench.folder)
        assert len(tuple(ROWS[row](bench, turn))) == (6 if row == "template edit" else changed)
        after = _files(bench.folder)
        fresh = [content for path, content in after.items() if before.get(path) != content]
        assert len(fresh) == 2 * changed
        assert not seen & set(fresh)
        seen |= set(fresh)


def test_a_page_that_does_not_show_the_edit_fails(tmp_path: Path) -> None:
    document = Corpus(10, sites(2)).document(3)
    page = tmp_path / f"{document.header.path}.html"
    sight = Sight(document, "改动", listed=True)
    with pytest.raises(FailureError, match="does not show"):
        check_sights((sight,), tmp_path)
    page.parent.mkdir(parents=True)
    page.write_text("改动", encoding="utf-8")
    with pytest.raises(FailureError, match="no list"):
        check_sights((sight,), tmp_path)
    (tmp_path / document.header.site.id / document.header.column.path / "index.html").write_text(
        "改动", encoding="utf-8"
    )
    check_sights((sight,), tmp_path)
