"""Speakers, addressees and signatures found in plain paragraphs."""

from datetime import date

import pytest
from markupsafe import Markup

from gen.render.typeset import addressee, is_signed, shorten_chinese, shorten_english, turns


def test_turns_are_told_by_who_speaks() -> None:
    html = Markup(
        "<p><strong>主持人</strong>：问。</p>\n<p><strong>张局长</strong>：答。</p>\n"
        "<p><strong>网友</strong>: 再问。</p>\n<p>接着说<strong>要点</strong>：这样。</p>"
    )
    assert turns(html) == (
        '<p class="turn host"><strong>主持人<span class="sr">：</span></strong>问。</p>\n'
        '<p class="turn"><strong>张局长<span class="sr">：</span></strong>答。</p>\n'
        '<p class="turn public"><strong>网友<span class="sr">：</span></strong>再问。</p>\n'
        "<p>接着说<strong>要点</strong>：这样。</p>"
    )


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>各县（市、区）人民政府：</p><p>现印发给你们。</p>", True),
        ("<p>现将有关事项通知如下。</p><p>各单位：</p>", False),
        ("<p>答：<b>甲</b>：</p>", False),
    ],
)
def test_only_the_first_paragraph_can_name_those_addressed(html: str, found: bool) -> None:
    assert addressee(Markup(html)).startswith('<p class="noindent">') is found
    assert ("noindent" in addressee(Markup(html))) is found


@pytest.mark.parametrize(
    ("html", "signed"),
    [
        ("<p>正文。</p>", False),
        ("<p>正文。</p><p>九江市人民政府</p><p>2026 年 3 月 12 日</p>", True),
        ('<p>正文。</p><p class="signature">九江市人民政府</p>', True),
        ("<p>2026年3月12日起施行。</p>" + "<p>以下还有很长的正文。</p>" * 40, False),
    ],
)
def test_a_text_that_ends_with_its_day_of_signing_gets_no_second_signature(html: str, signed: bool) -> None:
    assert is_signed(Markup(html), date(2026, 3, 12)) is signed


def test_turns_in_english_are_told_too() -> None:
    html = Markup("<p><strong>Host</strong>: Why?</p><p><strong>Question from a viewer</strong>: When?</p>")
    assert turns(html) == (
        '<p class="turn host"><strong>Host<span class="sr">: </span></strong>Why?</p>'
        '<p class="turn public"><strong>Question from a viewer<span class="sr">: </span></strong>When?</p>'
    )


def test_a_text_may_be_signed_in_english() -> None:
    assert is_signed(Markup("<p>The Mayor, 1 March 2026</p>"), date(2026, 3, 1))
    assert not is_signed(Markup("<p>The Mayor, 1 March 2026</p>"), date(2026, 3, 2))


def test_english_is_shortened_between_words_to_what_takes_the_same_room() -> None:
    assert shorten_chinese("一二三四五", 5) == "一二三四五"
    assert shorten_chinese("一二三四五六", 5) == "一二三四…"
    assert shorten_english("one two three", 6) == "one two three"
    assert shorten_english("one two, three four", 4) == "one two…"
