"""Answers from the Whoosh index: tiers, scores and counts as `docs/search.md` has them, over whole posting lists."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import TermNotFound

from gen.config.model import Group
from gen.render import records
from gen.render.records import SearchRecord
from gen.search import analysis, whoosh_index
from gen.search.analysis import Query
from gen.search.commonness import is_common
from gen.search.freshness import ranked_month
from gen.search.hits import facet_name, make_hit
from gen.search.pieces import LEAST_CHARACTERS, NEW, characters, pieces
from gen.search.postings import TOP_LEVEL
from gen.search.results import Facet, Hit, Request, Results, Sort
from gen.search.values import VALUES, idf_of, values_of

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

EXACT, WORD, PHRASE, ALL_WORDS, SCATTERED = 4, 3, 2, 1, 0
NOTHING = -1
RELATED_TERMS = 24
"""So many of the rarest terms of a document find what is related to it."""
_RELATED_BODY = 400
"""Characters of a text whose terms say what it is about."""


def terms_about(record: SearchRecord) -> list[str]:
    """The terms that say what a document is about: those of its title, headings and beginning, each once."""
    texts = (record.title, record.headings, record.text[:_RELATED_BODY])
    found = (term for text in texts for run in analysis.runs(text) for term in analysis.grams(run, 3))
    return list(dict.fromkeys(found))


class WhooshEngine:
    """One opened index. Later builds don't change what it answers; open another for them."""

    def __init__(self, folder: Path, group: Group) -> None:
        index = whoosh_index.open_index(folder)
        if index is None:
            raise FileNotFoundError(folder)
        self._group = group
        self._reader = index.reader()
        self._size = int(self._reader.doc_count_all())
        self._leaves = list(self._reader.leaf_readers()) if self._size else []

    def close(self) -> None:
        self._reader.close()

    def search(self, request: Request) -> Results:
        query = Query(request.query)
        found = _Found(self, query)
        fits = self._filters(request)
        matches = found.tiers > NOTHING
        docs = np.flatnonzero(matches & np.logical_and.reduce(list(fits.values())))
        ordered = self._by_date(docs) if request.sort is Sort.DATE else self._by_score(docs, found)
        start = (max(1, request.page) - 1) * request.size
        shown = self._settle(ordered, start, start + request.size, found, by_date=request.sort is Sort.DATE)
        return Results(
            total=len(docs),
            hits=tuple(self._hit(int(doc), query, found) for doc in shown),
            facets=self._facets(matches, fits),
            scattered=bool(len(docs)) and int(found.tiers[docs[0]]) == SCATTERED,
        )

    def suggest(self, query: str, limit: int = 8) -> tuple[Hit, ...]:
        looked_for = Query(query)
        found = _Found(self, looked_for, scatter=False)
        docs = np.flatnonzero(
            (found.tiers > NOTHING) & (found.titles == found.most_titles) & (found.most_titles > 0)
        )
        ordered = self._settle(self._by_score(docs, found), 0, limit, found, by_date=False)
        return tuple(self._hit(int(doc), looked_for, found) for doc in ordered)

    def related(self, path: str, limit: int = 5) -> tuple[Hit, ...]:
        """By the terms that are rarest in the group among those of its title, headings and beginning."""
        own = self._number(path)
        if own is None:
            return ()
        lists = {term: self.postings(term) for term in terms_about(self.record(own))}
        weighed = sorted(
            (-self.idf(docs), term) for term, (docs, _) in lists.items() if 1 < len(docs) < self.live / 4
        )
        scores: F64 = np.zeros(self._size)
        for weight, term in weighed[:RELATED_TERMS]:
            docs, levels = lists[term]
            scores[docs] += -weight * VALUES[levels]
        scores[own] = 0
        scores[self.expired] = 0
        best = np.lexsort((-self.days, -scores))[:limit]
        nothing = Query("")
        return tuple(
            self._hit(int(doc), nothing, None, float(scores[doc])) for doc in best.tolist() if scores[doc] > 0
        )

    # ---- what the index holds ----

    def postings(self, term: str) -> tuple[I64, I64]:
        """The live documents that have a term, ascending, and their levels."""
        docs, levels = [], []
        for leaf, offset in self._leaves:
            try:
                matcher = leaf.postings(whoosh_index.TERMS, term)
            except TermNotFound:
                continue
            plain = getattr(matcher, "child", matcher)
            alive = self._live[plain.docs + offset]
            docs.append((plain.docs + offset)[alive])
            levels.append(plain.levels[alive])
        if not docs:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        return np.concatenate(docs), np.concatenate(levels)

    def idf(self, docs: I64) -> float:
        return idf_of(len(docs), self.live)

    def values(self, docs: I64) -> F64:
        """What a term is worth at each level, if these documents have it."""
        return values_of(len(docs), self.live)

    @cached_property
    def _live(self) -> Bools:
        alive = np.ones(self._size, dtype=bool)
        for leaf, offset in self._leaves:
            for ordinal in leaf.deleted_docs_set:
                alive[offset + ordinal] = False
        return alive

    @cached_property
    def live(self) -> int:
        return int(self._live.sum())

    @cached_property
    def days(self) -> I64:
        return np.array(self._column(whoosh_index.DAY), dtype=np.int64)

    @cached_property
    def months(self) -> I64:
        known = {day: date.fromordinal(day) for day in set(self.days.tolist())}
        return np.array(
            [known[day].year * 12 + known[day].month - 1 for day in self.days.tolist()], dtype=np.int64
        )

    @cached_property
    def newest(self) -> int:
        """The newest document's month; 0 if there is none."""
        return int(self.months[self._live].max(initial=0))

    @cached_property
    def years(self) -> I64:
        return self.months // 12

    @cached_property
    def expired(self) -> Bools:
        return np.array(self._column(whoosh_index.EXPIRED), dtype=bool)

    @cached_property
    def _places(self) -> tuple[list[str], I64]:
        """All places in order, and each document's number among them."""
        names = [
            name.decode() if isinstance(name, bytes) else name for name in self._column(whoosh_index.PLACE)
        ]
        known = sorted(set(names))
        numbers = {name: number for number, name in enumerate(known)}
        return known, np.array([numbers[name] for name in names], dtype=np.int64)

    @cached_property
    def factors(self) -> F64:
        """What weighs in a document's score besides the words."""
        ranking = self._group.ranking
        age = (self.newest - ranked_month(self.months, self.newest)) / 12
        factors: F64 = 1 + ranking.freshness * 2.0 ** (-age / ranking.half_life)
        places, numbers = self._places
        factors *= np.array([ranking.kinds.get(self._kind(place), 1.0) for place in places] or [1.0])[numbers]
        factors[self.expired] *= ranking.expired
        return factors

    def record(self, doc: int) -> SearchRecord:
        return records.decode(self._reader.stored_fields(doc)[whoosh_index.RECORD])

    def _column(self, name: str) -> list[Any]:
        return [value for leaf, _ in self._leaves for value in leaf.column_reader(name).load()]

    def _number(self, path: str) -> int | None:
        paths = self._column(whoosh_index.PATH)
        found = [doc for doc, one in enumerate(paths) if one in {path, path.encode()} and self._live[doc]]
        return found[0] if found else None

    def _kind(self, place: str) -> str:
        site, _, column = place.partition("/")
        known = self._group.columns.get(site, {}).get(column)
        return str(known.kind) if known else ""

    # ---- order ----

    def _by_score(self, docs: I64, found: "_Found") -> I64:
        numbers = self._places[1]
        order = np.lexsort((docs, numbers[docs], -self.years[docs], -found.scores[docs], -found.tiers[docs]))
        ordered: I64 = docs[order]
        return ordered

    def _by_date(self, docs: I64) -> I64:
        ordered: I64 = docs[np.lexsort((docs, self._places[1][docs], -self.days[docs]))]
        return ordered

    def _settle(self, ordered: I64, start: int, end: int, found: "_Found", *, by_date: bool) -> list[int]:
        """The documents from `start` to `end`; those that tie are put in the order of their keys, whatever their segment."""
        numbers = self._places[1]

        def rank(doc: int) -> tuple[float, ...]:
            if by_date:
                return float(self.days[doc]), float(numbers[doc])
            return (
                float(found.tiers[doc]),
                float(found.scores[doc]),
                float(self.years[doc]),
                float(numbers[doc]),
            )

        low, high = min(start, len(ordered)), min(end, len(ordered))
        while 0 < low < len(ordered) and rank(ordered[low]) == rank(ordered[low - 1]):
            low -= 1
        while 0 < high < len(ordered) and rank(ordered[high]) == rank(ordered[high - 1]):
            high += 1
        window = [int(doc) for doc in ordered[low:high]]
        places = {doc: place for place, doc in enumerate(dict.fromkeys(map(rank, window)))}
        keys = {doc: self._key(doc) for doc in window} if len(places) < len(window) else {}
        window.sort(key=lambda doc: keys.get(doc, ""), reverse=True)
        window.sort(key=lambda doc: places[rank(doc)])
        return window[start - low : end - low]

    def _key(self, doc: int) -> str:
        leaf, offset = next((leaf, offset) for leaf, offset in reversed(self._leaves) if offset <= doc)
        value = leaf.column_reader(whoosh_index.KEY)[doc - offset]
        return value.decode() if isinstance(value, bytes) else str(value)

    # ---- filters ----

    def _filters(self, request: Request) -> dict[str, Bools]:
        """Which documents each filter lets through."""
        places, numbers = self._places
        everything = np.ones(self._size, dtype=bool)

        def of_places(fits: Callable[[str], bool]) -> Bools:
            chosen = np.array([fits(place) for place in places] or [False], dtype=bool)
            return chosen[numbers] if self._size else everything

        return {
            "live": self._live,
            "since": self.days >= request.since.toordinal() if request.since else everything,
            "site": of_places(lambda p: p.partition("/")[0] == request.site) if request.site else everything,
            "column": of_places(lambda p: p == request.column) if request.column else everything,
            "year": self.years == request.year if request.year else everything,
            "kind": of_places(lambda p: self._kind(p) == request.kind) if request.kind else everything,
        }

    def _facets(self, found: Bools, fits: dict[str, Bools]) -> dict[str, tuple[Facet, ...]]:
        places, numbers = self._places
        facets: dict[str, tuple[Facet, ...]] = {}
        for name in ("site", "column", "year", "kind"):
            left = found & np.logical_and.reduce([fit for other, fit in fits.items() if other != name])
            docs = np.flatnonzero(left)
            if name == "year":
                years, times = np.unique(self.years[docs], return_counts=True)
                facets[name] = tuple(
                    Facet(str(year), facet_name(self._group, name, str(year)), int(count))
                    for year, count in zip(years[::-1].tolist(), times[::-1].tolist(), strict=True)
                )
                continue
            counts: dict[str, int] = {}
            for number, count in enumerate(np.bincount(numbers[docs], minlength=len(places)).tolist()):
                if count:
                    value = self._facet_value(name, places[number])
                    counts[value] = counts.get(value, 0) + count
            ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            facets[name] = tuple(
                Facet(value, facet_name(self._group, name, value), count) for value, count in ranked
            )
        return facets

    def _facet_value(self, name: str, place: str) -> str:
        return {"site": place.partition("/")[0], "column": place, "kind": self._kind(place)}[name]

    # ---- hits ----

    def _hit(self, doc: int, query: Query, found: "_Found | None", score: float = 0.0) -> Hit:
        tier, score = (int(found.tiers[doc]), float(found.scores[doc])) if found else (SCATTERED, score)
        return make_hit(self._group, self.record(doc), query, tier, score)


