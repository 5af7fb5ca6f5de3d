"""The files of one segment of the browser's index: a head, shards, tails, packs, days (docs/search.md).

A segment is a pure function of its records and of how many of the older segments' documents go before them; nothing of
it changes later but packs that documents are taken out of.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from tempfile import TemporaryFile

import msgspec

from gen.files import digester
from gen.render.records import SearchRecord, month_of
from gen.search import vlq, words
from gen.search.entries import NAME_LENGTH, PART_CHARS, SUFFIX, pack_entry, script, texts_of
from gen.search.freshness import RECENT, SPARE, ranked_month
from gen.search.ordinals import Documents, newest_in
from gen.search.packs import SLACK, coded, packed
from gen.search.postings import Postings
from gen.search.shards import Lists
from gen.search.tails import Tails

LARGE = 2_000
"""Documents from which on a segment's files are smaller: its head takes more of what a first query may cost."""
SHARD_CHARS = (3_500, 2_000)
"""About so many characters of postings share a shard; in a large segment."""
HUGE_SHARD_CHARS = 800
"""The same in a huge one: a query loads more tails, and a pack for each document makes shards the fewer files."""
TINY, TINY_SHARD_CHARS, ADDED_SHARD_CHARS = 100, 1_000, 400
"""The same in a segment of fewer documents; in one of them that comes on top of what a query loads of older ones."""
PACK_CHARS = (800, 600)
"""So many characters of coded text share a pack, or those of one document; in a large segment."""
SAMPLE = 256
"""About so many documents say what the words of a segment are."""


class Segment(msgspec.Struct, frozen=True):
    """A segment whose files are written. `packs[n]`: how many documents are in pack n; `newest`: the month of the newest;
    `young`: how many go before all others as the newest; `files`: their names in its folder."""

    id: str
    documents: int
    shards: int
    key: int
    packs: tuple[int, ...]
    newest: int
    young: int
    files: tuple[str, ...]
    size: int


class SegmentMaker:
    """Makes a segment's files in `folder`, on whose disk they are put down until the segment's name, a hash of them all, is known."""

    def __init__(self, folder: Path, documents: Documents) -> None:
        self._folder = folder
        self._documents = documents
        self._is_large = len(documents) >= LARGE
        self._young = newest_in(documents)
        self._lists = Lists(folder, Tails(len(documents), self._young))
        self._files = _Files(folder)

    def add(self, postings: Postings) -> None:
        """Takes the next range of terms."""
        self._lists.add(postings)

    def finish(self, before: Sequence[Sequence[int]]) -> Segment:
        """The segment, after older ones: `before[i]` says for each document how many of segment i with its place go before it."""
        documents, shards = self._documents, 0
        for shard in self._lists.shards(self._shard_chars(len(documents), is_added=bool(before))):
            self._files.add(str(shards), shard)
            shards += 1
        for name, text in self._lists.tails.files():
            self._files.add(name, msgspec.json.encode(text))
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
        return Segment(
            name,
            len(documents),
            shards,
            self._lists.key,
            tuple(packs),
            head.newest,
            self._young or 0,
            names,
            size,
        )

    def _shard_chars(self, documents: int, is_added: bool) -> int:
        chars = SHARD_CHARS[self._is_large] if self._young is None else HUGE_SHARD_CHARS
        most = ADDED_SHARD_CHARS if is_added else TINY_SHARD_CHARS
        return min(chars, most) if documents < TINY else chars

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


class _Head:
    """What every query needs to know of a segment's documents, gathered in their order."""

    def __init__(self) -> None:
        self._places: list[str] = []
        self._months: list[int] = []
        self._starts: list[int] = []
        """Where the documents of each of `_places` begin."""
        self._expired: list[int] = []
        self._days: dict[int, list[int]] = {}

    def add(self, record: SearchRecord) -> None:
        if self._places[-1:] != [record.place]:
            self._places.append(record.place)
            self._starts.append(len(self._months))
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
            "places": self._places,
            "counts": vlq.encode(end - start for start, end in pairwise([*self._starts, len(months)])),
            "months": vlq.encode(steps),
            "newest": newest,
            "packs": vlq.encode(packs),
            "expired": vlq.gaps(self._expired),
            "before": [vlq.encode(counts) for counts in before],
        }
