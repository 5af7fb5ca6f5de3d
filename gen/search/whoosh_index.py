"""The group's index for Whoosh: the same terms and levels as the browser's, in segments of the same documents.

Whoosh's own chain (an analyser, a pool of postings, a merge, one call a posting) costs tens of microseconds for every
character of a Chinese text. Here a codec takes a whole segment's postings at once: they are coded as one array, and
only the dictionary of terms is written one by one. What Whoosh reads of it is the interface of any codec.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import columns
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3Segment
from whoosh.fields import ID, NUMERIC, STORED, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Frequency
from whoosh.index import TOC, EmptyIndexError, FileIndex
from whoosh.matching.mcore import ListMatcher

from gen.render import records
from gen.render.records import SearchRecord, key_of
from gen.search.engine_files import NAME
from gen.search.postings import Postings
from gen.search.state import Kept
from gen.search.whoosh_terms import TermsWriter

TERMS, RECORD = "terms", "record"
PLACE, DAY, EXPIRED, KEY, PATH = "place", "day", "expired", "key", "path"
_LEVEL_BITS = 3
_MORE = 0x80
_FIGURES = np.dtype(
    [
        ("is_inline", ">u1"),
        ("weight", ">f4"),
        ("count", ">u4"),
        ("lengths", ">u2"),
        ("most", ">f4"),
        ("low", ">u4"),
        ("high", ">u4"),
        ("offset", ">i8"),
        ("length", ">i4"),
    ]
)
"""A term's figures as Whoosh lays them down, and where its postings are."""
_UNNAMED = "new"
"""Stands in a segment's place in the names of files while its name isn't known."""


class TermsField(FieldType):  # type: ignore[misc]
    """Terms with a level for each document, as its weight. Texts are analysed elsewhere: none is indexed through it."""

    def __init__(self) -> None:
        self.format = Frequency()
        self.analyzer = None
        self.scorable = False
        self.stored = False
        self.unique = False
        self.vector = None
        self.spelling = False
        self.column_type = None
        self.multitoken_query = "and"

    def index(self, value: Any, **kwargs: Any) -> Iterator[Any]:
        raise NotImplementedError("segments are written whole")

    def to_bytes(self, value: str | bytes) -> bytes:
        return value if isinstance(value, bytes) else value.encode()

    def from_bytes(self, bs: bytes) -> str:
        return bs.decode()


def schema() -> Schema:
    """The fields: `terms` to search, columns to filter and sort by, the record to show."""
    return Schema(
        terms=TermsField(),
        path=ID(unique=True, sortable=columns.VarBytesColumn()),
        place=ID(sortable=columns.RefBytesColumn()),
        day=NUMERIC(sortable=True, numtype=int, bits=32, signed=False),
        expired=NUMERIC(sortable=True, numtype=int, bits=32, signed=False),
        key=ID(sortable=columns.VarBytesColumn()),
        record=STORED(),
    )


class LevelsMatcher(ListMatcher):  # type: ignore[misc]  # whoosh3 types nothing here
    """A term's postings: what Whoosh's queries step through, and as arrays what the engine counts with."""

    def __init__(self, docs: NDArray[np.int64], levels: NDArray[np.int64], **others: Any) -> None:
        super().__init__(docs.tolist(), [level + 1.0 for level in levels.tolist()], **others)
        self.docs = docs
        self.levels = levels


class SegmentCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's format, but for the postings."""

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> LevelsMatcher:
        offset, length = terminfo.extent()
        if isinstance(length, tuple):  # as whoosh3 3.54 reads it back
            (length,) = length
        docs, levels = _decode(np.frombuffer(bytes(dbfile.get(offset, length)), dtype=np.uint8))
        return LevelsMatcher(docs, levels, format=format_, scorer=scorer, term=term, terminfo=terminfo)


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Whoosh's, with a dictionary that takes terms a range at a time."""

    def __init__(self, codec: SegmentCodec, storage: FileStorage, segment: W3Segment) -> None:
        super().__init__(codec, storage, segment)
        file: Any = self._tindex.dbfile
        file.seek(0)
        self.terms = TermsWriter(file)
        self._tindex: Any = self.terms
        self._fieldmap: dict[str, int] = {}
        self.terms.extras["fieldmap"] = self._fieldmap


class KeptSegment(W3Segment):  # type: ignore[misc]
    """A segment under the name that the browser's has too."""

    def __init__(self, kept: Kept, dead: Sequence[int]) -> None:
        super().__init__(SegmentCodec(), NAME, kept.documents, segid=kept.id, deleted=set(dead) or None)
        self._fieldlengths: dict[str, int] = {}


