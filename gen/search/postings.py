"""From records to postings: which documents have a term, and at what level. All documents of a segment at once.

Chinese has a term at nearly every character, so terms are numbers here and lists are sorted arrays; no Python code
runs for a single occurrence. Postings come range by range of terms, so that a segment of any size takes bounded memory
besides two bytes for each character of its texts.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from gen.render.records import SearchRecord
from gen.search import analysis

U64 = NDArray[np.uint64]
U32 = NDArray[np.uint32]
U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]
Characters = NDArray[np.uint16 | np.uint32]

TOP_LEVEL = 7
SATURATION = 1.2
"""BM25's k1."""
MAX_KEYS, FEW_KEYS, SHARE = 2_000_000, 400_000, 8
"""So many occurrences are sorted at once; bounds the memory. Less in a small segment, an eighth of all but not less than
the second: each range goes through the whole row once."""
GRAM = 3
"""Characters of the longest gram."""
_CHUNK = 1 << 18
"""Characters that are numbered at once."""
_CODES = 0x110000


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
    """Terms in code point order, one after the other in `text`, `lengths` in characters; those of term i are
    `docs[starts[i]:starts[i + 1]]`, ascending, with their levels."""

    text: str
    lengths: I64
    starts: I64
    docs: U32
    levels: U8

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def terms(self) -> list[str]:
        ends = np.cumsum(self.lengths).tolist()
        return [self.text[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    def __iter__(self) -> Iterator[tuple[str, U32, U8]]:
        for term, start, end in zip(self.terms, self.starts, self.starts[1:], strict=False):
            yield term, self.docs[start:end], self.levels[start:end]


def make_postings(records: Iterable[SearchRecord]) -> Iterator[Postings]:
    """The postings of `records`, whose ordinals are their places in the order, in ranges of ascending terms."""
    return (one for one in _Stream(records).ranges() if len(one))


class _Characters:
    """Texts put down as one row of numbers for their characters. What is seldom met is numbered as it comes."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._size = 0
        self._numbers = np.zeros(_CODES, dtype=np.uint32)
        self._met: list[int] = []
        self._rows: list[Characters] = []

    def add(self, text: str) -> None:
        self._waiting.append(text)
        self._size += len(text)
        if self._size >= _CHUNK:
            self._number()

    def _number(self) -> None:
        codes = np.frombuffer("".join(self._waiting).encode("utf-32-le"), dtype=np.uint32)
        self._waiting, self._size = [], 0
        seen = np.zeros(_CODES, dtype=bool)
        seen[codes] = True
        new = np.flatnonzero(seen & (self._numbers == 0))
        self._numbers[new] = np.arange(len(new), dtype=np.uint32) + len(self._met) + 1
        self._met += new.tolist()
        kind = np.uint16 if len(self._met) < 1 << 16 else np.uint32
        row: Characters = self._numbers[codes].astype(kind)
        self._rows.append(row)

    def finish(self) -> tuple[Characters, U32, I64]:
        """The row, with 0 for a break and numbers in the order of code points; what they stand for; how often each occurs."""
        self.add(analysis.BREAK * GRAM)
        self._number()
        met = np.array(self._met, dtype=np.uint32)
        alphabet = np.sort(met[met != ord(analysis.BREAK)])
        ranks = np.zeros(len(met) + 1, dtype=np.uint32)
        ranks[1:] = np.where(met == ord(analysis.BREAK), 0, np.searchsorted(alphabet, met) + 1)
        totals = np.zeros(len(alphabet) + 1, dtype=np.int64)
        for row in self._rows:
            row[:] = ranks[row]
            totals += np.bincount(row, minlength=len(totals))
        return np.concatenate(self._rows), alphabet, totals


class _Wholes:
    """The terms that stand for whole numbers, titles and words, with the text of each occurrence."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._terms = array("L")
        self._texts = array("L")

    def add(self, term: str, text: int) -> None:
        self._terms.append(self._numbers.setdefault(term, len(self._numbers)))
        self._texts.append(text)

    def finish(self) -> tuple[list[str], U64, U64]:
        """The terms in order; of each occurrence the term's place among them, and the text."""
        terms = sorted(self._numbers)
        places = np.zeros(len(terms), dtype=np.uint64)
        places[[self._numbers[term] for term in terms]] = np.arange(len(terms), dtype=np.uint64)
        found = np.array(self._terms, dtype=np.intp)
        return terms, places[found], np.array(self._texts, dtype=np.uint64)


class _Stream:
    """The folded texts of all records in a row. A text's number is its document's, and its field in the lowest bits."""

    def __init__(self, records: Iterable[SearchRecord]) -> None:
        row, wholes = _Characters(), _Wholes()
        lengths: list[int] = []
        norms: list[float] = []
        for record in records:
            for number, text in enumerate((record.headings, record.attachments, record.text)):
                spaced = analysis.spaced(text)
                folded = spaced.replace(" ", "")
                for word in analysis.words_of(spaced):
                    wholes.add(analysis.WHOLE + word, len(lengths))
                row.add(folded + analysis.BREAK)
                lengths.append(len(folded) + 1)
                field = _FIELDS[number]
                norms.append(1 - field.b + field.b * len(folded) / field.pivot)
            title = "".join(analysis.fold(text) + analysis.BREAK for text in (record.title, *record.numbers))
            for term in _sure(record):
                wholes.add(term, len(lengths))
            row.add(title)
            lengths.append(len(title))
            norms.append(1)
        self._norms = np.array(norms)
        """How far the length of each text tells against its terms."""
        self._begins = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64)
        self._chars, self._alphabet, self._totals = row.finish()
        self._char_bits = len(self._alphabet).bit_length()
        self._text_bits = max(1, len(lengths).bit_length())
        self._wholes = wholes.finish()

    def ranges(self) -> Iterator[Postings]:
        """All postings, in ranges of ascending terms."""
        edge = int(np.searchsorted(self._alphabet, ord(analysis.WHOLE))) + 1
        for low, high in self._slices(1, edge):
            yield self._grams(low, high)
        yield self._whole_terms()
        for low, high in self._slices(edge, len(self._totals)):
            yield self._grams(low, high)

    def _slices(self, low: int, end: int) -> Iterator[tuple[int, int]]:
        """Ranges of first characters with no more than so many occurrences each, if one character has not more alone."""
        done = np.cumsum(self._totals)
        keys = min(MAX_KEYS, max(FEW_KEYS, int(done[-1]) // SHARE))
        while low < end:
            most = int(done[low - 1]) + keys
            high = min(end, max(low + 1, int(np.searchsorted(done, most, side="right"))))
            yield low, high
            low = high

    def _grams(self, low: int, high: int) -> Postings:
        """The grams of one, two and three characters whose first is in a range; single ones of titles and numbers only."""
        places = np.flatnonzero((self._chars >= low) & (self._chars < high))
        counts = np.diff(np.searchsorted(places, self._begins))
        texts = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
        grams = self._chars[places].astype(np.uint64) - np.uint64(low)
        titles = (texts & np.uint64((1 << _FIELD_BITS) - 1)) == _TITLE
        parts = [(1, *self._counted(grams[titles], texts[titles]))]
        for size in range(2, GRAM + 1):
            following = self._chars[places + (size - 1)]
            fits = following != 0
            places, texts = places[fits], texts[fits]
            grams = grams[fits] << np.uint64(self._char_bits) | following[fits]
            parts.append((size, *self._counted(grams, texts)))
        return self._joined(parts, low)

    def _whole_terms(self) -> Postings:
        terms, places, texts = self._wholes
        _, starts, docs, levels = self._counted(places, texts)
        lengths = np.fromiter(map(len, terms), dtype=np.int64, count=len(terms))
        return Postings("".join(terms), lengths, starts, docs, levels)

    def _counted(self, terms: U64, texts: U64) -> tuple[U64, I64, U32, U8]:
        """The different terms in order, where the documents of each begin, the documents and their levels."""
        shift = np.uint64(self._text_bits)
        if len(terms) and int(terms.max()).bit_length() + self._text_bits > 64:
            raise OverflowError("more documents or characters in one segment than its keys can number")
        keys, times = _distinct(np.sort(terms << shift | texts))
        text = (keys & np.uint64((1 << self._text_bits) - 1)).astype(np.intp)
        boosts = np.array([*(field.boost for field in _FIELDS), _SURE])
        weights = boosts[text & ((1 << _FIELD_BITS) - 1)] * times / self._norms[text]
        pairs = keys >> np.uint64(_FIELD_BITS)
        begins = _starts(pairs)
        levels = levels_of(np.add.reduceat(weights, begins)) if len(begins) else np.zeros(0, dtype=np.uint8)
        docs = (text[begins] >> _FIELD_BITS).astype(np.uint32)
        found = keys[begins] >> shift
        starts = _starts(found)
        return found[starts], np.append(starts, len(found)).astype(np.int64), docs, levels

    def _joined(self, parts: Sequence[tuple[int, U64, I64, U32, U8]], low: int) -> Postings:
        """The parts, one for each size of grams, as one in the order of the terms."""
        bits = np.uint64(self._char_bits)
        sizes = np.repeat([size for size, *_ in parts], [len(grams) for _, grams, *_ in parts])
        # What is shorter is filled up with zeros, which go before all characters.
        grams = np.concatenate([grams << bits * np.uint64(GRAM - size) for size, grams, *_ in parts])
        order = np.lexsort((sizes, grams))
        counts = np.concatenate([np.diff(starts) for _, _, starts, _, _ in parts])
        offsets = np.cumsum(counts) - counts
        counts = counts[order]
        starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        source = np.repeat(offsets[order] - starts[:-1], counts) + np.arange(starts[-1])
        docs = np.concatenate([docs for *_, docs, _ in parts])[source]
        levels = np.concatenate([levels for *_, levels in parts])[source]
        sizes = sizes[order].astype(np.int64)
        return Postings(self._spell(grams[order], sizes, low), sizes, starts, docs, levels)

    def _spell(self, grams: U64, sizes: I64, low: int) -> str:
        codes = np.empty((len(grams), GRAM), dtype="<u4")
        mask = np.uint64((1 << self._char_bits) - 1)
        spelt = np.concatenate(([0], self._alphabet))
        for offset in range(GRAM):
            number = (grams >> np.uint64(self._char_bits * (GRAM - 1 - offset))).astype(np.intp)
            codes[:, offset] = spelt[number + low] if offset == 0 else spelt[number & int(mask)]
        return codes[np.arange(GRAM) < sizes[:, np.newaxis]].tobytes().decode("utf-32-le")


def levels_of(weights: NDArray[np.float64]) -> U8:
    """Levels 0 to 7 of BM25F sums; 7 is what stands in a title or number."""
    levels = np.minimum(TOP_LEVEL - 1, np.floor(TOP_LEVEL * weights / (weights + SATURATION)))
    levels[weights >= _SURE] = TOP_LEVEL
    result: U8 = levels.astype(np.uint8)
    return result


def _sure(record: SearchRecord) -> Iterator[str]:
    """The terms of a record's title and numbers as wholes."""
    for text in (record.title, *record.numbers):
        if term := analysis.whole(text):
            yield term
        yield from (analysis.WHOLE + word for word in analysis.words(text))


def _distinct(keys: U64) -> tuple[U64, I64]:
    """The different values of a sorted array, and how often each occurs."""
    begins = _starts(keys)
    return keys[begins], np.diff(np.append(begins, len(keys)))


def _starts(keys: U64) -> NDArray[np.intp]:
    """Where each run of equal values of a sorted array begins."""
    if not len(keys):
        return np.zeros(0, dtype=np.intp)
    return np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
