"""Sites and columns are found by name, in Chinese, in pinyin and by initials."""

from pathlib import Path

import pytest

from gen.config.model import Group
from gen.config.resolve import load_group
from gen.search.names import find_names
from tests import groups


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Group:
    root: Path = tmp_path_factory.mktemp("names")
    (root / "sites.yaml").write_bytes(groups.dump(groups.config()))
    return load_group(root)


@pytest.mark.parametrize(
    "typed", ["教育局", "教育", "JIAOYUJU", "jiaoyu", "jyj", "教 育 局", "敎育局", "ｊｙｊ"]
)
def test_site_is_found_by_its_name(group: Group, typed: str) -> None:
    first = find_names(group, typed)[0]
    assert (first.id, first.name, first.url) == ("edu", "教育局", "https://edu.test/")


def test_columns_of_that_name_are_found_in_every_site(group: Group) -> None:
    found = find_names(group, "通知")
    assert [(one.id, one.site_name) for one in found] == [
        ("edu/notices", "教育局"),
        ("jtj/notices", "交通局"),
    ]
    assert found[0].url == "https://edu.test/notices/"


def test_whole_names_come_before_beginnings_and_those_before_what_is_within(group: Group) -> None:
    names = [one.name for one in find_names(group, "新闻")]
    assert names == ["县内新闻", "频道新闻"]
    assert [one.name for one in find_names(group, "水")] == ["水"]
    assert find_names(group, "小城")[0].id == "hub"


@pytest.mark.parametrize("typed", ["", "。", "——", "没有的", "zzz", "\x00", "教育局" * 1000])
def test_nothing_is_found_by_nothing(group: Group, typed: str) -> None:
    assert find_names(group, typed) == ()


def test_few_are_shown(group: Group) -> None:
    assert len(find_names(group, "n", 2)) <= 2
    assert len(find_names(group, "news")) == 0
