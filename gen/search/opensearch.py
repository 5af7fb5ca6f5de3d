"""OpenSearch as an engine: for groups whose searches one machine can't answer, or that have a cluster already.

It holds the same documents, terms and levels as the other engines, and this module answers from it as they do. How it is
filled is `opensearch_feed`'s business, what it is asked `opensearch_queries`'.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import msgspec

from gen.config.model import Group
from gen.errors import GenError, Issue
from gen.files import digest
from gen.render.records import SearchRecord, key_of, month_of
from gen.search import analysis
from gen.search.analysis import Query
from gen.search.engine import RELATED_TERMS, SCATTERED, terms_about
from gen.search.hits import facet_name, make_hit
from gen.search.opensearch_queries import (
    FACETS,
    LEVELS,
    Body,
    Search,
    Statistics,
    counts,
    likeness,
    lines,
    statistics,
)
from gen.search.postings import make_postings
from gen.search.results import Facet, Hit, Request, Results

FORM = 1
"""Raise it when the analysis or what is kept of a document changes: indexes of another form are not added to."""
MAX_ID = 512
"""Bytes of a document's id in OpenSearch."""
_LONGEST_TERM = len(analysis.WHOLE) + analysis.MAX_WHOLE
"""Longer terms exist (a word of a thousand letters), but no query asks for them."""
_RELATED_ASKED = 512

_KEYWORD: Body = {"type": "keyword"}
_TERMS: Body = {"type": "keyword", "doc_values": False}
MAPPING: Body = {
    "dynamic": "strict",
    "_source": {"excludes": ["level*"]},
    "properties": {
        "path": _KEYWORD,
        "site": _KEYWORD,
        "place": _KEYWORD,
        "kind": _KEYWORD,
        "key": _KEYWORD,
        "year": {"type": "integer"},
        "month": {"type": "integer"},
        "january": {"type": "integer"},
        "day": {"type": "integer"},
        "expired": {"type": "boolean"},
        "record": {"type": "object", "enabled": False},
        **dict.fromkeys(LEVELS, _TERMS),
    },
}


def form() -> str:
    """What an index must have been made by to be added to and searched: mapping, table of variants, FORM."""
    return digest(msgspec.json.encode([FORM, MAPPING, sorted(analysis.variants().items())]))


def documents(found: Sequence[SearchRecord]) -> Iterator[Body]:
    """Records as OpenSearch gets them, with the terms that they have at each level."""
    terms: list[list[list[str]]] = [[[] for _ in LEVELS] for _ in found]
    for term, ordinals, levels in chain.from_iterable(make_postings(found)):
        if len(term) <= _LONGEST_TERM:
            for ordinal, level in zip(ordinals.tolist(), levels.tolist(), strict=True):
                terms[ordinal][level].append(term)
    for record, own in zip(found, terms, strict=True):
        yield {
            "path": record.path,
            "site": record.site,
            "place": record.place,
            "kind": record.kind,
            "key": key_of(record),
            "year": record.published.year,
            "month": month_of(record),
            "january": month_of(record) // 12 * 12,
            "day": record.published.date().toordinal(),
            "expired": record.expired,
            "record": msgspec.to_builtins(record),
            **{field: levels for field, levels in zip(LEVELS, own, strict=True) if levels},
        }


def id_of(path: str) -> str:
    """A document's id: its path, or a hash of one that is too long."""
    return path if len(path.encode()) <= MAX_ID else f"hash:{digest(path.encode())}"


def connect(url: str, *, user: str = "", password: str = "", ca_file: str = "", seconds: float = 30) -> Any:
    """A client of the server at `url`. Raises GenError if the package is missing or the address is none."""
    try:
        import opensearchpy
    except ImportError:
        raise GenError(Issue("", 0, "opensearch.missing")) from None
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise GenError(Issue("", 0, "opensearch.url", {"found": url.rpartition("@")[2]}))
    logging.getLogger("opensearch").setLevel(
        logging.ERROR
    )  # it warns with a traceback of what we tell in a line
    return opensearchpy.OpenSearch(
        [url],
        http_auth=(user, password) if user else None,
        ca_certs=ca_file or None,
        http_compress=True,
        timeout=seconds,
        max_retries=0,
    )


@contextmanager
def told() -> Iterator[None]:
    """What the server refuses, or that there is none, as an issue."""
    from opensearchpy.exceptions import OpenSearchException

    try:
        yield
    except OpenSearchException as error:
        raise failed(_problem(error)) from error


