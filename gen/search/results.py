"""What is asked of a search and what it answers, whichever engine does the work."""

from datetime import date
from enum import StrEnum
from typing import Protocol

import msgspec

PAGE_SIZE = 10
SNIPPET_LENGTH = 120
"""Of a snippet, in characters."""


class Sort(StrEnum):
    RELEVANCE = "relevance"
    DATE = "date"


class Request(msgspec.Struct, frozen=True):
    """A query with its filters; an empty one, or 0, filters nothing. `page` counts from 1."""

    query: str
    site: str = ""
    column: str = ""
    """A place: `<site>/<column>`."""
    year: int = 0
    kind: str = ""
    since: date | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = PAGE_SIZE


class Piece(msgspec.Struct, frozen=True):
    """A part of a title or snippet; `hit` if it is what was looked for."""

    text: str
    hit: bool = False


class Hit(msgspec.Struct, frozen=True):
    """A document found. `url` is canonical; `tier` from 4 (a number or title as a whole) to 0 (scattered characters)."""

    path: str
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    url: str
    site: str
    site_name: str
    column: str
    column_name: str
    kind: str
    published: date
    number: str
    expired: bool
    tier: int
    score: float


class Facet(msgspec.Struct, frozen=True):
    """One value of a filter, its name for people, and how many hits have it."""

    value: str
    name: str
    count: int


class Results(msgspec.Struct, frozen=True):
    """One page of hits. `facets`: `site`, `column`, `year`, `kind`; each counts what all other filters leave."""

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[Facet, ...]]
    scattered: bool
    """Whether no document has all of the query, so that these only have parts of it."""


class Named(msgspec.Struct, frozen=True):
    """A site, or a column of one (`<site>/<column>`), and where it is."""

    id: str
    name: str
    site_name: str
    url: str


class Found(msgspec.Struct, frozen=True):
    """Documents, and the sites and columns of that name."""

    names: tuple[Named, ...]
    results: Results


class Engine(Protocol):
    """Whatever can answer: the Whoosh index, or OpenSearch."""

    def search(self, request: Request) -> Results: ...

    def suggest(self, query: str, limit: int = 8) -> tuple[Hit, ...]:
        """Documents whose title has the query, best first."""
        ...

    def related(self, path: str, limit: int = 5) -> tuple[Hit, ...]:
        """Documents that are about the same as the one at `path`; none if there is no such document."""
        ...
