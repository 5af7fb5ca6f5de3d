"""`gen init` and `gen add-site`: a group that builds at once, and one more site."""

from pathlib import Path

import pytest

from gen.authoring.init import add_site, init
from gen.build import Options, build
from gen.config.resolve import load_group
from gen.errors import GenError
from tests.groups import NOW

SITE = {"name": "民政局", "kind": "department", "domain": "mzj.test", "site_code": "0000000099", "phone": "1"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    init(tmp_path / "new", '某市"网站群": # 一')
    return tmp_path / "new"


def test_a_new_group_builds_without_an_issue_and_opens(root: Path) -> None:
    result = build(Options(root, root / "out", NOW, local=True))
    assert (result.issues, result.failed) == ([], set())
    assert "网站群开通" in (root / "out/hub/index.html").read_text(encoding="utf-8")
    assert load_group(root).name == '某市"网站群": # 一'


def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    with pytest.raises(GenError) as caught:
        init(tmp_path, "x")
    assert caught.value.issues[0].code == "init.not_empty"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_an_added_site_builds(root: Path) -> None:
    add_site(root, "mzj", **SITE)
    assert list(load_group(root).sites)[-1] == "mzj"
    result = build(Options(root, root / "out", NOW))
    assert not result.failed
    assert (root / "out/mzj/index.html").is_file()


@pytest.mark.parametrize("indent", ["", "      "])
def test_a_site_is_added_at_the_indent_of_the_others(indent: str, root: Path) -> None:
    path = root / "sites.yaml"
    head, _, sites = path.read_text(encoding="utf-8").partition("\nsites:\n")
    lines = [indent + line[2:] if line else line for line in sites.split("\n")]
    path.write_text(f"{head}\nsites:\n" + "\n".join(lines), encoding="utf-8")
    add_site(root, "mzj", **SITE)
    assert "mzj" in load_group(root).sites


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"domain": "hub.example.gov.cn\nx"}, "schema.pattern"),
        ({"domain": "www.example.gov.cn"}, "config.doubled"),
        ({"site_code": "1"}, "schema.pattern"),
        ({"kind": "x"}, "config.kind"),
    ],
)
def test_a_refused_site_leaves_the_file_as_it_was(change: dict[str, str], code: str, root: Path) -> None:
    before = (root / "sites.yaml").read_bytes()
    with pytest.raises(GenError) as caught:
        add_site(root, "mzj", **{**SITE, **change})
    assert code in {issue.code for issue in caught.value.issues}
    assert (root / "sites.yaml").read_bytes() == before


@pytest.mark.parametrize("tail", ["\n...\n# x\nzzz: 1\n", "\n\n# end\n"])
def test_whatever_ends_the_file_a_site_is_added_or_nothing_changes(tail: str, root: Path) -> None:
    path = root / "sites.yaml"
    path.write_text(
        path.read_text(encoding="utf-8") + tail.replace("...\n", "").replace("zzz: 1\n", ""), encoding="utf-8"
    )
    add_site(root, "mzj", **SITE)
    assert "mzj" in load_group(root).sites


def test_sites_that_are_not_the_last_key_are_left_for_people(root: Path) -> None:
    path = root / "sites.yaml"
    text = path.read_text(encoding="utf-8")
    group, _, rest = text.partition("\nkinds:")
    kinds, _, sites = rest.partition("\nsites:")
    path.write_text(f"{group}\nsites:{sites}\nkinds:{kinds}\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(GenError) as caught:
        add_site(root, "mzj", **SITE)
    assert caught.value.issues[0].code == "init.not_at_end"
    assert path.read_bytes() == before
