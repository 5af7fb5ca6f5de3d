"""Which terms are common: those that so many documents have that only a title with one tells anything (docs/search.md).

How often each of them has such a term would be most of what a browser loads to rank by it.
"""

from collections.abc import Mapping
from typing import Final

LEAST, SHARE = 1_000, 10
"""A term is common that so many documents have, and one in so many of all."""
COMMON_LEVEL: Final = 3
"""What a common term counts as wherever it is in no title or number: as if it stood once in a text of usual length."""


def telling(terms: Mapping[str, int], live: int) -> list[str]:
    """Of terms with how many of `live` documents have each: those that any has, without common ones if two others are left."""
    there = [term for term, having in terms.items() if having]
    rare = [term for term in there if terms[term] < common_from(live)]
    return rare if len(rare) > 1 else there


def common_from(live: int) -> int:
    """How many of `live` documents must have a term, for it to be common."""
    return max(LEAST, -(-live // SHARE))
