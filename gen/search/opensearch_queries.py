"""What OpenSearch is asked, as the JSON of its API: nothing here talks to a server.

A document is indexed by the very terms and levels that `gen.search.postings` gives the other engines: a keyword field for
each level holds the terms that the document has at that level. OpenSearch analyses nothing and weighs nothing by itself, so
what is found, and in which order, is what `docs/search.md` promises, whatever its version, plugins, shards and replicas.
Counts of terms are asked first, since every score is made of constants that come from them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from gen.config.model import Ranking
from gen.search.analysis import Query
from gen.search.commonness import is_common
from gen.search.engine import ALL_WORDS, EXACT, PHRASE, SCATTERED, WORD
from gen.search.freshness import RECENT
from gen.search.pieces import LEAST_CHARACTERS, NEW, characters, pieces
from gen.search.postings import TOP_LEVEL
from gen.search.results import Request, Sort
from gen.search.values import VALUES, idf_of, values_of

Body = dict[str, Any]

LEVELS = tuple(f"level{level}" for level in range(TOP_LEVEL + 1))
FACETS = {"site": "site", "column": "place", "year": "year", "kind": "kind"}
"""Name of a filter → the field that it looks at."""
MAX_WINDOW = 10_000
"""OpenSearch gives no hits beyond this, unless an index is set up so."""
_MAX_VALUES = 10_000
_MARGIN = 1.001
"""Keeps the highest possible score below 1, so that tiers stay apart after rounding to 32 bits."""

_BY_RELEVANCE = [{"_score": "desc"}, {"year": "desc"}, {"place": "asc"}, {"key": "desc"}]
_BY_DATE = [{"day": "desc"}, {"place": "asc"}, {"key": "desc"}]
_BY_LIKENESS = [{"_score": "desc"}, {"day": "desc"}, {"place": "asc"}, {"key": "desc"}]


class Statistics(msgspec.Struct, frozen=True):
    """Of the whole index: live documents, newest month, how many have a term, whether any has all of the query (0 or 1)."""

    documents: int
    newest: int
    frequencies: dict[str, int]
    strict: int

    def idf(self, term: str) -> float:
        return idf_of(self.frequencies[term], self.documents)

    def values(self, term: str) -> list[float]:
        """What a term is worth at each level."""
        values: list[float] = values_of(self.frequencies[term], self.documents).tolist()
        return values


# ---- counting ----


def counts(terms: Iterable[str], query: Query) -> list[Body]:
    """Searches without hits whose totals are the statistics: all documents, those of the query, those of each term."""
    everything = {
        "size": 0,
        "track_total_hits": True,
        "query": {"match_all": {}},
        "aggs": {"newest": {"max": {"field": "month"}}},
    }
    own = {"size": 0, "track_total_hits": 1, "query": _filter(_strict(query))}
    return [everything, own, *(_count(term) for term in terms)]


def statistics(terms: Iterable[str], answers: list[Body]) -> Statistics:
    """What the answers to `counts` say."""
    everything, own, *each = answers
    totals = (answer["hits"]["total"]["value"] for answer in each)
    newest = everything["aggregations"]["newest"]["value"]
    return Statistics(
        everything["hits"]["total"]["value"],
        int(newest or 0),
        dict(zip(terms, totals, strict=True)),
        own["hits"]["total"]["value"],
    )


def _count(term: str) -> Body:
    return {"size": 0, "track_total_hits": True, "query": _filter(_has(term))}


# ---- searching ----


class Search:
    """A search as OpenSearch gets it, and what its scores mean."""

    def __init__(self, query: Query, found: Statistics, ranking: Ranking) -> None:
        self._query = query
        self._found = found
        self._ranking = ranking
        self._pieces = [] if found.strict else pieces(query, found.frequencies, found.documents)
        idf = max(sum(map(found.idf, terms)) for terms in (query.scored, self._pieces))
        factors = (1 + ranking.freshness) * max(1.0, *ranking.kinds.values(), 1.0) * max(1.0, ranking.expired)
        self._highest = idf * float(VALUES[TOP_LEVEL]) * factors * _MARGIN

    def body(self, request: Request) -> Body:
        """Filters come after counting, so that each facet can do without its own."""
        by_date = request.sort is Sort.DATE
        start = min((max(1, request.page) - 1) * request.size, MAX_WINDOW)
        filters = _filters(request)
        since = [{"range": {"day": {"gte": request.since.toordinal()}}}] if request.since else []
        return {
            "from": start,
            "size": min(request.size, MAX_WINDOW - start),
            "track_total_hits": True,
            "track_scores": True,
            "_source": ["record"],
            "query": self._ranked(self._matches(since)),
            "post_filter": _filter(*filters.values()),
            "aggs": {name: _facet(name, filters) for name in FACETS},
            "sort": _BY_DATE if by_date else _BY_RELEVANCE,
        }

    def suggestions(self, limit: int) -> Body:
        """Documents that have every term in their title or numbers."""
        titles: list[Body] = [{"term": {LEVELS[TOP_LEVEL]: term}} for term in self._query.terms]
        return {
            "size": limit,
            "_source": ["record"],
            "query": self._ranked({"bool": {"filter": titles, "should": self._weights(self._query.scored)}}),
            "sort": _BY_RELEVANCE,
        }

    def read(self, score: float) -> tuple[int, float]:
        """The tier and score of a hit."""
        tier = int(score) - 1
        return tier, (score - tier - 1) * self._highest

    def _matches(self, since: list[Body]) -> Body:
        query = self._query
        strict = _strict(query)
        ways = [{"bool": {"filter": [strict], "should": self._weights(query.scored)}}]
        if self._pieces:
            weights = self._weights(self._pieces, self._within)
            ways.append({"bool": {"filter": [self._has_enough()], "must_not": [strict], "should": weights}})
        return {"bool": {"filter": since, "should": ways, "minimum_should_match": 1}}

    def _within(self, term: str) -> Body | None:
        """What a document must be for a piece of the query to count there below the top level."""
        if not is_common(self._found.frequencies[term], self._found.documents):
            return None
        return {"range": {"month": {"gt": self._found.newest - NEW}}}

    def _has_enough(self) -> Body:
        """Whether a document has half of the pieces' characters, and as many as it must have at least."""
        parts = [
            {"constant_score": {"filter": _has(term, self._within(term)), "boost": len(term)}}
            for term in self._pieces
        ]
        return {
            "function_score": {
                "query": {"bool": {"should": parts, "minimum_should_match": 1}},
                "min_score": max(LEAST_CHARACTERS, characters(self._pieces) / 2),
            }
        }

    def _weights(
        self, terms: Iterable[str], within: Callable[[str], Body | None] = lambda _: None
    ) -> list[Body]:
        """Clauses that add up to the sum of idf · VALUE, as a part of the highest there could be; `within` as `_at_levels` has
        it, for each term."""
        found = self._found
        return [
            clause
            for term in terms
            for clause in _worth(term, found.idf(term) / self._highest, found.values(term), within(term))
        ]

    def _ranked(self, matches: Body) -> Body:
        """Scores times their factors, then the tier added: 1 + tier + something below 1."""
        ranking, query = self._ranking, self._query
        freshness: list[Body] = [{"weight": 1}]
        if ranking.freshness:
            decay = {"origin": self._found.newest, "scale": ranking.half_life * 12, "decay": 0.5}
            last = self._found.newest - RECENT
            freshness += [
                {
                    "filter": {"range": {"month": {side: last}}},
                    "exp": {age: decay},
                    "weight": ranking.freshness,
                }
                for side, age in (("gt", "month"), ("lte", "january"))
            ]
        fresh = _function(matches, freshness, "sum", "multiply")
        factors: list[Body] = [
            {"filter": {"term": {"kind": kind}}, "weight": factor} for kind, factor in ranking.kinds.items()
        ]
        factors.append({"filter": {"term": {"expired": True}}, "weight": ranking.expired})
        tiers: list[Body] = []
        if query.whole:
            tiers += [
                {"filter": {"term": {LEVELS[TOP_LEVEL]: query.whole}}, "weight": 1 + EXACT},
                {"filter": _has(query.whole), "weight": 1 + WORD},
            ]
        tiers += [
            {"filter": _has_all(query.phrase), "weight": 1 + PHRASE},
            {"filter": _has_all(query.terms), "weight": 1 + ALL_WORDS},
            {"weight": 1 + SCATTERED},
        ]
        return _function(_function(fresh, factors, "multiply", "multiply"), tiers, "first", "sum")


