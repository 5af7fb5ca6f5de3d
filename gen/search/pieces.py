"""What of a query is looked for if no document has all of it (docs/search.md)."""

from collections.abc import Iterable, Mapping

from gen.search.analysis import Query
from gen.search.commonness import is_common

LEAST_CHARACTERS = 3
"""A document has this many characters of a query at least: three together, or two pairs."""
NEW = 12
"""Months, the newest document's the last of them, in which a common piece counts wherever it stands; before, in titles and
numbers alone."""


def pieces(query: Query, having: Mapping[str, int], live: int) -> list[str]:
    """The terms that documents with parts of a query are found by, if none has all of it; `having`: how many of `live`
    documents have each of the terms that may be.

    Terms that no document has are stood for by pairs of characters; common ones are left out if the others tell enough.
    """
    there = [term for term in query.scored if having[term]]
    there += [pair for pair in query.scattered if having[pair] and not any(pair in term for term in there)]
    rare = [term for term in there if not is_common(having[term], live)]
    return rare if characters(rare) >= LEAST_CHARACTERS else there


def characters(terms: Iterable[str]) -> int:
    """How much of a query these terms are."""
    return sum(map(len, terms))
