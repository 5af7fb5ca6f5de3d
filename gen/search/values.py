"""What a term is worth: by how rare it is, and in a document by its level there (docs/search.md)."""

import math

import numpy as np
from numpy.typing import NDArray

from gen.search.commonness import COMMON_LEVEL, common_from, is_common
from gen.search.postings import TOP_LEVEL

VALUES = np.array([1, 3, 5, 7, 9, 11, 13, 24], dtype=np.float64)
COMMON_VALUES = np.where(np.arange(len(VALUES)) < TOP_LEVEL, VALUES[COMMON_LEVEL], VALUES)


def idf_of(having: int, live: int) -> float:
    """How rare a term is that `having` of `live` documents have. All common ones are as the rarest of them, so that nobody
    needs to count them."""
    counted = min(having, common_from(live))
    return math.log(1 + (live - counted + 0.5) / (counted + 0.5))


def values_of(having: int, live: int) -> NDArray[np.float64]:
    """The values of a term that `having` of `live` documents have."""
    return COMMON_VALUES if is_common(having, live) else VALUES
