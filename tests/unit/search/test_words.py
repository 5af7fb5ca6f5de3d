"""Texts in the words of a segment are shorter, are read back as they were, and hold nothing that only few documents have."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from gen.search import entries, words
from gen.search.words import PLAIN, SHARED, code, learn

SENTENCE = "各县市区人民政府，市政府各部门：现将有关事项通知如下。"


def plain(text: str, known: str) -> str:
    found, chars = [], iter(text)
    for char in chars:
        place = 2 * (ord(char) - entries.FIRST)
        if char == entries.KEPT:
            found.append(next(chars))
        elif 0 <= place < 2 * (entries.END - entries.FIRST):
            found.append(plain(known[place : place + 2], known))
        else:
            found.append(char)
    return "".join(found)


def bytes_of(texts: list[str]) -> int:
    return sum(len(text.encode()) for text in texts)


texts = st.lists(
    st.text(st.sampled_from('放假通知é·\x7f\x80\u07ff\n"\\𠮷\0a'), max_size=40), min_size=1, max_size=30
)


@given(texts, texts)
def test_any_text_is_read_back_whatever_the_words_were_learnt_from(
    some: list[str], others: list[str]
) -> None:
    known = learn(some * SHARED)
    for found in (some, others):
        assert [plain(text, known.text) for text in code(found, known)] == found
        assert [plain(text, "") for text in code(found, PLAIN)] == found


def test_what_many_documents_have_takes_little_room() -> None:
    found = [f"{SENTENCE}第{number}号。" for number in range(40)]
    known = learn(found)
    assert bytes_of(code(found, known)) < bytes_of(found) / 3
    assert bytes_of(code(found, PLAIN)) == bytes_of(found)


def test_what_few_documents_have_is_in_no_word() -> None:
    """However often they have it."""
    rare = "饕餮貔貅" * 500
    found = [SENTENCE + (rare if number < SHARED - 1 else "") for number in range(60)]
    assert not set(learn(found).text) & set(rare)
    assert learn([SENTENCE] * (SHARED - 1)) == PLAIN
    assert learn([SENTENCE] * SHARED) != PLAIN


def test_words_have_as_many_characters_as_there_are_short_ones() -> None:
    given_words = [chr(0x4E00 + 2 * number) + chr(0x4E01 + 2 * number) for number in range(words.MOST + 500)]
    found = ["".join(Random(seed).sample(given_words, len(given_words))) for seed in range(SHARED)]
    known = learn(found)
    assert len(known.text) == 2 * words.MOST
    assert entries.FIRST + words.MOST <= entries.END
    assert [plain(text, known.text) for text in code(found, known)] == found


def test_words_are_the_same_each_time() -> None:
    found = [f"{SENTENCE}{number % 7}年{number % 5}月" for number in range(99)]
    assert learn(found) == learn(list(found))
