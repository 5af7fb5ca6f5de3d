"""Posting lists as text: what of them lies in which shard, and the tails of long ones (docs/search.md)."""

from collections.abc import Iterator
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray

from gen.search import vlq
from gen.search.analysis import WHOLE
from gen.search.postings import TOP_LEVEL, Postings
from gen.search.rows import Pieces, interleaved
from gen.search.tails import ALPHABET, Tails

KEYS = (2, 3)
"""How many characters of a gram say in which shard it lies. With two of them, what begins alike lies together and takes
less room; with three, shards stay of one size where many documents have many grams that begin alike."""
SHORT_WHOLE = 6
_FIRST_BEYOND_ASCII = 0x80
_MAX_GROUPS = 7
_FNV_START, _FNV_PRIME = 2166136261, 16777619


class Lists:
    """The posting lists of all terms as text, put down on the disk until it is known how many shards there are."""

    def __init__(self, folder: Path, tails: Tails) -> None:
        self._store = TemporaryFile(dir=folder)  # noqa: SIM115 - open until all is written
        self._hashes: dict[int, list[NDArray[np.uint64]]] = {key: [] for key in KEYS}
        self._lengths: list[NDArray[np.int64]] = []
        self._chars = 0
        self.tails = tails
        self.key = KEYS[0]

    def add(self, postings: Postings) -> None:
        """Takes the next range of terms."""
        if not len(postings):
            return
        codes, lengths = codes_of(postings.text), postings.lengths
        for key, hashes in self._hashes.items():
            hashes.append(term_hashes(codes, lengths, key))
        lists = _posting_texts(postings)
        starts = postings.starts
        cut = {}
        for at in np.flatnonzero(lists.sizes > self.tails.long_list).tolist():
            own = slice(starts[at], starts[at + 1])
            cut[at] = self.tails.cut(lists[at], postings.docs[own], postings.levels[own])
        lists = lists.replace(cut)
        self._chars += int(lengths.sum() + lists.sizes.sum())
        names = Pieces.of(postings.text.encode(), _encoded_sizes(codes, lengths))
        colons, bars = (Pieces.alike(mark, len(postings)) for mark in (b":", b"|"))
        self._lengths.append(names.sizes + lists.sizes + len(":|"))
        self._store.write(interleaved((names, colons, lists, bars)))

    def shards(self, chars: int) -> Iterator[bytes]:
        """All shards, encoded, of about `chars` characters each."""
        count = max(1, self._chars // chars)
        if not self._lengths:
            yield b'"|"'
            return
        lengths = np.concatenate(self._lengths)
        hashes = np.concatenate(self._hashes[self.key])
        if _heaviest(hashes, lengths) > 2 * chars:
            self.key = KEYS[1]
            hashes = np.concatenate(self._hashes[self.key])
        numbers = shard_numbers(hashes, count)
        ends = np.cumsum(lengths)
        order = np.argsort(numbers, kind="stable")
        bounds = np.searchsorted(numbers[order], np.arange(count + 1)).tolist()
        starts, ends = (ends - lengths)[order].tolist(), ends[order].tolist()
        self._store.flush()
        with self._store, mmap(self._store.fileno(), 0, access=ACCESS_READ) as lists:
            for first, end in pairwise(bounds):
                texts = [lists[starts[place] : ends[place]] for place in range(first, end)]
                yield b'"|' + b"".join(texts) + b'"'


def _heaviest(hashes: NDArray[np.uint64], lengths: NDArray[np.int64]) -> int:
    """The most that terms of one hash take together."""
    order = np.argsort(hashes)
    hashes = hashes[order]
    begins = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
    return int(np.add.reduceat(lengths[order], begins).max())


def shard_numbers(hashes: NDArray[np.uint64], shards: int) -> NDArray[np.int64]:
    return (hashes % np.uint64(shards)).astype(np.int64)


def term_hashes(codes: NDArray[np.uint64], lengths: NDArray[np.int64], key: int) -> NDArray[np.uint64]:
    """What decides each term's shard, if `key` characters of a gram do; `codes` are the code points of all in a row.

    Short wholes lie where a query's first gram is. Long ones are spread, and words of letters and figures, of which very
    many begin alike.
    """
    starts = np.cumsum(lengths) - lengths
    is_whole = codes[starts] == ord(WHOLE)
    starts, lengths = starts + is_whole, lengths - is_whole
    is_spread = is_whole & ((lengths > SHORT_WHOLE) | (codes[starts] < _FIRST_BEYOND_ASCII))
    lengths = np.where(is_spread, lengths, np.minimum(lengths, key))
    value = np.full(len(starts), _FNV_START, dtype=np.uint64)
    left = np.arange(len(starts))
    for place in range(int(lengths.max(initial=0))):
        left = left[lengths[left] > place]
        value[left] = ((value[left] ^ codes[starts[left] + place]) * np.uint64(_FNV_PRIME)) & np.uint64(
            0xFFFFFFFF
        )
    return value ^ (value >> np.uint64(15))


def codes_of(text: str) -> NDArray[np.uint64]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.uint64)


def _encoded_sizes(codes: NDArray[np.uint64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many bytes of UTF-8 each term takes."""
    sizes = np.ones(len(codes), dtype=np.int64)
    for least in (0x80, 0x800, 0x10000):
        sizes += codes >= least
    return np.add.reduceat(sizes, np.cumsum(lengths) - lengths)


def _posting_texts(postings: Postings) -> Pieces:
    """Each term's postings as text: level by level, the best first."""
    sizes = np.diff(postings.starts)
    term_of = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    falling = (TOP_LEVEL - postings.levels).astype(np.int64)
    order = np.argsort(term_of * (TOP_LEVEL + 1) + falling, kind="stable")
    docs, falling = postings.docs[order].astype(np.int64), falling[order]
    begins = np.ones(len(docs), dtype=bool)
    begins[1:] = (falling[1:] != falling[:-1]) | (term_of[1:] != term_of[:-1])
    steps = np.diff(docs, prepend=0)
    steps[begins] = docs[begins]
    lead = np.where(begins, TOP_LEVEL - falling + ord("0"), 0).astype(np.uint8)
    row, places = _encode_array(steps, lead)
    return Pieces.of(row, np.diff(places[postings.starts]))


def _encode_array(
    values: NDArray[np.int64], lead: NDArray[np.uint8] | None = None
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """All `values` as one row of bytes, and where each begins, with the row's length at the end.

    `lead` gives a byte to stand before a value; 0 for none.
    """
    sizes = np.ones(len(values), dtype=np.int64)
    for group in range(1, _MAX_GROUPS):
        sizes += values >= 1 << (5 * group)
    leading = np.zeros(len(values), dtype=np.int64) if lead is None else (lead != 0).astype(np.int64)
    starts = np.concatenate(([0], np.cumsum(sizes + leading))).astype(np.int64)
    row = np.empty(int(starts[-1]), dtype=np.uint8)
    if lead is not None:
        led = np.flatnonzero(leading)
        row[starts[led]] = lead[led]
    places = starts[:-1] + leading
    rest, left = values, sizes
    at = np.arange(len(values))
    for group in range(_MAX_GROUPS):
        digit = rest & (vlq.MORE - 1)
        row[places + group] = ALPHABET[np.where(left > 1, digit + vlq.MORE, digit)]
        more = left > 1
        if not more.any():
            break
        places, rest, left, at = places[more], rest[more] >> 5, left[more] - 1, at[more]
    return row, starts