class SegmentMaker:
    """Makes a segment's files in `folder`; they are named when the segment is."""

    def __init__(self, folder: Path, documents: int) -> None:
        self._folder = folder
        self._storage = FileStorage(str(folder))
        self._segment = KeptSegment(Kept(_UNNAMED, documents, 0, 0, 0, documents), ())
        self._terms = _FieldWriter(SegmentCodec(), self._storage, self._segment)
        self._terms.start_field(TERMS, schema()[TERMS])

    def add(self, postings: Postings) -> None:
        """Takes the next range of terms: its postings as one row of bytes, then for each term where they lie, and its figures."""
        row, starts = _encode(postings)
        base = self._terms._postfile.tell()  # noqa: SLF001 - the codec's own writer; `add` takes one posting at a time
        self._terms._postfile.write(row.tobytes())  # noqa: SLF001
        begins = postings.starts[:-1]
        weights = np.add.reduceat(postings.levels.astype(np.int64) + 1, begins)
        best = np.maximum.reduceat(postings.levels, begins) + 1.0
        figures = np.zeros(len(postings.terms), dtype=_FIGURES)
        figures["weight"], figures["count"], figures["most"] = weights, np.diff(postings.starts), best
        figures["low"], figures["high"] = postings.docs[begins], postings.docs[postings.starts[1:] - 1]
        figures["offset"], figures["length"] = base + starts[:-1], np.diff(starts)
        self._terms.terms.add_range([b"\0\0" + term.encode() for term in postings.terms], figures)

    def finish(self, segment_id: str, documents: Iterable[SearchRecord]) -> tuple[str, ...]:
        """Adds the documents, in the order of ordinals, and names the files; their names."""
        self._terms.finish_field()
        self._terms.close()
        _write_documents(SegmentCodec().per_document_writer(self._storage, self._segment), documents)
        names = []
        for file in sorted(self._folder.glob(f"{NAME}_{_UNNAMED}.*")):
            names.append(file.name.replace(_UNNAMED, segment_id, 1))
            file.rename(self._folder / names[-1])
        return tuple(names)


def _write_documents(writer: Any, documents: Iterable[SearchRecord]) -> None:
    fields = schema()
    values: dict[str, Callable[[SearchRecord], Any]] = {
        PATH: lambda one: one.path.encode(),
        PLACE: lambda one: one.place.encode(),
        DAY: lambda one: one.published.date().toordinal(),
        EXPIRED: lambda one: int(one.expired),
        KEY: lambda one: key_of(one).encode(),
    }
    for ordinal, record in enumerate(documents):
        writer.start_doc(ordinal)
        writer.add_field(RECORD, fields[RECORD], records.encode(record), 0)
        for name, value in values.items():
            writer.add_column_value(name, fields[name].column_type, value(record))
        writer.finish_doc()
    writer.close()


def _encode(postings: Postings) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Every posting as gap and level in one number of 7-bit groups, lowest first; where each term's begin."""
    docs = postings.docs.astype(np.int64)
    gaps = np.diff(docs, prepend=0)
    begins = postings.starts[:-1]
    gaps[begins] = docs[begins]
    values = gaps << _LEVEL_BITS | postings.levels
    sizes = np.ones(len(values), dtype=np.int64)
    for group in range(1, 5):
        sizes += values >= 1 << (7 * group)
    places = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    row = np.empty(int(places[-1]), dtype=np.uint8)
    at, rest, left = places[:-1], values, sizes
    while len(at):
        row[at] = np.where(left > 1, (rest & 0x7F) | _MORE, rest)
        more = left > 1
        at, rest, left = at[more] + 1, rest[more] >> 7, left[more] - 1
    return row, places[postings.starts]


def _decode(row: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The documents and levels of one term."""
    ends = np.flatnonzero(row < _MORE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    within = np.arange(len(row)) - np.repeat(starts, ends - starts + 1)
    values = np.add.reduceat((row & 0x7F).astype(np.int64) << (7 * within), starts)
    return np.cumsum(values >> _LEVEL_BITS), values & ((1 << _LEVEL_BITS) - 1)


def write_index(folder: Path, segments: Sequence[tuple[Kept, Sequence[int]]]) -> None:
    """Makes `segments`, each with its dead, what the index at `folder` consists of; their files are there."""
    storage = FileStorage(str(folder))
    generation = TOC._latest_generation(storage, NAME) + 1  # noqa: SLF001 - what every writer of Whoosh asks
    TOC(schema(), [KeptSegment(kept, dead) for kept, dead in segments], generation).write(storage, NAME)


def tidy(folder: Path, segments: Sequence[Kept]) -> None:
    """Deletes what no segment of the present index needs."""
    storage = FileStorage(str(folder))
    generation = TOC._latest_generation(storage, NAME)  # noqa: SLF001
    wanted = {f"{NAME}_{segment.id}" for segment in segments}
    for name in os.listdir(folder):
        is_other_toc = name.endswith(".toc") and name != TOC._filename(NAME, generation)  # noqa: SLF001
        is_other_segment = name.startswith(f"{NAME}_") and name.partition(".")[0] not in wanted
        if is_other_toc or is_other_segment:
            (folder / name).unlink(missing_ok=True)


def open_index(folder: Path) -> FileIndex | None:
    """The index at `folder`; None if there is none."""
    try:
        return FileIndex(FileStorage(str(folder)), indexname=NAME)
    except (EmptyIndexError, OSError):
        return None
