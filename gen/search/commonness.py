"""Which terms are common: those that so many documents have that only a title with one tells anything (docs/search.md).

How often each of them has such a term would be most of what a browser loads to rank by it.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from gen.search.analysis import Query

LEAST, SHARE = 1_000, 10
"""A term is common that so many documents have, and one in so many of all."""
LEAST_CHARACTERS = 3
"""A document has this many characters of a query at least: three together, or two pairs."""
COMMON_LEVEL: Final = 3
"""What a common term counts as wherever it is in no title or number: as if it stood once in a text of usual length."""


def pieces(query: Query, having: Mapping[str, int], live: int) -> list[str]:
    """The terms that documents with parts of a query are found by, if none has all of it; `having`: how many of `live`
    documents have each of the terms that may be.

    Terms that no document has are stood for by pairs of characters; common ones are left out if the others tell enough.
    """
    there = [term for term in query.scored if having[term]]
    there += [pair for pair in query.scattered if having[pair] and not any(pair in term for term in there)]
    rare = [term for term in there if having[term] < common_from(live)]
    return rare if characters(rare) >= LEAST_CHARACTERS else there


def characters(terms: Iterable[str]) -> int:
    """How much of a query these terms are."""
    return sum(map(len, terms))


def common_from(live: int) -> int:
    """How many of `live` documents must have a term, for it to be common."""
    return max(LEAST, -(-live // SHARE))
