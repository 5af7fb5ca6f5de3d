"""What front matter may hold, how people may write it, and on which line it is wrong."""

from datetime import date, datetime

import pytest

from gen.content.document import Document, parse, resolve
from gen.content.front_matter import FrontMatter, Split, normalise_number, read_document, read_term, split
from gen.errors import Issue


def read(front: str) -> tuple[FrontMatter | None, list[Issue]]:
    parts = split(f"---\ntitle: 甲\npublished: 2026-01-05\n{front}---\n正文\n")
    assert isinstance(parts, Split)
    return read_document(parts)


def value(front: str) -> FrontMatter:
    matter, issues = read(front)
    assert matter is not None, issues
    return matter


def test_a_file_is_cut_at_its_front_matter_and_lines_are_those_of_the_file() -> None:
    assert split("---\na: b\n---\n正文\n") == Split("a: b\n", 2, "\n正文\n", 3)
    assert split("--- \t\na: b\n--- \n") == Split("a: b\n", 2, "\n", 3)


@pytest.mark.parametrize("dash", "-‐‑‒–—―－﹣−")
def test_an_index_number_may_be_typed_with_any_dash(dash: str) -> None:
    assert (
        value(f"index_number: G00180{dash}0203{dash}2013{dash}0005\n").index_number == "G00180-0203-2013-0005"
    )


@pytest.mark.parametrize(
    "number", ["G00180-0203-2013-００05", "G00180-203-2013-0005", "g00180-0203-2013-0005"]
)
def test_an_index_number_of_another_form_is_refused(number: str) -> None:
    assert [(issue.code, issue.line) for issue in read(f"index_number: {number}\n")[1]] == [
        ("schema.pattern", 4)
    ]


@pytest.mark.parametrize("brackets", ["[]", "()", "（）", "【】", "［］", "〔〕", "﹝﹞", "「」"])
def test_a_document_number_gets_the_standards_brackets(brackets: str) -> None:
    assert normalise_number(f"九府发{brackets[0]}2026{brackets[1]}1号") == "九府发〔2026〕1号"


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("", None),
        ("常年公开", None),
        ("长期公开", None),
        ("2027-12-31", date(2027, 12, 31)),
        ("公开至2027年1月2日", date(2027, 1, 2)),
    ],
)
def test_terms_are_for_good_or_up_to_a_day(text: str, until: date | None) -> None:
    term = read_term(text)
    assert term is not None
    assert term.until == until


@pytest.mark.parametrize("text", ["永远", "2027-02-30", "2027", "2027-12-31 以后"])
def test_a_term_that_is_none_is_not_understood(text: str) -> None:
    assert read_term(text) is None


@pytest.mark.parametrize(
    "tags", ["甲,乙", "甲，乙", "甲、乙", "[甲, 乙]", "\n- 甲\n- 乙 ", "甲；乙", "['甲', ' 乙', '']"]
)
def test_words_may_be_written_as_a_list_or_in_one_line(tags: str) -> None:
    assert value(f"tags: {tags}\n").tags == ("甲", "乙")


def test_what_is_left_blank_counts_as_not_written() -> None:
    matter = value("subtitle:\nsummary: ~\nauthor: null\ntags:\nupdated:\nservice:\nkeywords: ''\n")
    assert (matter.subtitle, matter.summary, matter.author, matter.tags, matter.updated, matter.service) == (
        "", "", "", (), None, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "when", ["2026-1-5", "2026-01-05 0:00", "2026-01-05T00:00", "2026-01-05 00:00:59", "'2026-01-05'"]
)
def test_a_day_may_be_written_in_several_ways(when: str) -> None:
    assert value(f"updated: {when}\n").updated == datetime(2026, 1, 5)


def test_a_consultation_that_closes_on_a_day_closes_at_its_end() -> None:
    found = value("consultation: {opens: 2026-01-01, closes: 2026-01-31}\n").consultation
    assert found is not None
    assert found.closes == datetime(2026, 1, 31, 23, 59)


@pytest.mark.parametrize(
    ("key", "line"), [("失效日期: 2025-01-01", 6), ("'expires': 2025-01-01", 6), ("expires : 2025-01-01", 6)]
)
def test_a_wrong_pair_of_dates_is_told_on_its_line_however_the_key_is_written(key: str, line: int) -> None:
    _, issues = read(f"expiresx: 1\nauthor: 甲\n{key}\n".replace("expiresx: 1\n", "summary: expires\n"))
    assert [(issue.code, issue.line) for issue in issues] == [("front_matter.expires", line)]


def test_lines_are_kept_for_what_only_the_group_can_prove_wrong() -> None:
    found = parse(
        "---\ntitle: 甲\npublished: 2026-01-05\n推送: [a/b]\naliases:\n- c.html\n---\n".encode(), intro=False
    )
    assert found.lines == {"share": 4, "aliases": 5}


def test_a_document_in_force_to_the_last_day_of_all_leaves_after_it() -> None:
    matter = value("term: 9999-12-31\n")
    document = Document("edu/news/a.md", "edu", "news", "", "news/a.html", "", matter, "甲", "", ())
    assert document.leaves == datetime(9999, 12, 31)


@pytest.mark.parametrize(
    ("target", "path"),
    [("b.md", "edu/news/b.md"), ("../x/b.md", "edu/x/b.md"), ("../../mzj/b.md", "mzj/b.md"), ("", "edu/news/a.md"), ("../../..", None),
     ("../../../b", None), ("/b", None), ("\\b", None), ("a\\b", None), ("a\0", None), ("./b.md", "edu/news/b.md")],
)  # fmt: skip
def test_a_target_is_a_path_below_content_or_none(target: str, path: str | None) -> None:
    assert resolve("edu/news/a.md", target) == path
