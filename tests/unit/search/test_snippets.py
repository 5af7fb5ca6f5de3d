"""What was looked for is marked where it stands, and nothing of a text is changed or lost by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gen.search.analysis import Query
from gen.search.results import SNIPPET_LENGTH, Piece
from gen.search.snippets import MAX_TEXT, mark, snippet

texts = st.text(st.sampled_from("教育放假通知門门a1Ａ１ 　-〔（)]。！?\n①½㎡é\u0301𠮷🎓ﬁ"), max_size=60)


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in pieces)


def plain(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


@given(texts, texts)
def test_marked_text_is_the_text(text: str, typed: str) -> None:
    pieces = mark(text, Query(typed))
    assert plain(pieces) == text
    assert all(piece.text for piece in pieces)


@given(texts.map(lambda text: text * 9), texts)
def test_snippet_is_a_piece_of_the_text(text: str, typed: str) -> None:
    found = plain(snippet(text, Query(typed))).strip("…")
    assert found in text.replace("\n", " ")
    assert len(found) <= SNIPPET_LENGTH


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("关于放假的通知", "放假", "关于[放假]的通知"),
        ("关于放假的通知", "放假 通知", "关于[放假]的[通知]"),
        ("关于放假的通知", "通知放假", "关于[放假]的[通知]"),
        ("九教字〔2026〕 1号", "九教字20261号", "[九教字〔2026〕 1号]"),
        ("ＧＤＰ增长", "gdp", "[ＧＤＰ]增长"),
        ("關於開門的函", "开门", "關於[開門]的函"),
        ("100㎡的房", "100m2", "[100㎡]的房"),
        ("𠮷野家开业", "𠮷野", "[𠮷野]家开业"),
        ("e\u0301cole", "cole", "e\u0301[cole]"),
        ("放假放假", "放假", "[放假放假]"),
        ("无关", "放假", "无关"),
        ("", "放假", ""),
        ("教。育", "教育", "教。育"),
        ("教", "教", "[教]"),
    ],
)
def test_hits_are_marked(text: str, typed: str, expected: str) -> None:
    assert shown(mark(text, Query(typed))) == expected


def test_marks_end_with_the_character_and_not_with_a_part_of_it() -> None:
    assert shown(mark("ﬁne", Query("in"))) == "[ﬁn]e"


def test_snippet_is_where_most_of_the_query_stands() -> None:
    filler = "无关的话，说个不停。" * 20
    found = shown(snippet(f"先说通知。{filler}这里讲放假的通知和安排。{filler}", Query("放假 通知 安排")))
    assert "…这里讲[放假]的[通知]和[安排]。" in found
    assert found.endswith("…")


def test_snippet_without_hits_is_the_summary_or_the_beginning() -> None:
    assert shown(snippet("正文", Query("无"), "摘要\n两行")) == "摘要 两行"
    assert shown(snippet("正文" * 99, Query("无"))) == ("正文" * 99)[:SNIPPET_LENGTH] + "…"
    assert snippet("", Query("无")) == ()


def test_only_the_beginning_of_an_endless_text_is_looked_through() -> None:
    text = "无" * MAX_TEXT + "放假"
    assert shown(snippet(text, Query("放假"))).startswith("无")
