"""How a segment numbers its documents: by place, then newest first; in a huge one, the newest of all places before the others."""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from gen.render.records import P, SearchRecord, in_order, month_of

HUGE = 50_000
"""Documents from which on a first page does without most of the tails of common terms (docs/search.md)."""
NEWEST: Final = 15
"""Months, the newest document's the last of them, of which a first page knows who has a common term."""


class Documents(Protocol):
    """A segment's documents in the order of their ordinals; may be gone through any number of times."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[SearchRecord]: ...


def numbered(found: Iterable[P]) -> list[P]:
    """Documents in the order of their ordinals."""
    ordered = in_order(found)
    if len(ordered) < HUGE:
        return ordered
    last = max(map(month_of, ordered))
    return sorted(ordered, key=lambda one: last - month_of(one) >= NEWEST)


def newest_in(documents: Documents) -> int | None:
    """How many of a huge segment's documents go before all others as the newest; None of one that is not huge."""
    if len(documents) < HUGE:
        return None
    months = [month_of(one) for one in documents]
    last = max(months)
    return sum(last - month < NEWEST for month in months)