def failed(problem: str) -> GenError:
    return GenError(Issue("", 0, "opensearch.failed", {"problem": problem}))


def _problem(error: Exception) -> str:
    """One line: the server's own reason if it gave one."""
    info = getattr(error, "info", None)
    if isinstance(info, dict) and isinstance(reason := info.get("error"), dict):
        return f"{reason.get('type', '')}: {reason.get('reason', '')}"
    return " ".join(str(error).split())[:300]


class OpenSearchEngine:
    """Answers from whatever index stands behind an alias at the moment of asking."""

    def __init__(self, client: Any, alias: str, group: Group) -> None:
        self._client = client
        self._alias = alias
        self._group = group

    def close(self) -> None:
        self._client.close()

    def search(self, request: Request) -> Results:
        query = Query(request.query)
        if not query.terms:
            return Results(0, (), dict.fromkeys(FACETS, ()), scattered=False)
        found = self._statistics(query)
        search = Search(query, found, self._group.ranking)
        answer = self._ask(search.body(request))
        total = answer["hits"]["total"]["value"]
        return Results(
            total=total,
            hits=self._hits(answer, query, search),
            facets={name: self._facet(name, answer["aggregations"][name]) for name in FACETS},
            scattered=bool(total) and not found.strict,
        )

    def suggest(self, query: str, limit: int = 8) -> tuple[Hit, ...]:
        looked_for = Query(query)
        if not looked_for.terms or limit < 1:
            return ()
        search = Search(looked_for, self._statistics(looked_for), self._group.ranking)
        return self._hits(self._ask(search.suggestions(limit)), looked_for, search)

    def related(self, path: str, limit: int = 5) -> tuple[Hit, ...]:
        """By the terms that are rarest in the group among those of its title, headings and beginning."""
        own = self._ask({"size": 1, "_source": ["record"], "query": {"term": {"path": path}}})["hits"]["hits"]
        if not own or limit < 1:
            return ()
        nothing = Query("")
        found = self._count(terms_about(_record(own[0]))[:_RELATED_ASKED], nothing)
        shared = [term for term, times in found.frequencies.items() if 1 < times < found.documents / 4]
        rarest = sorted(shared, key=lambda term: (-found.idf(term), term))[:RELATED_TERMS]
        if not rarest:
            return ()
        answer = self._ask(likeness(path, {term: found.idf(term) for term in rarest}, limit))
        return self._hits(answer, nothing, None)

    # ---- asking ----

    def _statistics(self, query: Query) -> Statistics:
        return self._count([*dict.fromkeys([*query.scored, *query.scattered])], query)

    def _count(self, terms: Sequence[str], query: Query) -> Statistics:
        searches = counts(terms, query)
        with told():
            answers = self._client.msearch(index=self._alias, body=list(lines(searches)))["responses"]
        for answer in answers:
            _check(answer)
        return statistics(terms, answers)

    def _ask(self, body: Body) -> Body:
        with told():
            answer: Body = self._client.search(
                index=self._alias, body=body, params={"allow_partial_search_results": "false"}
            )
        _check(answer)
        return answer

    # ---- answers ----

    def _hits(self, answer: Body, query: Query, search: Search | None) -> tuple[Hit, ...]:
        return tuple(self._hit(hit, query, search) for hit in answer["hits"]["hits"])

    def _hit(self, hit: Body, query: Query, search: Search | None) -> Hit:
        record = _record(hit)
        tier, score = search.read(hit["_score"]) if search else (SCATTERED, hit["_score"])
        return make_hit(self._group, record, query, tier, score)

    def _facet(self, name: str, answer: Body) -> tuple[Facet, ...]:
        buckets = [(str(bucket["key"]), bucket["doc_count"]) for bucket in answer["values"]["buckets"]]
        return tuple(Facet(value, facet_name(self._group, name, value), count) for value, count in buckets)


def _record(hit: Body) -> SearchRecord:
    return msgspec.convert(hit["_source"]["record"], SearchRecord)


def _check(answer: Body) -> None:
    """An answer of half of the index is none."""
    if "error" in answer:
        error = answer["error"]
        raise failed(
            f"{error.get('type', '')}: {error.get('reason', '')}" if isinstance(error, dict) else str(error)
        )
    if answer["timed_out"] or answer["_shards"]["failed"]:
        raise failed(f"_shards: {answer['_shards']}")