def weights(boosts: dict[str, float]) -> list[Body]:
    """Clauses that give each document `boost` · VALUE of the level at which it has a term."""
    return [clause for term, boost in boosts.items() for clause in _worth(term, boost, VALUES.tolist())]


def _worth(term: str, boost: float, values: Iterable[float], within: Body | None = None) -> Iterator[Body]:
    for has, value in zip(_at_levels(term, within), values, strict=True):
        yield {"constant_score": {"filter": has, "boost": boost * value}}


def likeness(path: str, boosts: dict[str, float], limit: int) -> Body:
    """Documents that have many of these terms, but for the one at `path` and what has run out."""
    return {
        "size": limit,
        "_source": ["record"],
        "query": {
            "bool": {
                "should": weights(boosts),
                "minimum_should_match": 1,
                "must_not": [{"term": {"path": path}}, {"term": {"expired": True}}],
            }
        },
        "sort": _BY_LIKENESS,
    }


# ---- parts ----


def _at_levels(term: str, within: Body | None) -> Iterator[Body]:
    """Whether a document has a term at each level, and below the top one is also `within`."""
    for level, field in enumerate(LEVELS):
        has: Body = {"term": {field: term}}
        yield has if within is None or level == TOP_LEVEL else _filter(has, within)


def _has(term: str, within: Body | None = None) -> Body:
    return {"bool": {"should": list(_at_levels(term, within)), "minimum_should_match": 1}}


