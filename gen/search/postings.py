"""From records to postings: which documents have a term, and at what level. All documents of a segment at once.

Chinese has a term at nearly every character, so terms are numbers here and lists are sorted arrays; no Python code
runs for a single occurrence.
"""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from gen.render.records import SearchRecord
from gen.search import analysis

U64 = NDArray[np.uint64]
U32 = NDArray[np.uint32]
U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

TOP_LEVEL = 7
SATURATION = 1.2
"""BM25's k1."""
MAX_KEYS = 6_000_000
"""So many occurrences are sorted at once; bounds the memory."""


class Field(msgspec.Struct, frozen=True):
    """How a field counts in BM25F: its boost, how far length matters, and the length (characters) at which it does not."""

    boost: float
    b: float
    pivot: float


HEADINGS, ATTACHMENTS, TEXT = Field(4, 0.5, 60), Field(2, 0.5, 40), Field(1, 0.75, 1000)
_FIELDS = (HEADINGS, ATTACHMENTS, TEXT)
_TITLE = len(_FIELDS)
_FIELD_BITS = 2
_SURE = 1e9
"""What a title or number weighs: more than any text."""


class Postings(msgspec.Struct, frozen=True):
    """`terms` in code point order; those of term i are `docs[starts[i]:starts[i + 1]]`, ascending, with their levels."""

    terms: list[str]
    starts: I64
    docs: U32
    levels: U8

    def __iter__(self) -> Iterator[tuple[str, U32, U8]]:
        for term, start, end in zip(self.terms, self.starts, self.starts[1:], strict=False):
            yield term, self.docs[start:end], self.levels[start:end]


def make_postings(records: Sequence[SearchRecord]) -> Postings:
    """The postings of `records`, whose ordinals are their places in the sequence."""
    stream = _Stream(records)
    parts = [
        *stream.grams(1, titles_only=True),
        *stream.grams(2),
        *stream.grams(3),
        _wholes(records, stream),
    ]
    return _joined([part for part in parts if part.terms])


class _Stream:
    """The folded texts of all records as one row of character numbers; 0 parts runs."""

    def __init__(self, records: Sequence[SearchRecord]) -> None:
        texts: list[str] = []
        owners: list[int] = []
        fields: list[int] = []
        self.norms = np.ones((len(records), len(_FIELDS)))
        self.words: list[list[list[str]]] = []
        """The words of each record's fields."""
        for ordinal, record in enumerate(records):
            given = [analysis.spaced(text) for text in (record.headings, record.attachments, record.text)]
            self.words.append([analysis.words_of(text) for text in given])
            for number, text in enumerate(given):
                folded = text.replace(" ", "")
                texts.append(folded)
                owners.append(ordinal)
                fields.append(number)
                field = _FIELDS[number]
                self.norms[ordinal, number] = 1 - field.b + field.b * len(folded) / field.pivot
            texts.append(analysis.BREAK.join(analysis.fold(text) for text in (record.title, *record.numbers)))
            owners.append(ordinal)
            fields.append(_TITLE)
        codes = np.frombuffer(analysis.BREAK.join([*texts, ""]).encode("utf-32-le"), dtype=np.uint32)
        seen = np.zeros(0x110000, dtype=bool)
        seen[codes] = True
        seen[ord(analysis.BREAK)] = False
        self.alphabet = np.flatnonzero(seen).astype(np.uint32)
        numbers = np.zeros(0x110000, dtype=np.uint32)
        numbers[self.alphabet] = np.arange(1, len(self.alphabet) + 1, dtype=np.uint32)
        self._chars = numbers[codes]
        lengths = np.array([len(text) + 1 for text in texts], dtype=np.int64)
        self._documents = len(records)
        self._doc_bits = max(1, len(records).bit_length())
        self._char_bits = len(self.alphabet).bit_length()
        tails = np.array(owners, dtype=np.uint64) << np.uint64(_FIELD_BITS) | np.array(
            fields, dtype=np.uint64
        )
        self._tails = np.repeat(tails, lengths)
        """Document and field of each character, as a key ends."""

    def grams(self, size: int, *, titles_only: bool = False) -> Iterator[Postings]:
        """Postings of all grams of `size` characters, in their order."""
        count = len(self._chars) - size + 1
        if count <= 0:
            return
        fits = np.ones(count, dtype=bool)
        for offset in range(size):
            fits &= self._chars[offset : offset + count] != 0
        if titles_only:
            fits &= (self._tails[:count] & np.uint64((1 << _FIELD_BITS) - 1)) == _TITLE
        places = np.flatnonzero(fits)
        first = self._chars[places]
        for low, high in self._slices(first):
            here = places[(first >= low) & (first < high)] if (low, high) != (0, 1 << 32) else places
            if len(here):
                yield self._count(here, size)

    @staticmethod
    def _slices(first: U32) -> Iterator[tuple[int, int]]:
        """Ranges of first characters with no more than MAX_KEYS occurrences each, if one character has not more alone."""
        if len(first) <= MAX_KEYS:
            yield 0, 1 << 32
            return
        totals = np.cumsum(np.bincount(first))
        low = 0
        while low < len(totals):
            done = int(totals[low - 1]) if low else 0
            high = max(low + 1, int(np.searchsorted(totals, done + MAX_KEYS, side="right")))
            yield low, high
            low = high

    def _count(self, places: NDArray[np.intp], size: int) -> Postings:
        key = np.zeros(len(places), dtype=np.uint64)
        for offset in range(size):
            key = key << np.uint64(self._char_bits) | self._chars[places + offset]
        shift = np.uint64(self._doc_bits + _FIELD_BITS)
        if size * self._char_bits + int(shift) > 64:
            raise OverflowError("more documents or characters in one segment than its keys can number")
        key = key << shift | self._tails[places]
        key.sort()
        keys, times = _distinct(key)
        field = (keys & np.uint64((1 << _FIELD_BITS) - 1)).astype(np.intp)
        pair = keys >> np.uint64(_FIELD_BITS)
        docs = (pair & np.uint64((1 << self._doc_bits) - 1)).astype(np.uint32)
        pairs = _starts(pair)
        weights = np.add.reduceat(self._weights(times, docs, field), pairs)
        grams = pair[pairs] >> np.uint64(self._doc_bits)
        begins = _starts(grams)
        terms = self._spell(grams[begins], size)
        return Postings(
            terms, np.append(begins, len(grams)).astype(np.int64), docs[pairs], levels_of(weights)
        )

    def _weights(self, times: I64, docs: U32, field: NDArray[np.intp]) -> NDArray[np.float64]:
        boosts = np.array([f.boost for f in _FIELDS] + [_SURE])
        norms = np.append(self.norms, np.ones((self._documents, 1)), axis=1)
        weights: NDArray[np.float64] = boosts[field] * times / norms[docs, field]
        return weights

    def _spell(self, grams: U64, size: int) -> list[str]:
        codes = np.empty((len(grams), size), dtype="<u4")
        mask = np.uint64((1 << self._char_bits) - 1)
        for offset in range(size):
            number = (grams >> np.uint64(self._char_bits * (size - 1 - offset))) & mask
            codes[:, offset] = self.alphabet[number.astype(np.intp) - 1]
        text = codes.tobytes().decode("utf-32-le")
        return [text[start : start + size] for start in range(0, len(text), size)]


