"""What a term is worth in a document, by its level there (docs/search.md)."""

import numpy as np
from numpy.typing import NDArray

from gen.search.commonness import COMMON_LEVEL, common_from
from gen.search.postings import TOP_LEVEL

VALUES = np.array([1, 3, 5, 7, 9, 11, 13, 24], dtype=np.float64)
COMMON_VALUES = np.where(np.arange(len(VALUES)) < TOP_LEVEL, VALUES[COMMON_LEVEL], VALUES)


def values_of(having: int, live: int) -> NDArray[np.float64]:
    """The values of a term that `having` of `live` documents have."""
    return COMMON_VALUES if having >= common_from(live) else VALUES
