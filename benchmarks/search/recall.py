"""Whether what was cut out of a document finds it, in several forms; and how high titles stand."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.documents import Corpus
from benchmarks.search.engines import Finder
from benchmarks.search.phrases import FORMS, Phrase, fold_title, in_form, phrases, title_fragments

_SHOWN = 20
UNBROKEN = "of these, without punctuation"


@dataclass
class Recall:
    """Of `asked` phrases so many were found, by engine; some of those that weren't."""

    asked: int
    found: dict[str, int] = field(default_factory=dict)
    missed: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Rank:
    """Mean reciprocal rank, by engine, of the first of ten results whose title has the fragment."""

    asked: int
    mrr: dict[str, float] = field(default_factory=dict)


def measure_recall(corpus: Corpus, finders: Mapping[str, Finder], count: int) -> dict[str, Recall]:
    """By form, as they stand first; after it the part of those that hold letters only."""
    drawn = phrases(corpus, count)
    rows: dict[str, Recall] = {}
    for form in FORMS:
        asked = in_form(drawn, form)
        results = {}
        for name, finder in finders.items():
            _tell(f"recall: {len(asked)} phrases {form}, {name}")
            results[name] = finder.finds(asked)
        rows[form] = _recall(asked, results, range(len(asked)))
        if form == "as it stands":
            plain = [place for place, (text, _) in enumerate(asked) if text.isalnum()]
            rows[UNBROKEN] = _recall(asked, results, plain)
    return rows


def _tell(text: str) -> None:
    """What is at work: Pagefind takes minutes for a thousand phrases."""
    sys.stderr.write(f"{text}\n")


def _recall(
    asked: Sequence[tuple[str, Phrase]], results: Mapping[str, Sequence[bool]], places: Sequence[int]
) -> Recall:
    row = Recall(len(places))
    for name, found in results.items():
        missed = [asked[place] for place in places if not found[place]]
        row.found[name] = len(places) - len(missed)
        row.missed[name] = [f"{text} ({phrase.field} of {phrase.document})" for text, phrase in missed][
            :_SHOWN
        ]
    return row


def measure_ranks(corpus: Corpus, finders: Mapping[str, Finder], count: int) -> dict[str, Rank]:
    every, single = title_fragments(corpus, count)
    rows = {}
    for name, asked in {"of titles": every, "of one title only": single}.items():
        rows[name] = Rank(len(asked))
        for engine, finder in finders.items():
            _tell(f"ranks: {len(asked)} fragments {name}, {engine}")
            found = finder.top_titles([phrase.text for phrase in asked])
            ranks = [rank_of(phrase.text, titles) for phrase, titles in zip(asked, found, strict=True)]
            rows[name].mrr[engine] = sum(1 / rank for rank in ranks if rank) / max(1, len(ranks))
    return rows


def rank_of(fragment: str, titles: Sequence[str]) -> int:
    """The place of the first title that has the fragment, from 1; 0 if none has."""
    wanted = fold_title(fragment)
    return next((rank for rank, title in enumerate(titles, 1) if wanted in fold_title(title)), 0)