def levels_of(weights: NDArray[np.float64]) -> U8:
    """Levels 0 to 7 of BM25F sums; 7 is what stands in a title or number."""
    levels = np.minimum(TOP_LEVEL - 1, np.floor(TOP_LEVEL * weights / (weights + SATURATION)))
    levels[weights >= _SURE] = TOP_LEVEL
    result: U8 = levels.astype(np.uint8)
    return result


def _wholes(records: Sequence[SearchRecord], stream: _Stream) -> Postings:
    """Postings of the terms that stand for whole numbers, titles and words."""
    found: dict[str, dict[int, float]] = {}
    for ordinal, record in enumerate(records):
        for number, words in enumerate(stream.words[ordinal]):
            step = float(_FIELDS[number].boost / stream.norms[ordinal, number])
            for word in words:
                weights = found.setdefault(analysis.WHOLE + word, {})
                weights[ordinal] = weights.get(ordinal, 0.0) + step
        sure = [analysis.whole(text) for text in (record.title, *record.numbers)]
        sure += [
            analysis.WHOLE + word for text in (record.title, *record.numbers) for word in analysis.words(text)
        ]
        for term in filter(None, sure):
            found.setdefault(term, {})[ordinal] = _SURE
    return _of_weights(found)


def _of_weights(found: dict[str, dict[int, float]]) -> Postings:
    terms = sorted(found)
    sizes = [len(found[term]) for term in terms]
    docs = np.fromiter((doc for term in terms for doc in found[term]), dtype=np.uint32, count=sum(sizes))
    weights = np.fromiter(
        (w for term in terms for w in found[term].values()), dtype=np.float64, count=sum(sizes)
    )
    return Postings(terms, np.concatenate(([0], np.cumsum(sizes))).astype(np.int64), docs, levels_of(weights))


def _joined(parts: Sequence[Postings]) -> Postings:
    """All parts as one, in the order of the terms."""
    if not parts:
        return Postings(
            [], np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint8)
        )
    terms = [term for part in parts for term in part.terms]
    order = np.array(sorted(range(len(terms)), key=terms.__getitem__), dtype=np.intp)
    sizes = np.concatenate([np.diff(part.starts) for part in parts])
    offsets = np.cumsum(sizes) - sizes
    new_sizes = sizes[order]
    starts = np.concatenate(([0], np.cumsum(new_sizes))).astype(np.int64)
    source = np.repeat(offsets[order] - starts[:-1], new_sizes) + np.arange(starts[-1])
    docs = np.concatenate([part.docs for part in parts])[source]
    levels = np.concatenate([part.levels for part in parts])[source]
    return Postings([terms[place] for place in order], starts, docs, levels)


def _distinct(keys: U64) -> tuple[U64, I64]:
    """The different values of a sorted array, and how often each occurs."""
    begins = _starts(keys)
    return keys[begins], np.diff(np.append(begins, len(keys)))


def _starts(keys: U64) -> NDArray[np.intp]:
    """Where each run of equal values of a sorted array begins."""
    return np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
