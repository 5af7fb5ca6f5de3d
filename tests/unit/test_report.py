"""What is printed: one line an issue, whatever it holds, in the reader's language."""

import json
from datetime import datetime

import pytest

from gen import report
from gen.errors import Issue, Severity, in_order
from gen.outcome import Result, Stats
from gen.text import language, message
from gen.text.words import WORDS

ISSUE = Issue(
    "content/edu/a.md", 3, "schema.type", {"key": "草稿", "expected": "@flag", "found": "x"}, site="edu"
)


def test_an_issue_is_a_line_of_place_cause_and_remedy() -> None:
    assert report.line(ISSUE, "zh") == (
        "content/edu/a.md:3: “草稿”应为“是”或“否”（true/false），现在是“x”；改成“是”或“否”（true/false）"
    )
    assert (
        report.line(ISSUE, "en")
        == "content/edu/a.md:3: “草稿” should be true or false, not “x”; write true or false"
    )


def test_a_warning_says_so_and_an_issue_without_a_place_begins_with_its_cause() -> None:
    assert (
        report.line(Issue("", 0, "build.locked", severity=Severity.WARNING), "zh")
        == "提醒：另一个构建正在进行；等它结束再试"
    )


@pytest.mark.parametrize("evil", ["a\nb", "\x1b[2J", "\u202e", "\u2028", "a\rb", "\x9b31m"])
def test_no_name_or_value_breaks_the_line_or_reaches_the_terminal(evil: str) -> None:
    told = report.line(Issue(f"content/{evil}.md", 1, "alias.form", {"alias": evil}), "zh")
    assert told.isprintable()


@pytest.mark.parametrize("value", ["{key}", "{0.__class__}", "{", "%s", "@nothing"])
def test_values_are_shown_as_they_are(value: str) -> None:
    assert value in report.line(Issue("", 0, "alias.form", {"alias": value}), "en")


def test_the_nearest_known_name_is_suggested() -> None:
    cause, mend = message("schema.unknown_key_near", {"key": "titel", "near": "title"}, "zh")
    assert (cause, mend) == ("没有“titel”这个字段", "改正拼写或删去（是不是“title”？）")


@pytest.mark.parametrize(
    ("value", "lang"), [("en_US.UTF-8", "en"), ("zh_CN.UTF-8", "zh"), ("C", "zh"), ("", "zh")]
)
def test_the_language_is_that_of_the_environment(
    value: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", value)
    assert language() == lang


def test_issues_are_told_once_and_by_place() -> None:
    other = Issue("content/a.md", 9, "file.encoding")
    assert in_order([ISSUE, other, ISSUE]) == [other, ISSUE]


def test_a_result_is_json_with_everything_a_build_server_wants() -> None:
    result = Result(
        "hub", Stats(), [ISSUE], {"edu"}, [("edu/a.html", "new")], "state.missing", datetime(2026, 1, 5)
    )
    told = json.loads(report.result_json(result, 1.23456, "zh"))
    assert told["failed"] == ["edu"]
    assert told["stats"]["seconds"] == 1.235
    assert told["issues"][0]["code"] == "schema.type"


@pytest.mark.parametrize(
    "reason", ["new", "settings", "moved", "lost", "template a.html", "Newest(c/edu/news, 8)"]
)
def test_every_reason_is_explained_in_both_languages(reason: str) -> None:
    assert report.explain(reason, "zh") != report.explain(reason, "en") != ""


def test_every_option_type_and_scalar_has_words() -> None:
    assert all(zh and en for zh, en in WORDS.values())