class _Found:
    """Each document's tier and score for a query; `titles`: how many terms of the cover its title has."""

    def __init__(self, engine: WhooshEngine, query: Query, *, scatter: bool = True) -> None:
        size = engine._size  # noqa: SLF001 - a part of the engine
        self._engine = engine
        self._lists: dict[str, tuple[I64, I64]] = {}
        self.tiers = np.full(size, NOTHING, dtype=np.int64)
        self.scores: F64 = np.zeros(size)
        self.titles = np.zeros(size, dtype=np.int64)
        self.most_titles = len(query.terms)
        if not query.terms:
            return
        self.tiers[self._has_all(query.terms)] = ALL_WORDS
        self.tiers[self._has_all(query.phrase)] = PHRASE
        if query.whole:
            docs, levels = self._list(query.whole)
            self.tiers[docs] = np.where(levels == TOP_LEVEL, EXACT, WORD)
        for term in query.scored:
            docs, levels = self._list(term)
            self.scores[docs] += engine.idf(docs) * engine.values(docs)[levels]
        for term in query.terms:
            docs, levels = self._list(term)
            self.titles[docs] += levels == TOP_LEVEL
        if scatter and not (self.tiers > NOTHING).any():
            self._scatter(query)
        self.scores *= engine.factors

    def _scatter(self, query: Query) -> None:
        """Documents that have enough of the query's terms, below all others."""
        engine = self._engine
        having = {term: len(self._list(term)[0]) for term in (*query.scored, *query.scattered)}
        terms = pieces(query, having, engine.live)
        sizes, scores = np.zeros(len(self.tiers), dtype=np.int64), np.zeros(len(self.tiers))
        is_new = engine.newest - engine.months < NEW
        for term in terms:
            docs, levels = self._list(term)
            worth = engine.idf(docs) * engine.values(docs)
            if is_common(len(docs), engine.live):
                is_told = (levels == TOP_LEVEL) | is_new[docs]
                docs, levels = docs[is_told], levels[is_told]
            sizes[docs] += len(term)
            scores[docs] += worth[levels]
        enough = (sizes >= LEAST_CHARACTERS) & (2 * sizes >= characters(terms))
        self.tiers[enough] = SCATTERED
        self.scores[enough] = scores[enough]

    def _has_all(self, terms: Iterable[str]) -> Bools:
        counts = np.zeros(len(self.tiers), dtype=np.int64)
        wanted = list(terms)
        for term in wanted:
            counts[self._list(term)[0]] += 1
        every: Bools = counts == len(wanted)
        return every

    def _list(self, term: str) -> tuple[I64, I64]:
        if term not in self._lists:
            self._lists[term] = self._engine.postings(term)
        return self._lists[term]
