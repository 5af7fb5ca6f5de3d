"""`gen schema`: what editors' tools are told agrees with what the build accepts."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import gen
from gen.authoring.schemas import SCHEMAS, write_schemas
from gen.content.document import is_intro
from gen.content.front_matter import FrontMatter, Split, split
from gen.schema import parse

jsonschema = pytest.importorskip("jsonschema")

ROOT = Path(gen.__file__).parent.parent


class _Yaml12(yaml.SafeLoader):
    """YAML as editors' tools read it: dates are text, and only true and false are flags."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
        first: [(tag, regexp) for tag, regexp in resolvers if "timestamp" not in tag and "bool" not in tag]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def load(text: str) -> Any:
    return yaml.load(text, Loader=_Yaml12)


@pytest.fixture(scope="module")
def validators(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found = {}
    for path in write_schemas(tmp_path_factory.mktemp("schemas")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        found[path.name] = jsonschema.Draft202012Validator(schema)
    assert found.keys() == SCHEMAS.keys()
    return found


def errors(validator: Any, value: Any) -> list[str]:
    return [f"{list(error.path)}: {error.message[:200]}" for error in validator.iter_errors(value)]


def test_the_groups_own_sites_yaml_is_valid(validators: dict[str, Any]) -> None:
    assert (
        errors(validators["sites.schema.json"], load((ROOT / "sites.yaml").read_text(encoding="utf-8"))) == []
    )


def test_the_themes_that_come_with_it_are_valid(validators: dict[str, Any]) -> None:
    for path in sorted((ROOT / "themes").glob("*/theme.yaml")):
        assert errors(validators["theme.schema.json"], load(path.read_text(encoding="utf-8"))) == [], path


def test_all_front_matter_in_content_is_valid(validators: dict[str, Any]) -> None:
    paths = sorted((ROOT / "content").rglob("*.md"))
    assert len(paths) > 50
    for path in paths:
        parts = split(path.read_text(encoding="utf-8"))
        assert isinstance(parts, Split), path
        name = "intro.schema.json" if is_intro(path.name) else "document.schema.json"
        assert errors(validators[name], load(parts.yaml) or {}) == [], path


GOOD = "title: 甲\npublished: 2026-01-05\n"
BOTH = {
    GOOD: True,
    "标题: 甲\n发布日期: 2026-01-05 09:30\n标签: 甲,乙\n置顶: 是\n草稿: false\n": True,
    GOOD + "tags:\nkeywords: []\nsummary:\nservice:\n  设定依据:\n": True,
    GOOD
    + "survey: {opens: 2026-01-01, closes: 2026-02-01, results: {问题: 甲, 选项: [{名称: 甲, 数量: 5}]}}\n": True,
    GOOD + "titel: 乙\n": False,
    GOOD + "disclosure: 公开\n": False,
    GOOD + "signed: 昨天\n": False,
    GOOD + "pinned: 也许\n": False,
    GOOD + "letter: {received: 2026-01-01}\n": False,
    GOOD + "letter: {received: 2026-01-01, question: 问, qestion: 问}\n": False,
    GOOD + "tags: {a: b}\n": False,
    "published: 2026-01-05\n": False,
    "title: 甲\n": False,
}


@pytest.mark.parametrize("text", BOTH)
def test_schema_and_build_say_the_same_of_front_matter(text: str, validators: dict[str, Any]) -> None:
    assert (parse(text, FrontMatter)[0] is not None) == BOTH[text]
    assert (not errors(validators["document.schema.json"], load(text))) == BOTH[text]


@pytest.mark.parametrize(
    "change",
    [
        {"zones": []},
        {"group": {"name": "x", "hub": "x", "theem": "x"}},
        {"sites": [{"id": "x"}]},
        {"kinds": {"a": {"name": "x", "columns": {"b": {"kind": "nws"}}}}},
    ],
)
def test_a_typo_in_sites_yaml_is_marked(change: dict[str, Any], validators: dict[str, Any]) -> None:
    good = load((ROOT / "sites.yaml").read_text(encoding="utf-8"))
    assert errors(validators["sites.schema.json"], {**good, **change})
