"""Postings are those of a plain reading of docs/search.md: which documents have a term, and at what level."""

import math
import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gen.render.records import SearchRecord
from gen.search import analysis, postings
from gen.search.analysis import fold
from gen.search.postings import make_postings
from tests.unit.search.test_update import record

Levels = dict[str, dict[int, int]]

texts = st.text(st.sampled_from("教育放假aB1 。！\n〔𠮷門"), max_size=25)
lines = st.lists(texts, max_size=3).map("\n".join)
long = st.tuples(texts, st.integers(1, 80)).map(lambda pair: pair[0] * pair[1])
documents = st.lists(
    st.builds(
        lambda title, text, headings, attachments, numbers: record(
            "edu/news/a.md", title, text, headings=headings, attachments=attachments, numbers=numbers
        ),
        texts,
        st.one_of(lines, long),
        st.one_of(lines, long),
        st.one_of(lines, long),
        st.lists(texts.filter(bool), max_size=2),
    ),
    max_size=5,
)

FIELDS = (
    ("headings", 4, Fraction(1, 2), 60),
    ("attachments", 2, Fraction(1, 2), 40),
    ("text", 1, Fraction(3, 4), 1000),
)


def substrings(text: str, *sizes: int) -> list[str]:
    return [
        run[start : start + size]
        for run in analysis.fold(text).split("\n")
        for size in sizes
        for start in range(len(run) - size + 1)
    ]


def words(text: str) -> list[str]:
    """Latin letters and figures, as they stand between other characters."""
    apart = "".join(analysis.fold(char) or " " for char in text)
    return [f"={word}" for word in re.findall("[0-9a-z]{2,}", apart)]


def plainly(found: list[SearchRecord]) -> tuple[Levels, set[tuple[str, int]]]:
    """Each term's documents and levels; and where a sum is so near a level that rounding may decide."""
    levels: Levels = {}
    near = set()
    for ordinal, one in enumerate(found):
        sums: dict[str, Fraction] = {}
        for name, boost, b, pivot in FIELDS:
            text = getattr(one, name)
            norm = 1 - b + b * len(analysis.fold(text)) / pivot
            for term in substrings(text, 2, 3) + words(text):
                sums[term] = sums.get(term, Fraction(0)) + boost / norm
        for term, weight in sums.items():
            exact = 7 * weight / (weight + Fraction(12, 10))
            levels.setdefault(term, {})[ordinal] = min(6, math.floor(exact))
            if abs(exact - round(exact)) < Fraction(1, 10**9):
                near.add((term, ordinal))
        for text in (one.title, *one.numbers):
            whole = analysis.fold(text).replace("\n", "")
            wholes = [f"={whole}"] if 0 < len(whole) <= analysis.MAX_WHOLE else []
            for term in substrings(text, 1, 2, 3) + words(text) + wholes:
                levels.setdefault(term, {})[ordinal] = 7
                near.discard((term, ordinal))
    return levels, near


def made(found: list[SearchRecord]) -> Levels:
    return {
        term: dict(zip(docs.tolist(), levels.tolist(), strict=True))
        for one in make_postings(found)
        for term, docs, levels in one
    }


@given(documents)
def test_postings_are_those_of_a_plain_reading(found: list[SearchRecord]) -> None:
    expected, near = plainly(found)
    mine = made(found)
    for term, ordinal in near:
        assert abs(mine[term][ordinal] - expected[term][ordinal]) <= 1
        mine[term][ordinal] = expected[term][ordinal]
    assert mine == expected


@given(documents)
def test_terms_and_documents_are_in_order(found: list[SearchRecord]) -> None:
    ranges = list(make_postings(found))
    terms = [term for one in ranges for term in one.terms]
    assert terms == sorted(set(terms))
    for one in ranges:
        assert len(one.starts) == len(one.terms) + 1 > 1
        for _, docs, levels in one:
            assert docs.tolist() == sorted(set(docs.tolist()))
            assert len(docs) == len(levels) > 0
            assert int(levels.max()) <= 7


