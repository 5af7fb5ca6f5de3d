"""`gen new`: a document at its place, with a number that nobody has."""

from datetime import datetime
from pathlib import Path

import pytest

from gen.authoring.new import Drafting, prepare
from gen.config.model import ColumnKind
from gen.errors import GenError
from tests.groups import NOW, Folder, config, dump
from tests.invalid.cases import doc, sound_files

PREFIX = "G00180-0203-2026-"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = config()
    columns = {str(kind): {"name": str(kind), "kind": str(kind), "category": "0203"} for kind in ColumnKind}
    made["sites"][1].update(agency_code="G00180", columns=columns, organiser='局: "一" # 处')
    return Folder(tmp_path / "root", {**sound_files(), "sites.yaml": dump(made)})


def drafted(
    folder: Folder, place: str = "edu/disclosure", slug: str = "gonggao", number: bool | None = None
) -> str:
    draft = prepare(folder.root, datetime(2026, 3, 1, 9, 30))
    path = draft.write(draft.column(place), '关于"A: B"的公告 #1', slug, with_number=number)
    return (folder.root / path).read_text(encoding="utf-8")


def numbered(number: str, front: str = "") -> bytes:
    return doc(f"index_number: {number}\n{front}")


@pytest.mark.parametrize("kind", list(ColumnKind))
def test_a_new_document_of_any_kind_builds_at_once(kind: str, folder: Folder) -> None:
    drafted(folder, f"edu/{kind}")
    assert not folder.build().issues
    published = folder.root / f"content/edu/{kind}/2026/gonggao.md"
    published.write_text(published.read_text(encoding="utf-8").replace("草稿: true\n", ""), encoding="utf-8")
    assert not folder.build(NOW).issues
    assert "关于&#34;A: B&#34;的公告 #1" in (folder.out / f"edu/{kind}/2026/gonggao.html").read_text(
        encoding="utf-8"
    )


def test_the_first_number_of_a_year_is_1_and_the_next_one_more(folder: Folder) -> None:
    assert f"{PREFIX}0001" in drafted(folder)
    assert f"{PREFIX}0002" in drafted(folder, slug="b")
    assert f"{PREFIX}0003" in drafted(folder, "edu/policies", slug="c")


@pytest.mark.parametrize(
    "front", ["withdrawn: true\n", "draft: true\n", "disclosure: 不予公开\n", "expires: 2026-01-06\n"]
)
def test_a_number_stays_taken_when_its_document_is_not_shown(front: str, folder: Folder) -> None:
    folder.put({"content/edu/disclosure/a.md": numbered(f"{PREFIX}0007", front)})
    assert f"{PREFIX}0008" in drafted(folder)


def test_a_number_stays_taken_while_its_site_has_errors(folder: Folder) -> None:
    folder.put({"content/edu/disclosure/a.md": numbered(f"{PREFIX}0007"), "content/edu/news/bad.md": b"x"})
    assert f"{PREFIX}0008" in drafted(folder)
    folder.put({"content/edu/disclosure/b.md": numbered(f"{PREFIX}0009", "zzz: 1\n")})
    assert f"{PREFIX}0010" in drafted(folder, slug="c")


def test_the_same_number_from_two_branches_is_caught_by_the_build(folder: Folder) -> None:
    drafted(folder)
    first = folder.root / "content/edu/disclosure/2026/gonggao.md"
    folder.put({"content/edu/disclosure/2026/other.md": first.read_bytes()})
    assert [(issue.path, issue.code) for issue in folder.build().issues] == [
        ("content/edu/disclosure/2026/other.md", "number.doubled")
    ]


@pytest.mark.parametrize(
    "slug", ["", "A", "a b", "../x", "a/b", "index", "feed", "page-1", "-a", "x" * 101, "标题", "a\n"]
)
def test_a_slug_that_is_none_is_refused_and_nothing_written(slug: str, folder: Folder) -> None:
    with pytest.raises(GenError) as caught:
        drafted(folder, slug=slug)
    assert caught.value.issues[0].code == "new.slug"
    assert not (folder.root / "content/edu/disclosure").exists()


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("nobody/news", "build.no_site"),
        ("edu/none", "content.no_column"),
        ("edu", "content.no_column"),
        ("..", "build.no_site"),
    ],
)
def test_a_place_that_is_none_is_refused(place: str, code: str, folder: Folder) -> None:
    with pytest.raises(GenError) as caught:
        drafted(folder, place)
    assert caught.value.issues[0].code == code


def test_a_file_that_is_there_is_left_alone(folder: Folder) -> None:
    before = drafted(folder)
    with pytest.raises(GenError) as caught:
        drafted(folder)
    assert caught.value.issues[0].code == "new.exists"
    assert (folder.root / "content/edu/disclosure/2026/gonggao.md").read_text(encoding="utf-8") == before


def test_a_number_where_none_can_be_is_refused(folder: Folder) -> None:
    with pytest.raises(GenError) as caught:
        drafted(folder, "jtj/news", number=True)
    assert caught.value.issues[0].code == "new.no_number"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("招生通知", "zhao-sheng-tong-zhi"),
        ("2026年GDP", "2026-nian-gdp"),
        ("！！", "wendang"),
        ("", "wendang"),
    ],
)
def test_a_title_gives_a_file_name(title: str, slug: str) -> None:
    assert Drafting.slug(title) == slug


def test_a_long_title_gives_whole_syllables() -> None:
    slug = Drafting.slug("关于印发九江市进一步优化营商环境若干措施的通知" * 3)
    assert len(slug) <= 49
    assert not slug.endswith("-")
