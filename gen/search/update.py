"""Brings indexes up to date: a change makes a small segment, small segments are merged while that is cheap.

Segments shrink from the oldest to the newest. A new one takes in all newer ones that are not GROWTH times its size, so
that there are few of them and a document is written anew only a few times, however large the group. An index whose
documents all came at once, or that was merged, is one segment and the same bytes in every case.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from gen.catalogue.navigation import SEARCH_FOLDER
from gen.database import open_reader
from gen.files import digest
from gen.render import records
from gen.render.records import SearchRecord, key_of, month_of
from gen.search.entries import NAME_LENGTH, SUFFIX, plain_entry, script
from gen.search.freshness import SPARE
from gen.search.ordinals import numbered
from gen.search.state import Kept, Member, SearchState

GROWTH = 10
SMALL = 20
"""A segment of fewer live documents is always merged with newer ones."""
STAGED = "~"
"""The folder of a segment in the making, beside those that are made."""


class _Place(msgspec.Struct, frozen=True):
    """Of a record, what decides its place in the order."""

    path: str
    place: str
    published: datetime


_PLACE = msgspec.msgpack.Decoder(_Place)


class Plan(msgspec.Struct, frozen=True):
    """What becomes of an index: its segments from number `first` on make way for one of the documents at `paths`.

    `before`: for each older segment, how many of its documents go before each of the new one's in its place. `files` are packs of
    older segments written anew, `gone` those that they replace; names are relative to `search/`.
    """

    owner: str
    for_group: bool
    """Whether it is the hub's, which Whoosh has too."""
    first: int
    paths: tuple[str, ...] = ()
    before: tuple[tuple[int, ...], ...] = ()
    files: dict[str, bytes] = {}
    gone: tuple[str, ...] = ()


def plan(state: SearchState, owner: str, *, for_group: bool, merge: bool) -> Plan:
    """Decides what an index needs; buries what changed and takes it out of the packs that held it.

    What may no longer be shown leaves no trace: its segment is made anew. `merge` makes one segment of all.
    """
    segments = state.segments(owner)
    dirty = state.dirty(owner)
    incoming = {path for path in dirty if state.has_record(path)}
    buried = {path: place for path in dirty if (place := state.place_of(owner, path))}
    traces = [state.oldest_trace(owner, path) for path in dirty if path not in incoming]
    hidden = [number for number in traces if number is not None]
    live = [segment.live for segment in segments]
    for number, ordinal, _ in buried.values():
        state.bury(owner, number, ordinal)
        live[number] -= 1
    outdated = _outdated(state, owner, segments, incoming)
    first = 0 if merge and _is_worth_merging(segments) else min([len(segments), *hidden, *outdated])
    size = len(incoming) + sum(live[first:])
    while first and size and live[first - 1] < max(SMALL, GROWTH * size):
        first -= 1
        size += live[first]
    gone = [name for segment in segments[first:] for name in state.files(owner, f"{segment.id}/")]
    packs = _Packs(state, owner, segments)
    packs.take_out(place for place in buried.values() if place[0] < first)
    paths = sorted(incoming.union(state.live_paths(owner, first)))
    before = _before(state, owner, first, paths) if first and paths else ()
    state.drop_segments(owner, first)
    return Plan(owner, for_group, first, tuple(paths), before, packs.files, (*gone, *packs.gone))


def _is_worth_merging(segments: Sequence[Kept]) -> bool:
    return len(segments) > 1 or any(segment.live < segment.documents for segment in segments)


def _outdated(
    state: SearchState, owner: str, segments: Sequence[Kept], incoming: Iterable[str]
) -> Iterator[int]:
    """Segments that may lack months which count again, since the newest document is much older than it was."""
    newest = state.newest_month(owner)
    suspects = [number for number, segment in enumerate(segments) if segment.newest - SPARE > newest]
    if suspects:
        newest = max([newest, *map(month_of, Stored(state.connection, incoming))])
    return (number for number in suspects if segments[number].newest - SPARE > newest)


def _before(state: SearchState, owner: str, first: int, paths: Iterable[str]) -> tuple[tuple[int, ...], ...]:
    found = Stored(state.connection, paths)
    return tuple(tuple(state.before(owner, number, record) for record in found) for number in range(first))


