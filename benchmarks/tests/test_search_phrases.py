"""Phrases are cut where they should be, the same ones on every machine, and in the forms that were meant."""

import unicodedata

import pytest

from benchmarks.documents import Corpus
from benchmarks.group import sites
from benchmarks.prose import Dice
from benchmarks.search.phrases import (
    Phrase,
    bracketed,
    cut,
    fold_title,
    full_width,
    in_form,
    phrases,
    run_together,
    sentences,
    title_fragments,
    traditional,
    with_a_slip,
)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(300, sites(12))


def letters(text: str) -> int:
    return sum(unicodedata.category(char)[0] in "LN" for char in text)


def phrase(text: str) -> Phrase:
    return Phrase(text, 0, "text")


def test_phrases_have_two_to_eight_letters_and_stand_in_their_document(corpus: Corpus) -> None:
    found = phrases(corpus, 200)
    for one in found:
        assert 2 <= letters(one.text) <= 8
        assert letters(one.text[0]) == letters(one.text[-1]) == 1
        assert any(one.text in sentence for sentence in sentences(corpus.document(one.document), one.field))
    assert {one.field for one in found} == {"title", "number", "text"}
    assert {letters(one.text) for one in found} == set(range(2, 9))


def test_the_same_corpus_gives_the_same_phrases(corpus: Corpus) -> None:
    assert phrases(corpus, 30) == phrases(corpus, 60)[:30]
    assert phrases(corpus, 30) != phrases(Corpus(300, sites(12), seed=2), 30)


def test_sentences_have_no_marks_of_markdown_and_end_at_their_ends(corpus: Corpus) -> None:
    every = [sentence for number in range(300) for sentence in sentences(corpus.document(number), "text")]
    assert not [one for one in every if one[:2] in ("##", "- ") or "|" in one or "](" in one or "。" in one]
    assert any(one.startswith("相关内容请参阅") for one in every)  # a link's words stand in the sentence


def test_a_phrase_may_begin_within_a_number_and_keeps_what_stands_between() -> None:
    found = {cut(Dice(seed), "浔教字〔2024〕3号") for seed in range(400)}
    assert {"2024〕3号", "24", "字〔20", "浔教字〔2024〕3"} <= found


def test_forms() -> None:
    assert full_width(phrase("增长5.3%")) == "增长５．３％"
    assert traditional(phrase("门诊统筹")) == "門診統籌"
    assert bracketed(phrase("字〔2024〕3号")) == "字[2024]3号"
    assert bracketed(phrase("门诊统筹")) == "门诊（统筹）"
    assert in_form([phrase("门诊"), phrase("12")], "full-width") == [("１２", phrase("12"))]


def test_fragments_of_one_title_only_are_in_no_other(corpus: Corpus) -> None:
    every, single = title_fragments(corpus, 20)
    titles = [fold_title(corpus.header(number).title) for number in range(300)]
    assert len(every) == len(single) == 20
    for one in single:
        has = [number for number, title in enumerate(titles) if fold_title(one.text) in title]
        assert has == [one.document]
    assert all(4 <= letters(one.text) <= 8 for one in every)


def test_a_slip_changes_one_letter_inside(corpus: Corpus) -> None:
    found = with_a_slip(corpus, 100)
    assert len(found) == 100
    assert found == with_a_slip(corpus, 100)
    assert min(map(letters, found)) == 4
    assert max(map(letters, found)) == 8


def test_words_run_together_are_two_or_three(corpus: Corpus) -> None:
    found = run_together(corpus, 100)
    assert found == run_together(corpus, 100)
    assert {letters(text) for text in found} == {4, 6}
