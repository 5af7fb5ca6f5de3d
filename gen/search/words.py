"""Shorter texts: pairs of characters that many documents of a segment have become one character each, again and again.

A browser fetches ten texts for a page of results and can't unpack them with a dictionary that it knows already, as HTTP
compression begins anew with each file. So a segment's head has the pairs, and its texts are written with them.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from gen.search.entries import END, FIRST, KEPT

I32 = NDArray[np.int32]

MOST, AT_ONCE = 1_200, 150
"""Pairs in all, and of one round: those of later rounds may hold those of earlier ones."""
SHARED = 8
"""Documents that must have a pair: what few have is worth nothing, and must leave no trace."""
_APART = 0xD800
"""Parts texts; no character."""
_LITERAL = 0x110000
"""Added to a character that stands for itself where others stand for pairs."""
_WIDE = 1 << 16
"""From here on characters are part of no pair."""
_UNFIT = [0, *map(ord, '\n"\\'), _APART]


class Words(msgspec.Struct, frozen=True):
    """Pairs in rounds; none of a round's first characters is one of its second. Each stands for the next character from `FIRST` on."""

    rounds: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        return "".join(pair for pairs in self.rounds for pair in pairs)


PLAIN = Words()


def learn(texts: Sequence[str]) -> Words:
    """The pairs that most of `texts` have, one of each document."""
    if len(texts) < SHARED:
        return PLAIN
    row = _row(texts)
    owners = np.cumsum(row == _APART)
    rounds: list[tuple[str, ...]] = []
    count = 0
    while count < MOST:
        pairs = _commonest(row, owners, min(AT_ONCE, MOST - count))
        if not pairs:
            break
        row, stays = _merged(row, pairs, FIRST + count)
        owners = owners[stays]
        rounds.append(tuple(pairs))
        count += len(pairs)
    return Words(tuple(rounds))


def code(texts: Sequence[str], words: Words) -> list[str]:
    """Each text in a segment's words."""
    if not texts:
        return []
    row = _row(texts)
    first = FIRST
    for pairs in words.rounds:
        row, _ = _merged(row, pairs, first)
        first += len(pairs)
    literals = np.flatnonzero(row >= _LITERAL)
    row[literals] -= _LITERAL
    row = np.insert(row, literals, ord(KEPT))
    return row.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass").split(chr(_APART))


def _row(texts: Sequence[str]) -> I32:
    """The characters of all texts, those that stand for themselves apart from those that will stand for pairs."""
    joined = chr(_APART).join(texts)
    row = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<i4").astype(np.int32)
    row[(row >= ord(KEPT)) & (row < END)] += _LITERAL
    return row


def _commonest(row: I32, owners: NDArray[np.int64], most: int) -> list[str]:
    """The pairs that most documents have, such that none can overlap another."""
    fits = (row < _WIDE) & ~np.isin(row, _UNFIT)
    places = np.flatnonzero(fits[:-1] & fits[1:])
    keys = row[places].astype(np.int64) << 16 | row[places + 1]
    bits = int(owners[-1]).bit_length()
    pairs, counts = _distinct(_distinct(np.sort(keys << bits | owners[places]))[0] >> bits)
    is_shared = counts >= SHARED
    pairs, counts = pairs[is_shared], counts[is_shared]
    firsts: set[int] = set()
    seconds: set[int] = set()
    chosen: list[str] = []
    for pair in pairs[np.argsort(-counts, kind="stable")].tolist():
        first, second = pair >> 16, pair & 0xFFFF
        if len(chosen) == most:
            break
        if first != second and first not in seconds and second not in firsts:
            firsts.add(first)
            seconds.add(second)
            chosen.append(chr(first) + chr(second))
    return chosen


def _distinct(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different values of a sorted array, and how often each occurs. NumPy's `unique` takes three times as long."""
    begins = np.flatnonzero(
        np.concatenate((np.ones(min(len(values), 1), dtype=bool), values[1:] != values[:-1]))
    )
    return values[begins], np.diff(begins, append=len(values))


def _merged(row: I32, pairs: Sequence[str], first: int) -> tuple[I32, NDArray[np.bool_]]:
    """The row with one character for each of the pairs, and what of the old row stays."""
    keys = np.array([ord(pair[0]) << 16 | ord(pair[1]) for pair in pairs], dtype=np.int64)
    order = np.argsort(keys)
    begins, ends = np.zeros(_WIDE + 1, dtype=bool), np.zeros(_WIDE + 1, dtype=bool)
    begins[keys >> 16] = True
    ends[keys & 0xFFFF] = True
    narrow = np.minimum(row, _WIDE)
    places = np.flatnonzero(begins[narrow[:-1]] & ends[narrow[1:]])
    found = row[places].astype(np.int64) << 16 | row[places + 1]
    at = order[np.minimum(np.searchsorted(keys, found, sorter=order), len(keys) - 1)]
    is_pair = keys[at] == found
    row = row.copy()
    row[places[is_pair]] = first + at[is_pair]
    stays = np.ones(len(row), dtype=bool)
    stays[places[is_pair] + 1] = False
    return row[stays], stays
