"""The files of one segment of the browser's index: postings in shards, what results show in packs (docs/search.md).

A segment is a pure function of its records and of how many of the older segments' documents go before them; nothing of
it changes later but packs that documents are taken out of.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from tempfile import TemporaryFile
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from gen.files import digester
from gen.render.records import SearchRecord, month_of
from gen.search import vlq, words
from gen.search.analysis import WHOLE
from gen.search.freshness import RECENT, SPARE, ranked_month
from gen.search.packs import (
    NAME_LENGTH,
    PART_CHARS,
    SLACK,
    SUFFIX,
    coded,
    pack_entry,
    packed,
    script,
    texts_of,
)
from gen.search.postings import TOP_LEVEL, Postings

LARGE = 2_000
"""Documents from which on a segment's files are smaller: its head takes more of what a first query may cost."""
SHARD_CHARS = (3_500, 3_000)
"""About so many characters of postings share a shard; in a large segment."""
KEYS = (2, 3)
"""How many characters of a gram say in which shard it lies. With two of them, what begins alike lies together and takes
less room; with three, shards stay of one size where many documents have many grams that begin alike."""
PACK_CHARS = (800, 600)
"""So many characters of coded text share a pack, or those of one document; in a large segment."""
SAMPLE = 256
"""About so many documents say what the words of a segment are."""
LONG_LIST, INLINE = 2_000, 1_000
"""From how many characters on a posting list is cut, and how much of it then stays in its shard."""
SHORT_WHOLE = 6
_BYTES = np.frombuffer(vlq.ALPHABET.encode(), dtype=np.uint8)
_MAX_GROUPS = 7
_LAST_GROUP = re.compile("[A-Za-f]")
"""What a number ends with."""
_FNV_START, _FNV_PRIME = 2166136261, 16777619


