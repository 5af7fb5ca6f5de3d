"""`gen move`: the page's old address redirects, and whatever pointed at it points at it still."""

from pathlib import Path

import pytest

from gen.authoring.move import move
from gen.check import check_group
from gen.errors import GenError
from tests.groups import NOW, Folder, tree
from tests.invalid.cases import doc, sound_files

OLD, NEW = "content/edu/news/x.md", "content/edu/notices/2026/y.md"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    own = "[a](a.md) [b](<../policies/p.md>) ![p](x/p.svg) [f](x/f.txt) [s](#here)\n\n## Here\n"
    front = "题图: x/p.svg\n附件: [x/f.txt, 'x/两 字.txt']\n解读: ../policies/p.md\n"
    files = {
        **sound_files(),
        OLD: doc(front, own),
        "content/edu/news/x/p.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "content/edu/news/x/f.txt": b"f",
        "content/edu/news/x/两 字.txt": b"g",
        "content/edu/news/l.md": doc(
            "interprets: x.md\n",
            '[t](x.md) [h](x.md#here) [n](x.md "题") [a](<x.md>) [r] [f](x/f.txt) <a href="x.md">h</a>\n\n[r]: x.md\n',
        ),
        "content/jtj/news/l.md": doc(body="[外](../../edu/news/x.md#here)\n"),
    }
    made = Folder(tmp_path / "root", files)
    assert not made.build().issues
    return made


def run(folder: Folder, old: str = OLD, new: str = NEW) -> list[Path]:
    return move(folder.root, folder.root / old, folder.root / new)


def text(folder: Folder, path: str) -> str:
    return (folder.root / path).read_text(encoding="utf-8")


def test_after_a_move_nothing_is_wrong_and_the_old_address_redirects(folder: Folder) -> None:
    assert run(folder)[0] == Path(NEW)
    assert not check_group(folder.root, NOW)
    assert not folder.build().issues
    assert "../notices/2026/y.html" in (folder.out / "edu/news/x.html").read_text(encoding="utf-8")
    assert (folder.out / "edu/notices/2026/y/两 字.txt").read_bytes() == b"g"
    assert not (folder.root / "content/edu/news/x").exists()


def test_links_of_every_form_in_other_documents_are_corrected(folder: Folder) -> None:
    written = run(folder)
    assert set(map(str, written)) == {NEW, "content/edu/news/l.md", "content/jtj/news/l.md"}
    own = text(folder, "content/edu/news/l.md")
    new = "../notices/2026/y"
    for part in (
        f"interprets: {new}.md",
        f"[t]({new}.md)",
        f"({new}.md#here)",
        f'({new}.md "题")',
        f"(<{new}.md>)",
    ):
        assert part in own
    assert f"[r]: {new}.md" in own
    assert f"({new}/f.txt)" in own
    assert f'href="{new}.md"' in own
    assert "(../../edu/notices/2026/y.md#here)" in text(folder, "content/jtj/news/l.md")


def test_its_own_links_and_files_are_corrected(folder: Folder) -> None:
    run(folder)
    own = text(folder, NEW)
    for part in (
        "(../../news/a.md)",
        "(<../../policies/p.md>)",
        "(y/p.svg)",
        "[s](#here)",
        "题图: y/p.svg",
        "y/f.txt",
    ):
        assert part in own
    assert "解读: ../../policies/p.md" in own


ALIASES = {
    "none": "",
    "flow": "aliases: [news/o.html]\n",
    "flow in lines": "旧地址: [\n  news/o.html,\n  ]\n",
    "block": "aliases:\n  - news/o.html\n",
    "block without indent": "aliases:\n- news/o.html\nauthor: 甲\n",
    "single": "旧地址: news/o.html\n",
    "quoted": "'aliases': \"news/o.html\"\n",
    "empty": "aliases:\nauthor: 甲\n",
    "empty list": "aliases: []\n",
    "comment": "aliases: [news/o.html] # 老站\n",
}


@pytest.mark.parametrize("form", ALIASES)
def test_the_old_address_joins_those_that_are_there_in_any_form(form: str, folder: Folder) -> None:
    folder.put({OLD: doc(ALIASES[form])})
    folder.put({"content/edu/news/l.md": None, "content/jtj/news/l.md": None})
    run(folder)
    assert not folder.build().issues
    assert (folder.out / "edu/news/x.html").is_file()
    assert (folder.out / "edu/news/o.html").is_file() == ("news/o.html" in ALIASES[form])


def test_a_move_there_and_back_leaves_a_group_that_builds(folder: Folder) -> None:
    run(folder)
    run(folder, NEW, OLD)
    assert not folder.build().issues
    assert (folder.out / "edu/notices/2026/y.html").is_file()


def test_aliases_and_shares_of_a_moved_document_stay_what_they_were(folder: Folder) -> None:
    folder.put(
        {
            OLD: doc(
                "share:\n  - hub/notices\naliases:\n  - news/2013/o.html\nsummary: |\n  见 a.md\n  b/c.md\n",
                "## Here\n",
            )
        }
    )
    run(folder)
    own = text(folder, NEW)
    for part in ("- hub/notices", "- news/2013/o.html", "  见 a.md\n  b/c.md\n"):
        assert part in own


def test_a_document_moved_to_another_site_takes_its_links_along(folder: Folder) -> None:
    run(folder, OLD, "content/jtj/news/y.md")
    assert {(issue.path, issue.code) for issue in folder.build().issues if issue.is_error} == {
        (
            "content/edu/news/l.md",
            "link.foreign_file",
        )  # its file is another site's now, which people must decide
    }
    assert "../../edu/news/a.md" in text(folder, "content/jtj/news/y.md")


def test_windows_line_ends_and_a_byte_order_mark_are_no_hindrance(folder: Folder) -> None:
    folder.put({OLD: b"\xef\xbb\xbf" + doc(body="[a](a.md)\n\n## Here\n").replace(b"\n", b"\r\n")})
    run(folder)
    assert not folder.build().issues


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("content/edu/news/none.md", NEW, "move.no_document"),
        ("content/hub/_site.md", NEW, "move.no_document"),
        (OLD, "content/edu/news/a.md", "move.taken"),
        (OLD, "content/edu/news/y.txt", "move.suffix"),
        (OLD, "content/edu/nowhere/y.md", "content.no_column"),
        (OLD, "content/nobody/news/y.md", "content.unknown_site"),
        (OLD, "content/edu/news/index.md", "content.reserved_slug"),
        (OLD, "content/edu/news/a?.md", "content.bad_name"),
        (OLD, "elsewhere/y.md", "move.outside"),
        (OLD, "content/../../y.md", "move.outside"),
        ("sites.yaml", NEW, "move.outside"),
    ],
)
def test_a_move_that_cannot_be_done_writes_nothing(folder: Folder, old: str, new: str, code: str) -> None:
    before = tree(folder.root / "content")
    with pytest.raises(GenError) as caught:
        run(folder, old, new)
    assert code in {issue.code for issue in caught.value.issues}
    assert tree(folder.root / "content") == before


def test_a_site_with_errors_says_so_instead_of_denying_the_document(folder: Folder) -> None:
    folder.put({"content/edu/news/bad.md": b"x", "content/edu/news/new.md": doc()})
    with pytest.raises(GenError) as caught:
        run(folder, "content/edu/news/new.md")
    assert [(issue.path, issue.code) for issue in caught.value.issues] == [
        ("content/edu/news/bad.md", "front_matter.missing")
    ]