def _has_all(terms: Iterable[str]) -> Body:
    return _filter(*map(_has, terms))


def _strict(query: Query) -> Body:
    """Whether a document has all of the query: every word, or the whole."""
    ways = [_has_all(query.terms), _has_all(query.phrase), *([_has(query.whole)] if query.whole else [])]
    return {"bool": {"should": ways, "minimum_should_match": 1}}


def _filter(*clauses: Body) -> Body:
    return {"bool": {"filter": list(clauses)}}


def _filters(request: Request) -> dict[str, Body]:
    values = {"site": request.site, "column": request.column, "year": request.year, "kind": request.kind}
    return {name: {"term": {FACETS[name]: value}} for name, value in values.items() if value}


def _facet(name: str, filters: dict[str, Body]) -> Body:
    """The values of a filter's field among what all other filters leave."""
    others = [clause for other, clause in filters.items() if other != name]
    by_value = {"_key": "desc"} if name == "year" else [{"_count": "desc"}, {"_key": "asc"}]
    values = {"terms": {"field": FACETS[name], "size": _MAX_VALUES, "order": by_value}}
    return {"filter": _filter(*others), "aggs": {"values": values}}


def _function(query: Body, functions: list[Body], score_mode: str, boost_mode: str) -> Body:
    return {
        "function_score": {
            "query": query,
            "functions": functions,
            "score_mode": score_mode,
            "boost_mode": boost_mode,
        }
    }


def lines(searches: Iterable[Body]) -> Iterator[Body]:
    """The lines of a multi-search: none of its parts may be answered by half of the shards."""
    for search in searches:
        yield {"allow_partial_search_results": False}
        yield search