@given(documents)
def test_few_keys_at_a_time_make_the_same_postings(found: list[SearchRecord]) -> None:
    """As in a corpus that is too large to be sorted, or numbered, at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "MAX_KEYS", 5)
        patch.setattr(postings, "_CHUNK", 7)
        few = made(found)
    assert few == made(found)


def test_more_kinds_of_characters_than_two_bytes_number() -> None:
    kinds = [
        chr(code) for code in range(0x3400, 0x33480) if chr(code).isalpha() and len(fold(chr(code))) == 1
    ]
    several = list(dict.fromkeys(map(fold, kinds)))
    assert len(several) > 1 << 16
    mine = made([record("edu/news/a.md", "题", "".join(several))])
    assert all(first + second in mine for first, second in pairwise(several))


def test_levels_of_what_is_rare_in_a_long_text_and_common_in_a_short_one() -> None:
    texts = ["放假", "放假" * 50, "放假" + "无" * 5000]
    mine = made([record(f"edu/news/{n}.md", "题", text) for n, text in enumerate(texts)])
    # w = 1 / (.25 + .75 · 2 / 1000); 50 / (.25 + .75 · 100 / 1000); 1 / (.25 + .75 · 5002 / 1000)
    assert mine["放假"] == {0: 5, 1: 6, 2: 1}


@pytest.mark.parametrize(
    ("field", "lengths"),
    [
        # The lengths up to which a word that stands there once has level 5, 4, 3, 2, 1: w = 3, 1.6, 0.9, 0.48, 0.2
        ("headings", (100, 240, 473, 940, 2340)),
        ("attachments", (13, 60, 137, 293, 760)),
        ("text", (111, 500, 1148, 2444, 6333)),
    ],
)
def test_levels_fall_with_the_length_of_the_field(field: str, lengths: tuple[int, ...]) -> None:
    for level, length in zip((5, 4, 3, 2, 1), lengths, strict=True):
        for more, expected in ((0, level), (2, level - 1)):
            text = "放假" + "无" * (length - 3 + more)
            assert made([record("edu/news/a.md", "题", **{field: text})])["放假"] == {0: expected}, (
                length,
                more,
            )


def test_title_and_numbers_have_the_top_level_and_single_characters() -> None:
    mine = made([record("edu/news/a.md", "放假。通知", "学校", numbers=["九教字〔2026〕1号"])])
    assert {term for term in mine if len(term) == 1} == set("放假通知九教字2061号")
    assert mine["=放假通知"] == mine["=九教字20261号"] == mine["=2026"] == mine["通知"] == {0: 7}
    assert "假通" not in mine
    assert mine["学校"][0] < 7


def test_what_stands_in_all_fields_counts_together() -> None:
    alone = made([record("edu/news/a.md", "题", "无" * 3000 + "放假")])["放假"][0]
    both = made([record("edu/news/a.md", "题", "无" * 3000 + "放假", attachments="放假.pdf")])["放假"][0]
    assert both > alone


@pytest.mark.parametrize("count", [1, 2, 255, 256])
def test_every_document_is_numbered_by_its_place(count: int) -> None:
    mine = made([record(f"edu/news/{n}.md", f"题{n}") for n in range(count)])
    assert mine["题"] == dict.fromkeys(range(count), 7)


def test_no_documents_no_terms() -> None:
    assert made([]) == {}
    assert made([record("edu/news/a.md", "", "")]) == {}
    assert made([record("edu/news/a.md", "——", "。\n")]) == {}


def test_more_than_keys_can_number_is_refused_and_not_wrongly_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = postings._Stream([record("edu/news/a.md", "放假通知")])
    monkeypatch.setattr(stream, "_text_bits", 60)
    with pytest.raises(OverflowError):
        list(stream.ranges())


def test_levels_of_weights() -> None:
    weights: Any = np.array([0.0001, 0.2, 0.48, 1.2, 7.3, 1e6, 1e9, 5e9])
    assert postings.levels_of(weights).tolist() == [0, 1, 2, 3, 6, 6, 7, 7]
