"""The operations: where each is, what it takes, what it answers. The server and the OpenAPI document both read this table."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from gen.api.parameters import (
    NoParameters,
    Refusal,
    RelatedParameters,
    SearchParameters,
    SuggestParameters,
)
from gen.search.results import Engine, Hit, Results


class Hits(msgspec.Struct, frozen=True):
    """Documents, best first."""

    hits: tuple[Hit, ...]


class Health(msgspec.Struct, frozen=True):
    """`ok`: there is an index to search in."""

    status: str


class Problem(msgspec.Struct, frozen=True):
    """What went wrong (RFC 9457). `detail` is Chinese, `detail_en` English; `parameters` says which were wrong, and why."""

    type: str
    title: str
    status: int
    detail: str
    detail_en: str
    parameters: tuple[Refusal, ...] = ()


class Operation(NamedTuple):
    """`ask` puts the question to an engine; `max_age` is how many seconds its answer may be kept."""

    path: str
    name: str
    summary: str
    parameters: type[msgspec.Struct]
    answer: type[msgspec.Struct]
    ask: Callable[[Engine, Any], msgspec.Struct]
    max_age: int

    @property
    def is_limited(self) -> bool:
        """Whether clients that ask too fast are told to wait; a monitor's probe never is."""
        return self.max_age > 0


def _search(engine: Engine, given: SearchParameters) -> Results:
    return engine.search(given.request())


def _suggest(engine: Engine, given: SuggestParameters) -> Hits:
    return Hits(engine.suggest(given.q, given.limit))


def _related(engine: Engine, given: RelatedParameters) -> Hits:
    return Hits(engine.related(given.path, given.limit))


def _health(_engine: Engine, _given: NoParameters) -> Health:
    return Health("ok")


OPERATIONS = (
    Operation("/search", "search", "检索文档 / finds documents", SearchParameters, Results, _search, 60),
    Operation(
        "/suggest",
        "suggest",
        "标题里有这些字的文档 / documents whose title has this",
        SuggestParameters,
        Hits,
        _suggest,
        60,
    ),
    Operation(
        "/related", "related", "相关文档 / documents about the same", RelatedParameters, Hits, _related, 300
    ),
    Operation("/health", "health", "能否服务 / whether it can serve", NoParameters, Health, _health, 0),
)