class Documents(Protocol):
    """A segment's documents in the order of their ordinals; may be gone through any number of times."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[SearchRecord]: ...


class Segment(msgspec.Struct, frozen=True):
    """A segment whose files are written. `packs[n]`: how many documents are in pack n; `newest`: the month of the newest;
    `files`: their names in its folder."""

    id: str
    documents: int
    shards: int
    key: int
    packs: tuple[int, ...]
    newest: int
    files: tuple[str, ...]
    size: int


class SegmentMaker:
    """Makes a segment's files in `folder`, on whose disk they are put down until the segment's name, a hash of them all, is known."""

    def __init__(self, folder: Path, documents: int) -> None:
        self._folder = folder
        self._is_large = documents >= LARGE
        self._lists = _Lists(folder)
        self._files = _Files(folder)

    def add(self, postings: Postings) -> None:
        """Takes the next range of terms."""
        self._lists.add(postings)

    def finish(self, documents: Documents, before: Sequence[Sequence[int]]) -> Segment:
        """The segment of `documents`, after older ones: `before[i]` says for each document how many of segment i with its
        place go before it."""
        shards = 0
        chars = SHARD_CHARS[self._is_large]
        for shard in self._lists.shards(chars):
            self._files.add(str(shards), shard)
            shards += 1
        for number, tail in enumerate(self._lists.tails):
            self._files.add(f"t{number}", msgspec.json.encode(tail))
        head = _Head()
        packs = []
        sample = _sample(documents)
        known = words.learn(sample)
        for number, pack in enumerate(packed(coded(documents, known), self._pack_chars(sample, known))):
            entries = [pack_entry(one.record, one.texts) for one in pack]
            self._files.add(f"p{number}", msgspec.json.encode(entries))
            for one in pack:
                head.add(one.record)
                for part, text in enumerate(one.texts[2:], 1):
                    self._files.add(f"c{one.ordinal}-{part}", msgspec.json.encode(text))
            packs.append(len(pack))
        for year, days in head.years():
            self._files.add(f"y{year}", msgspec.json.encode(days))
        self._files.add("head", msgspec.json.encode(head.value(packs, before) | {"words": known.text}))
        name, names, size = self._files.write(self._folder)
        return Segment(name, len(documents), shards, self._lists.key, tuple(packs), head.newest, names, size)

    def _pack_chars(self, sample: Sequence[str], known: words.Words) -> int:
        """How much text shares a pack; 0 for a document each, where few could share one: a large head says that in few bytes."""
        chars = PACK_CHARS[self._is_large]
        if not self._is_large:
            return chars
        together = sum(min(PART_CHARS, len(text)) for text in words.code(sample, known))
        return 0 if 2 * together > chars * SLACK * len(sample) else chars


def _sample(documents: Documents) -> list[str]:
    """The texts of some documents, evenly spread, that a segment's words are learnt from."""
    step = max(1, len(documents) // SAMPLE)
    return ["\n".join(texts_of(record)) for record in islice(documents, None, None, step)]


class _Files:
    """Files in the making: their data one after the other in a file without a name."""

    def __init__(self, folder: Path) -> None:
        self._store = TemporaryFile(dir=folder)  # noqa: SIM115 - open until all is written
        self._hash = digester()
        self._names: list[tuple[str, int]] = []

    def add(self, name: str, data: bytes) -> None:
        self._hash.update(b"%d %b\0" % (len(data), name.encode()))
        self._hash.update(data)
        self._names.append((name, len(data)))
        self._store.write(data)

    def write(self, folder: Path) -> tuple[str, tuple[str, ...], int]:
        """Writes all files into `folder`; the name of the segment, the files' names and their size in bytes."""
        segment = self._hash.hexdigest()[:NAME_LENGTH]
        size = 0
        with self._store as store:
            store.seek(0)
            for name, length in self._names:
                data = script(f"{segment}/{name}", store.read(length))
                (folder / f"{name}{SUFFIX}").write_bytes(data)
                size += len(data)
        return segment, tuple(f"{name}{SUFFIX}" for name, _ in self._names), size


class _Lists:
    """The posting lists of all terms as text, put down on the disk until it is known how many shards there are."""

    def __init__(self, folder: Path) -> None:
        self._store = TemporaryFile(dir=folder)  # noqa: SIM115 - open until all is written
        self._hashes: dict[int, list[NDArray[np.uint64]]] = {key: [] for key in KEYS}
        self._lengths: list[NDArray[np.int64]] = []
        self._chars = 0
        self._tails: dict[str, int] = {}
        self.key = KEYS[0]

    def add(self, postings: Postings) -> None:
        entries = []
        for term, text in zip(postings.terms, _posting_texts(postings), strict=True):
            shown = self._cut(text) if len(text) > LONG_LIST else text
            self._chars += len(term) + len(shown)
            entries.append(b"%b:%b|" % (term.encode(), shown))
        for key, hashes in self._hashes.items():
            hashes.append(term_hashes(postings.terms, key))
        self._lengths.append(np.fromiter(map(len, entries), dtype=np.int64, count=len(entries)))
        self._store.write(b"".join(entries))

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
    codes, lengths = _spelt(terms)
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


def _shard_key(term: str, key: int) -> str:
    """Short wholes lie where a query's first gram is, long ones are spread."""
    if not term.startswith(WHOLE):
        return term[:key]
    return term[1 : 1 + key] if len(term) <= SHORT_WHOLE + len(WHOLE) else term[1:]


def _posting_texts(postings: Postings) -> Iterator[bytes]:
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
    text = row.tobytes()
    bounds = places[postings.starts].tolist()
    for start, end in pairwise(bounds):
        yield text[start:end]


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


class _Head:
    """What every query needs to know of a segment's documents, gathered in their order."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._months: list[int] = []
        self._starts: list[int] = []
        """Where each place's documents begin."""
        self._expired: list[int] = []
        self._days: dict[int, list[int]] = {}

    def add(self, record: SearchRecord) -> None:
        if record.place not in self._places:
            self._starts.append(len(self._months))
        self._places[record.place] = self._places.get(record.place, 0) + 1
        if record.expired:
            self._expired.append(len(self._months))
        self._months.append(month_of(record))
        day = 31 * (record.published.month - 1) + record.published.day - 1
        self._days.setdefault(record.published.year, []).append(day)

    def years(self) -> Iterator[tuple[int, str]]:
        """Each year with the days of its documents' publication."""
        for year, days in sorted(self._days.items()):
            yield year, vlq.encode(days)

    @property
    def newest(self) -> int:
        return max(self._months)

    def value(self, packs: Sequence[int], before: Sequence[Sequence[int]]) -> dict[str, object]:
        newest = self.newest
        months = [ranked_month(month, newest, RECENT + SPARE) for month in self._months]
        steps = [earlier - later for earlier, later in pairwise([newest, *months])]
        for start in self._starts:
            steps[start] = newest - months[start]
        return {
            "places": list(self._places),
            "counts": vlq.encode(self._places.values()),
            "months": vlq.encode(steps),
            "newest": newest,
            "packs": vlq.encode(packs),
            "expired": vlq.gaps(self._expired),
            "before": [vlq.encode(counts) for counts in before],
        }


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
