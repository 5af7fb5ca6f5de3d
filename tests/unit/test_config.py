"""From `sites.yaml` to the group."""

from pathlib import Path

import pytest

from gen.config.model import matches
from gen.config.resolve import load_group
from gen.errors import GenError
from tests.groups import config, dump


def test_a_site_has_its_kinds_columns_with_its_own_changes(tmp_path: Path) -> None:
    made = config()
    made["sites"][1]["columns"] = {
        "news": {"name": "教育动态"},
        "notices": None,
        "teachers": {"name": "教师", "kind": "news"},
    }
    (tmp_path / "sites.yaml").write_bytes(dump(made))
    columns = load_group(tmp_path).columns["edu"]
    assert list(columns) == ["news", "policies", "policies/interpretation", "teachers"]
    assert (columns["news"].name, columns["news"].kind) == ("教育动态", "news")


@pytest.mark.parametrize(
    ("pattern", "site", "column", "fits"),
    [("*/news", "edu", "news", True), ("*/news", "edu", "a/news", False), ("*/*/news", "xiu", "school/news", True),
     ("e*/n*", "edu", "news", True), ("**", "edu", "news", False), ("edu", "edu", "news", False)],
)  # fmt: skip
def test_a_pattern_is_matched_segment_by_segment(pattern: str, site: str, column: str, fits: bool) -> None:
    assert matches(pattern, site, column) == fits


def test_a_folder_in_the_place_of_sites_yaml_is_told(tmp_path: Path) -> None:
    (tmp_path / "sites.yaml").mkdir()
    with pytest.raises(GenError) as caught:
        load_group(tmp_path)
    assert caught.value.issues[0].code == "file.unreadable"
