"""Which terms are common: those that so many documents have that only a title with one tells anything (docs/search.md).

How often each of them has such a term would be most of what a browser loads to rank by it.
"""

from typing import Final

LEAST, SHARE = 1_000, 10
"""A term is common that so many documents have, and one in so many of all."""
COMMON_LEVEL: Final = 3
"""What a common term counts as wherever it is in no title or number: as if it stood once in a text of usual length."""


def common_from(live: int) -> int:
    """How many of `live` documents must have a term, for it to be common."""
    return max(LEAST, -(-live // SHARE))


def is_common(having: int, live: int) -> bool:
    """Whether a term is common that `having` of `live` documents have."""
    return having >= common_from(live)
