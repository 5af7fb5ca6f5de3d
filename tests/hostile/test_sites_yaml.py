"""`sites.yaml` with values that would lead out of a folder, an address or an attribute."""

from pathlib import Path

import pytest

from tests.groups import config, dump, site
from tests.hostile.harness import attack
from tests.invalid.cases import edu, settings

BAD_SITE = [
    {"id": ".."}, {"id": "../x"}, {"id": "a/b"}, {"id": "_shared"}, {"id": "A"}, {"id": "-x"}, {"id": ""}, {"id": "a\nb"},
    {"id": "x.html"}, {"id": "hub"}, {"domain": 'a"b'}, {"domain": "a\nb"}, {"domain": "a/../b"}, {"domain": "a b"},
    {"domain": "javascript:alert(1)"}, {"domain": "user@evil.example"}, {"domain": "a.test:x"}, {"domain": "-a.test"},
    {"domain": None}, {"domain": "", "path": "/../"}, {"domain": "", "path": "//evil.example/"}, {"domain": "", "path": "edu"},
    {"site_code": "１２３４５６７８９０ "}, {"agency_code": "x"}, {"kind": ""}, {"kind": "nope"}, {"contact": {}}, {"contact": "x"},
    {"columns": {"..": {"name": "x", "kind": "news"}}}, {"columns": {"a/../b": {"name": "x", "kind": "news"}}},
    {"columns": {"/a": {"name": "x", "kind": "news"}}}, {"columns": {"a\\b": {"name": "x", "kind": "news"}}},
    {"columns": {"x.html": {"name": "x", "kind": "news"}}}, {"columns": {"_files": {"name": "x", "kind": "news"}}},
    {"columns": {"tags": {"name": "x", "kind": "news"}}}, {"columns": {"assets/css": {"name": "x", "kind": "news"}}},
    {"columns": {"a\nb": {"name": "x", "kind": "news"}}}, {"columns": {"": {"name": "x", "kind": "news"}}},
    {"columns": {"a": {"name": "x", "kind": "script"}}}, {"columns": {"news": {"page_size": -3}}},
    {"columns": {"news": {"page_size": 10**30}}}, {"columns": {"news": {"collect": {"from": "*/*", "limit": -1}}}},
    {"columns": {"news": {"collect": {"tags": ["x"]}}}}, {"columns": {"news": {"update": "soon"}}}, {"columns": {"<<": {"a": 1}}},
    {"channels": {"..": {"name": "x", "organiser": "x", "contact": {"phone": "1"}}}},
    {"channels": {"news": {"name": "x", "organiser": "x", "contact": {"phone": "1"}}}},
    {"columns": {"c/news": {"name": "x", "kind": "news"}}, "channels": {"c": {"name": "x", "organiser": "x", "contact": {"phone": "1"}}}},
]  # fmt: skip


@pytest.mark.parametrize("change", BAD_SITE, ids=str)
def test_a_hostile_value_is_refused_before_anything_is_built(
    change: dict[str, object], tmp_path: Path
) -> None:
    found = attack(tmp_path, edu(**change))
    assert all(issue.path == "sites.yaml" and issue.line for issue in found.issues)
    assert found.issues
    assert found.tree == {}


MARKUP = "<script>alert(1)</script>\"'&"


def test_markup_in_names_is_shown_as_it_was_written(tmp_path: Path) -> None:
    made = config()
    for place in (made["group"], *made["sites"], *made["kinds"]["department"]["columns"].values()):
        place["name"] = MARKUP
    for one in made["sites"]:
        one.update(
            short_name=MARKUP,
            organiser=MARKUP,
            undertaker=MARKUP,
            icp=MARKUP,
            police=MARKUP,
            description=MARKUP,
        )
        one["contact"] = {"phone": MARKUP, "email": MARKUP, "address": MARKUP}
    found = attack(tmp_path, {"sites.yaml": dump(made)})
    assert not found.issues
    assert "<script" not in found.text().replace('<script type="application/ld+json">{"@context"', "")


@pytest.mark.parametrize("language", ['zh"><script>', "zh\nx", ""])
def test_a_language_cannot_break_out_of_its_attribute(language: str, tmp_path: Path) -> None:
    found = attack(tmp_path, settings(lambda made: made["group"].update(language=language)))
    assert "<script" not in found.text()


@pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc/localtime", "", "Asia", "a\0b", "x" * 5_000])
def test_a_time_zone_that_is_none_is_refused(zone: str, tmp_path: Path) -> None:
    found = attack(tmp_path, settings(lambda made: made["group"].update(timezone=zone)))
    assert found.codes <= {"config.timezone", "schema.control", "yaml.syntax"}
    assert found.tree == {}


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"x", b"group: 1\nkinds: 2\nsites: 3\n", b"\xff\xfe", b"- - -\n", b"sites: {}\n"]
)
def test_something_else_than_a_group_is_refused(data: bytes, tmp_path: Path) -> None:
    found = attack(tmp_path, {"sites.yaml": data})
    assert found.issues
    assert found.tree == {}


def test_a_thousand_sites_wrong_in_the_same_way_are_told_once_each_at_most_a_hundred(tmp_path: Path) -> None:
    made = config()
    made["sites"] += [site(f"s{n}", "x", "department", zzz=1) for n in range(1_000)]
    found = attack(tmp_path, {"sites.yaml": dump(made)})
    assert found.codes == {"schema.unknown_key"}
    assert len(found.issues) == 100
