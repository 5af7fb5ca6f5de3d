"""The files of one segment of the browser's index: postings in shards, what results show in packs (docs/search.md).

A segment is a pure function of its records and of the older segments' documents that share a month with them; nothing
of it changes later but packs that documents are taken out of.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from gen.files import digest
from gen.render.records import SearchRecord, month_of
from gen.search import vlq
from gen.search.analysis import WHOLE
from gen.search.packs import NAME_LENGTH, SUFFIX, make_packs, pack_entry, parts_of, script
from gen.search.postings import TOP_LEVEL, Postings

LARGE = 2_000
"""Documents from which on a segment's files are smaller: its head takes more of what a first query may cost."""
SHARD_CHARS = (4_000, 2_500)
"""About so many characters of postings share a shard; in a large segment."""
PACK_CHARS = (2_000, 1_200)
"""So many characters of text share a pack, or those of one document; in a large segment."""
LONG_LIST, INLINE = 3_000, 1_500
"""From how many characters on a posting list is cut, and how much of it then stays in its shard."""
SHORT_WHOLE = 6
_BYTES = np.frombuffer(vlq.ALPHABET.encode(), dtype=np.uint8)
_MAX_GROUPS = 7
_LAST_GROUP = re.compile("[A-Za-f]")
"""What a number ends with."""
_FNV_START, _FNV_PRIME = 2166136261, 16777619


class Segment(msgspec.Struct, frozen=True):
    """A segment's files by their name in `search/`. `packs[n]` are the ordinals in pack n."""

    id: str
    documents: int
    shards: int
    packs: tuple[tuple[int, ...], ...]
    files: dict[str, bytes]


def make_segment(
    records: Sequence[SearchRecord], postings: Postings, before: Sequence[Sequence[int]]
) -> Segment:
    """The segment of `records` (in order), after older ones: `before[i]` says for each record how many documents of
    segment i with its place and month go before it."""
    is_large = len(records) >= LARGE
    shards, tails = _shards(postings, SHARD_CHARS[is_large])
    packs = make_packs(records, PACK_CHARS[is_large])
    values: dict[str, object] = {"head": _head(records, packs, before)}
    values.update((str(number), text) for number, text in enumerate(shards))
    values.update((f"t{number}", text) for number, text in enumerate(tails))
    values.update(_days(records))
    for number, ordinals in enumerate(packs):
        values[f"p{number}"] = [pack_entry(records[ordinal]) for ordinal in ordinals]
    for ordinal, record in enumerate(records):
        values.update((f"c{ordinal}-{part}", text) for part, text in enumerate(parts_of(record)[1:], 1))
    encoded = {name: msgspec.json.encode(value) for name, value in values.items()}
    name = digest(b"\0".join(part for pair in encoded.items() for part in (pair[0].encode(), pair[1])))[
        :NAME_LENGTH
    ]
    files = {f"{name}/{file}{SUFFIX}": script(f"{name}/{file}", data) for file, data in encoded.items()}
    return Segment(name, len(records), len(shards), packs, files)


def shard_numbers(terms: Sequence[str], shards: int) -> NDArray[np.int64]:
    """The shard of each term."""
    keys = [_shard_key(term) for term in terms]
    lengths = np.fromiter(map(len, keys), dtype=np.int64, count=len(keys))
    codes = np.frombuffer("".join(keys).encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    starts = np.cumsum(lengths) - lengths
    value = np.full(len(keys), _FNV_START, dtype=np.uint64)
    left = np.arange(len(keys))
    for place in range(int(lengths.max(initial=0))):
        left = left[lengths[left] > place]
        value[left] = ((value[left] ^ codes[starts[left] + place]) * np.uint64(_FNV_PRIME)) & np.uint64(
            0xFFFFFFFF
        )
    value ^= value >> np.uint64(15)
    return (value % np.uint64(shards)).astype(np.int64)


def _shard_key(term: str) -> str:
    """What decides a term's shard: short wholes lie where a query's first gram is, long ones are spread."""
    if not term.startswith(WHOLE):
        return term
    return term[1:4] if len(term) <= SHORT_WHOLE + len(WHOLE) else term[1:]


def _shards(postings: Postings, chars: int) -> tuple[list[str], list[str]]:
    """The texts of all shards and of all tails."""
    lists = list(_posting_texts(postings))
    tails: list[str] = []
    for place, text in enumerate(lists):
        if len(text) > LONG_LIST:
            head, rest = _cut(text)
            lists[place] = f"{head}>{len(tails)}"
            tails.append(rest)
    total = sum(map(len, lists)) + sum(map(len, postings.terms))
    count = max(1, total // chars)
    shards: list[list[str]] = [[] for _ in range(count)]
    for number, term, text in zip(
        shard_numbers(postings.terms, count).tolist(), postings.terms, lists, strict=True
    ):
        shards[number].append(f"{term}:{text}|")
    return ["|" + "".join(shard) for shard in shards], tails


def _posting_texts(postings: Postings) -> Iterator[str]:
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
    text = row.tobytes().decode()
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


def _head(
    records: Sequence[SearchRecord], packs: Sequence[Sequence[int]], before: Sequence[Sequence[int]]
) -> dict[str, object]:
    newest = max(map(month_of, records))
    places: dict[str, int] = {}
    months = []
    for place, found in groupby(records, key=lambda record: record.place):
        previous = newest
        for month in map(month_of, found):
            places[place] = places.get(place, 0) + 1
            months.append(previous - month)
            previous = month
    return {
        "places": list(places),
        "counts": vlq.encode(places.values()),
        "months": vlq.encode(months),
        "newest": newest,
        "packs": vlq.encode(map(len, packs)),
        "expired": vlq.gaps(ordinal for ordinal, record in enumerate(records) if record.expired),
        "before": [vlq.encode(counts) for counts in before],
    }


def _days(records: Sequence[SearchRecord]) -> dict[str, object]:
    years: dict[int, list[int]] = {}
    for record in records:
        years.setdefault(record.published.year, []).append(record.published.day)
    return {f"y{year}": vlq.encode(days) for year, days in sorted(years.items())}


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
