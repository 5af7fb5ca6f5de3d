"""YAML that is made to hang, crash or mean more than it says."""

import itertools
import time

import pytest

from gen.config.file import GroupFile
from gen.content.front_matter import FrontMatter
from gen.schema import MAX_ISSUES, parse

SOUND = "title: 标题\npublished: 2026-01-05\n"
LETTERS = "abcdefghij"
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n" for old, new in itertools.pairwise(LETTERS)
)
BOMBS = {
    "flow": ("title: " + "[" * 20_000 + "]" * 20_000, "yaml.depth"),
    "flow with closed ones between": ("title: " + "[[]," * 9_000 + "]" * 9_000, "yaml.depth"),
    "flow with quoted brackets between": ("title: " + '["]",' * 9_000 + "]" * 9_000, "yaml.depth"),
    "flow mappings": ("title: " + "{a: " * 9_000 + "}" * 9_000, "yaml.depth"),
    "compact sequences": ("- " * 20_000, "yaml.depth"),
    "compact keys": ("? " * 20_000, "yaml.depth"),
    "blocks": ("".join(" " * depth + "title:\n" for depth in range(300)), "schema.missing_key"),
    "laughs": (LAUGHS, "schema.unknown_key"),
    "laughs where anything goes": (LAUGHS.replace("a: &a", "options: &a", 1), "schema.unknown_key"),
    "aliases": ("a: &a 1\nb: [" + "*a," * 20_000 + "]", "yaml.aliases"),
    "itself": ("tags: &a [*a]\n", "schema.type"),
    "itself as a key": ("? &a [*a]\n: 1\n", "schema.unknown_key"),
    "unknown keys": ("".join(f"k{n}: 1\n" for n in range(8_000)), "schema.unknown_key"),
    "long key": ("k" * 60_000 + ": 1\n", "yaml.syntax"),
    "fifteen brackets far apart": (
        'title: "' + ("[" + "a" * 3_000) * 15 + '"\npublisht: 1\n',
        "schema.unknown_key_near",
    ),
    "merge key": (SOUND + "<<: {draft: true}\n", "schema.unknown_key"),
    "two documents": (SOUND + "---\n" + SOUND, "yaml.syntax"),
    "huge number": (
        SOUND + "survey: {opens: 2026-01-01, closes: 2026-01-02, results: [{question: q, answers: "
        "[{label: a, count: " + "9" * 4_000 + "}]}]}\n",
        "schema.type",
    ),
    "surrogate": ('title: "\\ud800"\npublished: 2026-01-05\n', "yaml.syntax"),
    "escaped NUL": ('title: "\\0"\npublished: 2026-01-05\n', "schema.control"),
    "escaped tag": (SOUND + 'tags: ["\\x1b[2J"]\n', "schema.control"),
    "NUL": (SOUND + "author: \0\n", "yaml.syntax"),
    "year 1": ("title: a\npublished: 0001-01-01\n", "schema.type"),
    "month 13": ("title: a\npublished: 2026-13-01\n", "schema.type"),
    "hour 25": ("title: a\npublished: 2026-01-01 25:00\n", "schema.type"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once(name: str) -> None:
    text, code = BOMBS[name]
    started = time.perf_counter()
    value, issues = parse(text, FrontMatter)
    assert time.perf_counter() - started < 3
    assert value is None
    assert code in {issue.code for issue in issues}
    assert len(issues) <= MAX_ISSUES
    assert all(1 <= issue.line <= text.count("\n") + 2 for issue in issues)


def test_many_aliases_where_any_value_may_stand_are_bounded() -> None:
    sites = "sites: [{id: a, name: a, kind: a, organiser: a, contact: {phone: 1}, site_code: '0123456789', options: {"
    bomb = "x: &x0 [1,1,1,1,1,1,1,1,1]" + "".join(
        f", x{n}: &x{n} [{','.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 11)
    )
    started = time.perf_counter()
    value, issues = parse(f"{sites}{bomb}}}}}]\n", GroupFile)
    assert time.perf_counter() - started < 5
    assert value is None
    assert "yaml.size" in {issue.code for issue in issues}


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("!!python/object/apply:os.system [id]", None),
        ("!!python/name:os.system x", "x"),
        ("!!binary aGk=", "aGk="),
        ("!!int 5", "5"),
        ("no", "no"),
        ("1.10", "1.10"),
        ("2026-01-01", "2026-01-01"),
        ("0x10", "0x10"),
        ("'@text'", "@text"),
        ("'{key}'", "{key}"),
    ],
)
def test_a_tag_makes_no_object_and_a_text_stays_what_was_written(written: str, title: str | None) -> None:
    value, issues = parse(f"title: {written}\npublished: 2026-01-05\n", FrontMatter)
    assert (value.title if value else None) == title
    assert bool(issues) == (title is None)


@pytest.mark.parametrize("text", ["\ufeff" + SOUND, SOUND.replace("\n", "\r\n"), "%YAML 1.1\n---\n" + SOUND])
def test_bom_line_ends_and_directives_are_read(text: str) -> None:
    value, issues = parse(text, FrontMatter)
    assert (value is not None, issues) == (True, [])
