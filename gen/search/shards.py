"""Posting lists as text: what of them lies in which shard, and the tails of long ones (docs/search.md)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from tempfile import TemporaryFile

import msgspec
import numpy as np
from numpy.typing import NDArray

from gen.search import vlq
from gen.search.analysis import WHOLE
from gen.search.postings import TOP_LEVEL, Postings

KEYS = (2, 3)
"""How many characters of a gram say in which shard it lies. With two of them, what begins alike lies together and takes
less room; with three, shards stay of one size where many documents have many grams that begin alike."""
LONG_LIST, INLINE = 2_000, 1_000
"""From how many characters on a posting list is cut, and how much of it then stays in its shard."""
SHORT_WHOLE = 6
_BYTES = np.frombuffer(vlq.ALPHABET.encode(), dtype=np.uint8)
_MAX_GROUPS = 7
_LAST_GROUP = re.compile("[A-Za-f]")
"""What a number ends with."""
_FNV_START, _FNV_PRIME = 2166136261, 16777619


class Lists:
    """The posting lists of all terms as text, put down on the disk until it is known how many shards there are."""

    def __init__(self, folder: Path) -> None:
        self._store = TemporaryFile(dir=folder)  # noqa: SIM115 - open until all is written
        self._hashes: dict[int, list[NDArray[np.uint64]]] = {key: [] for key in KEYS}
        self._lengths: list[NDArray[np.int64]] = []
        self._chars = 0
        self._tails: dict[str, int] = {}
        self.key = KEYS[0]

    def add(self, postings: Postings) -> None:
        """Takes the next range of terms."""
        if not postings.terms:
            return
        codes, lengths = _spelt(postings.terms)
        for key, hashes in self._hashes.items():
            hashes.append(_hashed(postings.terms, codes, lengths, key))
        lists = _posting_texts(postings)
        long = np.flatnonzero(lists.sizes > LONG_LIST).tolist()
        lists = lists.replace({at: self._cut(lists[at]) for at in long})
        self._chars += int(lengths.sum() + lists.sizes.sum())
        names = Pieces.of("".join(postings.terms).encode(), _encoded_sizes(codes, lengths))
        self._lengths.append(names.sizes + lists.sizes + len(":|"))
        self._store.write(_entries(names, lists))

    def _cut(self, text: bytes) -> bytes:
        head, rest = _cut(text.decode())
        if not rest:
            return text
        return f"{head}>{self._tails.setdefault(rest, len(self._tails))}".encode()

    @property
    def tails(self) -> Sequence[str]:
        """The rest of long lists. Terms that the same documents have, as those of a phrase, share one."""
        return list(self._tails)

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


def term_hashes(terms: Sequence[str], key: int) -> NDArray[np.uint64]:
    """What decides each term's shard, if `key` characters of a gram do."""
    return _hashed(terms, *_spelt(terms), key)


def _hashed(
    terms: Sequence[str], codes: NDArray[np.uint64], lengths: NDArray[np.int64], key: int
) -> NDArray[np.uint64]:
    starts = np.cumsum(lengths) - lengths
    if (codes[starts] == ord(WHOLE)).any():
        codes, lengths = _spelt([_shard_key(term, key) for term in terms])
        starts = np.cumsum(lengths) - lengths
    else:
        lengths = np.minimum(lengths, key)
    value = np.full(len(terms), _FNV_START, dtype=np.uint64)
    left = np.arange(len(terms))
    for place in range(int(lengths.max(initial=0))):
        left = left[lengths[left] > place]
        value[left] = ((value[left] ^ codes[starts[left] + place]) * np.uint64(_FNV_PRIME)) & np.uint64(
            0xFFFFFFFF
        )
    return value ^ (value >> np.uint64(15))


def _spelt(terms: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The code points of all terms in a row, and how many each has."""
    lengths = np.fromiter(map(len, terms), dtype=np.int64, count=len(terms))
    return np.frombuffer("".join(terms).encode("utf-32-le"), dtype="<u4").astype(np.uint64), lengths


def _encoded_sizes(codes: NDArray[np.uint64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many bytes of UTF-8 each term takes."""
    sizes = np.ones(len(codes), dtype=np.int64)
    for least in (0x80, 0x800, 0x10000):
        sizes += codes >= least
    return np.add.reduceat(sizes, np.cumsum(lengths) - lengths)


def _shard_key(term: str, key: int) -> str:
    """Short wholes lie where a query's first gram is, long ones are spread."""
    if not term.startswith(WHOLE):
        return term[:key]
    return term[1 : 1 + key] if len(term) <= SHORT_WHOLE + len(WHOLE) else term[1:]


class Pieces(msgspec.Struct, frozen=True):
    """Many short texts in one row of bytes."""

    row: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, row: bytes | NDArray[np.uint8], sizes: NDArray[np.int64]) -> "Pieces":
        return cls(np.frombuffer(row, dtype=np.uint8), sizes, np.cumsum(sizes))

    def __getitem__(self, at: int) -> bytes:
        return self.row[self.ends[at] - self.sizes[at] : self.ends[at]].tobytes()

    def replace(self, others: Mapping[int, bytes]) -> "Pieces":
        """The same with `others` in their places."""
        if not others:
            return self
        sizes = self.sizes.copy()
        parts = []
        done = 0
        for at, text in sorted(others.items()):
            parts += [self.row[done : self.ends[at] - sizes[at]].tobytes(), text]
            done = int(self.ends[at])
            sizes[at] = len(text)
        return Pieces.of(b"".join([*parts, self.row[done:].tobytes()]), sizes)


def _entries(names: Pieces, lists: Pieces) -> bytes:
    """`name:list|` for each of them, one after the other. No Python code runs for one of them."""
    sizes = np.ones((len(names.sizes), 4), dtype=np.int64)
    sizes[:, 0], sizes[:, 2] = names.sizes, lists.sizes
    parts = np.repeat(np.tile(np.arange(4, dtype=np.uint8), len(sizes)), sizes.ravel())
    row = np.empty(len(parts), dtype=np.uint8)
    row[parts == 0] = names.row
    row[parts == 1] = ord(":")
    row[parts == 2] = lists.row
    row[parts == 3] = ord("|")
    return row.tobytes()


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


def _cut(text: str) -> tuple[str, str]:
    """A long list's best part, of about INLINE characters, and the rest of it."""
    end = _LAST_GROUP.search(text, INLINE - 1)
    if end is None or end.end() == len(text):
        return text, ""
    head, rest = text[: end.end()], text[end.end() :]
    if rest[0].isdigit():
        return head, rest
    level = next(place for place in range(len(head) - 1, -1, -1) if head[place].isdigit())
    first = _LAST_GROUP.search(rest)
    assert first is not None, "a number ends"
    gaps = vlq.decode(head[level + 1 :]) + vlq.decode(rest[: first.end()])
    return head, head[level] + vlq.encode([sum(gaps)]) + rest[first.end() :]


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
        row[places + group] = _BYTES[np.where(left > 1, digit + vlq.MORE, digit)]
        more = left > 1
        if not more.any():
            break
        places, rest, left, at = places[more], rest[more] >> 5, left[more] - 1, at[more]
    return row, starts