class _Packs:
    """Takes documents out of packs of segments that stay: what was changed must not be readable in its old form."""

    def __init__(self, state: SearchState, owner: str, segments: Sequence[Kept]) -> None:
        self._state = state
        self._owner = owner
        self._segments = segments
        self.files: dict[str, bytes] = {}
        self.gone: list[str] = []

    def take_out(self, buried: Iterable[tuple[int, int, int]]) -> None:
        by_segment: dict[int, list[tuple[int, int]]] = {}
        for number, ordinal, pack in buried:
            by_segment.setdefault(number, []).append((ordinal, pack))
        for number, places in by_segment.items():
            segment = self._segments[number]
            replaced = dict(segment.replaced)
            for ordinal, _ in places:
                self.gone += self._state.files(self._owner, f"{segment.id}/c{ordinal}-")
            for pack in sorted({pack for _, pack in places}):
                replaced[pack] = self._write_anew(number, segment.id, pack, replaced.get(pack))
            kept = msgspec.structs.replace(segment, live=segment.live - len(places), replaced=replaced)
            self._state.put_segment(self._owner, number, kept)

    def _write_anew(self, number: int, segment: str, pack: int, old: str | None) -> str:
        """The hash of the pack without its dead; empty if nothing lives in it."""
        self.gone.append(f"{pack_name(segment, pack, old)}{SUFFIX}")
        entries: list[list[object] | None] = []
        for path, lives in self._state.pack(self._owner, number, pack):
            record = self._state.record(path) if lives else None
            entries.append(plain_entry(record) if record else None)
        if not any(entries):
            return ""
        data = msgspec.json.encode(entries)
        new = digest(data)[:NAME_LENGTH]
        name = pack_name(segment, pack, new)
        self.files[f"{name}{SUFFIX}"] = script(name, data)
        return new


def pack_name(segment: str, pack: int, replaced: str | None) -> str:
    return f"{segment}/p{pack}-{replaced}" if replaced else f"{segment}/p{pack}"


class Made(msgspec.Struct, frozen=True):
    """What came of a plan's documents: their segment, who is in it in the order of ordinals, and its files where they were made."""

    segment: Kept
    members: tuple[Member, ...]
    folder: Path
    files: tuple[str, ...]
    size: int
    group_folder: Path
    """Where those for Whoosh are."""
    group_files: tuple[str, ...] = ()


class Stored:
    """Documents in the order of ordinals; their records are read whenever they are gone through."""

    def __init__(self, connection: sqlite3.Connection, paths: Iterable[str]) -> None:
        self._state = SearchState(connection)
        self._paths = [one.path for one in numbered(map(_PLACE.decode, self._state.record_values(paths)))]

    def __len__(self) -> int:
        return len(self._paths)

    def __iter__(self) -> Iterator[SearchRecord]:
        return map(records.decode, self._state.record_values(self._paths))


class Encoder(msgspec.Struct, frozen=True):
    """Makes segments, in any process, from the committed records. Their files wait in folders of their own."""

    connection: sqlite3.Connection
    out: Path
    engine: Path

    @classmethod
    def open(cls, places: tuple[Path, Path, Path]) -> "Encoder":
        """`places`: the state's database, the output folder, the folder of the group's Whoosh index."""
        database, out, engine = places
        return cls(open_reader(database), out, engine)

    def close(self) -> None:
        self.connection.close()

    def encode(self, wanted: Plan) -> Made | None:
        """The new segment; None if there is nothing for it."""
        documents = Stored(self.connection, wanted.paths)
        if not len(documents):
            return None
        from gen.search import whoosh_index
        from gen.search.postings import make_postings
        from gen.search.segment import SegmentMaker

        folder = _empty(self.out / wanted.owner / SEARCH_FOLDER / STAGED)
        group_folder = _empty(self.engine / STAGED) if wanted.for_group else self.engine
        maker = SegmentMaker(folder, documents)
        group_maker = whoosh_index.SegmentMaker(group_folder, len(documents)) if wanted.for_group else None
        for postings in make_postings(documents):
            maker.add(postings)
            if group_maker:
                group_maker.add(postings)
        segment = maker.finish(wanted.before)
        group_files = group_maker.finish(segment.id, documents) if group_maker else ()
        packs = (pack for pack, count in enumerate(segment.packs) for _ in range(count))
        members = tuple(
            Member(one.path, one.place, month_of(one), key_of(one), pack)
            for one, pack in zip(documents, packs, strict=True)
        )
        kept = Kept(
            segment.id,
            segment.documents,
            segment.shards,
            segment.key,
            segment.newest,
            live=segment.documents,
            young=segment.young,
        )
        return Made(kept, members, folder, segment.files, segment.size, group_folder, group_files)


def _empty(folder: Path) -> Path:
    """A folder with nothing of an earlier attempt in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def put_in_place(made: Made) -> None:
    """Moves a segment's files to where they are looked for. Nothing names them yet."""
    home = made.folder.with_name(made.segment.id)
    aside = home.with_name(f"{STAGED}{STAGED}")
    if home.exists():  # left by a build that was cut short, or the same documents once more
        home.rename(_empty(aside) / home.name)
    made.folder.rename(home)
    shutil.rmtree(aside, ignore_errors=True)
    for name in made.group_files:
        (made.group_folder / name).rename(made.group_folder.parent / name)
    if made.group_files:
        shutil.rmtree(made.group_folder)


def take_in(state: SearchState, wanted: Plan, made: Made | None) -> set[str]:
    """Notes what an index consists of now; the names in `search/` of the files that it gained."""
    owner = wanted.owner
    come = set(wanted.files)
    if made:
        state.add_segment(owner, wanted.first, made.segment, made.members)
        come.update(f"{made.segment.id}/{name}" for name in made.files)
    state.replace_files(owner, wanted.gone, come)
    state.clean(owner)
    return come
