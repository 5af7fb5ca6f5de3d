"""Brings indexes up to date: a change makes a small segment, small segments are merged while that is cheap.

Segments shrink from the oldest to the newest. A new one takes in all newer ones that are not GROWTH times its size, so
that there are few of them and a document is written anew only a few times, however large the group. An index whose
documents all came at once, or that was merged, is one segment and the same bytes in every case.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from gen.database import open_reader
from gen.files import digest
from gen.render import records
from gen.render.records import SearchRecord, in_order, key_of, month_of
from gen.search.packs import NAME_LENGTH, SUFFIX, pack_entry, script
from gen.search.state import Kept, Member, SearchState

GROWTH = 10
SMALL = 20
"""A segment of fewer live documents is always merged with newer ones."""


class Plan(msgspec.Struct, frozen=True):
    """What becomes of an index: its segments from number `first` on make way for one of the documents at `paths`.

    `before`: for each older segment, how many of its documents go before each of the new one's. `files` are packs of
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
    first = 0 if merge and _is_worth_merging(segments) else min([len(segments), *hidden])
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


def _before(state: SearchState, owner: str, first: int, paths: Iterable[str]) -> tuple[tuple[int, ...], ...]:
    found = in_order(records.decode(value) for value in state.record_values(paths))
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
            entries.append(pack_entry(record) if record else None)
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
    """What came of a plan's documents: their segment with its files, and who is in it in the order of ordinals."""

    segment: Kept
    files: dict[str, bytes]
    group_files: dict[str, bytes]
    """Those for Whoosh."""
    members: tuple[Member, ...]


class Encoder(msgspec.Struct, frozen=True):
    """Makes segments, in any process, from the committed records."""

    connection: sqlite3.Connection

    @classmethod
    def open(cls, database: Path) -> "Encoder":
        return cls(open_reader(database))

    def close(self) -> None:
        self.connection.close()

    def records(self, paths: Sequence[str]) -> list[SearchRecord]:
        """Those of `paths`, in the order of ordinals."""
        values = SearchState(self.connection).record_values(paths)
        return in_order(map(records.decode, values))

    def encode(self, wanted: Plan) -> Made | None:
        """The new segment; None if there is nothing for it."""
        from gen.search import whoosh_index
        from gen.search.postings import make_postings
        from gen.search.shards import make_segment

        found = self.records(wanted.paths)
        if not found:
            return None
        postings = make_postings(found)
        segment = make_segment(found, postings, wanted.before)
        packs = (pack for pack, ordinals in enumerate(segment.packs) for _ in ordinals)
        members = tuple(
            Member(one.path, one.place, month_of(one), key_of(one), pack)
            for one, pack in zip(found, packs, strict=True)
        )
        kept = Kept(segment.id, segment.documents, segment.shards, live=segment.documents)
        group_files = whoosh_index.make_segment(segment.id, found, postings) if wanted.for_group else {}
        return Made(kept, segment.files, group_files, members)


def take_in(state: SearchState, wanted: Plan, made: Made | None) -> dict[str, bytes]:
    """Notes what an index consists of now; the files that it gained, by their name in `search/`."""
    owner = wanted.owner
    come = dict(wanted.files)
    if made:
        state.add_segment(owner, wanted.first, made.segment, made.members)
        come.update(made.files)
    state.replace_files(owner, wanted.gone, come)
    state.clean(owner)
    return come
