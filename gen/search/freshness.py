"""How old a document is for its rank: by months if it is recent, by years if not (docs/search.md).

A browser needs each document's age for each query. Of old ones it need not know the month, which would be the most of what it loads.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

RECENT = 24
"""Months before the newest document's in which months count."""
SPARE = 12
"""A segment keeps the months of so many more, since its newest document may change or go."""

T = TypeVar("T", int, NDArray[np.int64])


def ranked_month(month: T, newest: int, recent: int = RECENT) -> T:
    """The month that ranks a document of `month`, where the newest is of `newest`: its own, or the January before it."""
    is_old = newest - month >= recent
    return month - month % 12 * is_old
