"""How old a document is for its rank: by months if it is recent, by years if not (docs/search.md).

A browser needs each document's age for each query. Of old ones it need not know the month, which would be the most of what it loads.
"""

from typing import Any, TypeVar

T = TypeVar("T")

RECENT = 24
"""Months before the newest document's in which months count."""
SPARE = 12
"""A segment keeps the months of so many more, since its newest document may change or go."""


def ranked_month(month: T, newest: int, recent: int = RECENT) -> T:
    """The month that ranks a document of `month`, where the newest is of `newest`: its own, or the January before it.

    `month` is a number or an array of numbers.
    """
    given: Any = month
    is_old = newest - given >= recent
    ranked: T = given - given % 12 * is_old
    return ranked
