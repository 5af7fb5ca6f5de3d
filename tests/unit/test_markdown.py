"""Markdown to safe HTML with its references left open."""

import pytest

from gen.content.markdown import ImageRef, LinkRef, WordRef, convert


def html(text: str) -> str:
    return "".join(part for part in convert(text, 1).body.parts if isinstance(part, str))


def test_links_and_pictures_stay_open_with_their_lines() -> None:
    found = convert("甲\n\n[乙](../b%20c.md#丁)\n\n![丙](a/p.png)\n", 10)
    assert [part for part in found.body.parts if not isinstance(part, str)] == [
        LinkRef("../b c.md", "丁", ""),
        ImageRef("a/p.png", "丙", ""),
    ]
    assert [(use.target, use.image) for use in found.uses] == [("../b c.md", False), ("a/p.png", True)]


def test_the_same_link_twice_is_told_on_both_lines() -> None:
    assert [use.line for use in convert("xx.md\n[a](x.md)\n\n[b](x.md)\n", 1).uses] == [2, 4]


@pytest.mark.parametrize("text", ['ein align="left" x', '`<td align="center">`', '    <td align="right">'])
def test_an_alignment_that_is_only_told_of_is_left_alone(text: str) -> None:
    assert "align=" in html(text)


def test_an_aligned_cell_gets_its_class() -> None:
    assert '<td class="center">' in html("|a|\n|:-:|\n|1|\n")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("```\n# x\n```\n\n# 甲\n", 5),
        ("甲\n===\n", 1),
        ("甲\n\n<h1>乙</h1>\n", 3),
        ("~~~\n# x\n~~~\n# 甲\n", 4),
    ],
)
def test_a_first_level_heading_is_told_on_its_own_line(text: str, row: int) -> None:
    assert [(issue.code, issue.line) for issue in convert(text, 1).issues] == [("markdown.h1", row)]


@pytest.mark.parametrize("text", ["[x](#甲)\n\n## 甲", "[x](#top)", "[x](#)", "x[^1]\n\n[^1]: y"])
def test_links_within_a_text_that_lead_somewhere_need_nothing(text: str) -> None:
    assert not convert(text, 1).uses


def test_a_summary_ends_with_a_sentence() -> None:
    assert convert("长" * 80 + "。" + "短" * 80, 1).summary == "长" * 80 + "。"


def test_words_of_ours_stay_open_for_the_language_of_the_page() -> None:
    text = (
        '!!! tip\n    甲\n\n!!! tip "自己的"\n    乙[^1]\n\n[^1]: 丙\n\n<table><tr><td>1</td></tr></table>\n'
    )
    assert [part for part in convert(text, 1).body.parts if isinstance(part, WordRef)] == [
        WordRef("tip"),
        WordRef("table"),
        WordRef("footnote", "1"),
    ]


def test_an_author_s_own_words_are_left_alone() -> None:
    assert not [
        part for part in convert("Note\n\n<b>Tip</b> table\n", 1).body.parts if isinstance(part, WordRef)
    ]


def test_an_english_summary_is_cut_between_words() -> None:
    assert convert(
        "A sentence of seventy characters and a few more, so that it is long. " * 2, 1
    ).summary == ("A sentence of seventy characters and a few more, so that it is long.")
    assert convert("unending " * 30, 1).summary == "unending " * 12 + "unending…"
