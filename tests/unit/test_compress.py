"""Compressed companions: of the bytes beside them, the same ones on each run, gone with their original."""

import gzip
import os

import brotli
import pytest

from gen.compress import compress
from tests.groups import Files, Folder, difference, document, picture, tree

LONG = "很长的一段正文。" * 300
PAGE = "content/edu/news/a.md"


def companions(folder: Folder) -> Files:
    return {path: data for path, data in folder.tree().items() if path.endswith((".gz", ".br"))}


def assert_right(folder: Folder) -> None:
    """Each companion is that of the bytes beside it."""
    everything = folder.tree()
    for path, data in companions(folder).items():
        unpacked = gzip.decompress(data) if path.endswith(".gz") else brotli.decompress(data)
        assert unpacked == everything[path[:-3]], path


@pytest.fixture
def long(folder: Folder) -> Folder:
    folder.put({PAGE: document("开学", "2026-01-02", LONG), "content/edu/news/a/p.png": picture(3, 900)})
    assert not folder.build().issues
    compress(folder.out, 1)
    return folder


def test_large_text_has_companions_and_nothing_else_has(long: Folder) -> None:
    found = companions(long)
    assert {"edu/news/a.html.gz", "edu/news/a.html.br"} <= found.keys()
    assert not [path for path in found if path[:-3].endswith((".png", ".webp"))]
    assert all(len(long.tree()[path[:-3]]) >= 1024 for path in found)
    assert_right(long)


def test_nothing_changed_nothing_is_done(long: Folder) -> None:
    before = companions(long)
    assert compress(long.out, 1).files == 0
    assert companions(long) == before


def test_a_changed_page_has_no_companion_until_it_is_made_again(long: Folder) -> None:
    long.put({PAGE: document("开学", "2026-01-02", LONG + "改。")})
    long.build()
    assert "edu/news/a.html.gz" not in companions(long)
    assert_right(long)
    assert compress(long.out, 1).files >= 1
    assert "edu/news/a.html.gz" in companions(long)
    assert_right(long)


def test_after_any_edits_it_is_as_if_made_at_once(
    long: Folder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    edits: list[dict[str, bytes | None]] = [
        {PAGE: document("开学了", "2026-01-02", LONG)},
        {
            PAGE: document("开学", "2026-01-02", "短。"),
            "content/edu/news/z.md": document("新", "2026-03-01", LONG),
        },
        {"content/edu/news/z.md": None},
        {"content/xiu/news/a.md": document("县里", "2026-01-04", LONG)},
    ]
    for number, edit in enumerate(edits):
        long.put(edit)
        long.build()
        assert_right(long)
        compress(long.out, 2)
        fresh = Folder(tmp_path_factory.mktemp(f"fresh{number}") / "root", long.files)
        fresh.build()
        compress(fresh.out, 1)
        assert long.tree() == fresh.tree(), difference(long.tree(), fresh.tree())


def test_companions_go_with_their_original(long: Folder) -> None:
    long.put({PAGE: None, "content/edu/policies/interpretation/i.md": None})
    long.build()
    assert not [path for path in companions(long) if path.startswith("edu/news/a.")]


def test_a_lost_state_keeps_what_still_fits(long: Folder) -> None:
    before = companions(long)
    (long.root / ".gen" / "state.sqlite").unlink()
    long.build()
    assert_right(long)
    compress(long.out, 1)
    assert companions(long) == before


def test_what_lost_its_original_is_deleted(long: Folder) -> None:
    os.unlink(long.out / "edu/news/a.html")
    assert compress(long.out, 1).deleted == 2
    assert "edu/news/a.html.gz" not in tree(long.out)
