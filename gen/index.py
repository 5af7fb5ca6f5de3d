"""The step that brings the searches of sites up to date after their pages: plan, encode in workers, write, note.

A browser that reads an index meanwhile sees the old one or the new one: files of segments have names of their own,
the manifest changes last, and what nothing names any more is deleted after the state has forgotten it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from gen.catalogue.navigation import SEARCH, SEARCH_FOLDER
from gen.config.model import Group
from gen.database import get_meta, marks, set_meta, transaction
from gen.files import digest
from gen.search import manifest, update
from gen.search.engine_files import has_segment
from gen.search.state import RECORDS, SearchState
from gen.search.update import Encoder, Made, Plan
from gen.workers import Crew, Local, Work
from gen.workspace import Progress
from gen.write import Writer

_UNFINISHED = "unfinished"
"""Marks an index whose manifest may be that of a build that was cut short: what it said may have been taken back."""
_FORGOTTEN = "search"
"""Marks a site as untidy because files of an index may lie there that the state has forgotten."""
PARALLEL_FROM = 200
"""Documents to be encoded from which on workers are worth their start."""


class Place(msgspec.Struct, frozen=True):
    """Where an index step works: the output folder, the content's, the state's database."""

    out: Path
    content: Path
    database: Path
    engine: Path
    """The folder of the group's Whoosh index."""
    crew: Crew
    local: bool


class Indexed(msgspec.Struct, frozen=True):
    """What was done, in numbers."""

    documents: int = 0
    written_files: int = 0
    written_bytes: int = 0
    deleted_files: int = 0


def refresh(
    place: Place,
    connection: sqlite3.Connection,
    group: Group,
    owners: Iterable[str],
    progress: Progress,
    *,
    merge: bool = False,
) -> Indexed:
    """Takes what changed into the indexes of `owners`; `merge` makes one segment of each."""
    state, writer = SearchState(connection), Writer(place.out, place.content)
    unfinished = state.dirty_owners() | marks(connection, _UNFINISHED).keys()
    known = state.face_keys()
    changed = sorted(
        owner
        for owner in owners
        if merge or owner in unfinished or known.get(owner) != _faces_key(group, owner, place)
    )
    forgotten = [owner for owner in changed if get_meta(connection, f"untidy:{owner}") == _FORGOTTEN]
    with transaction(connection):
        for owner in changed:
            set_meta(connection, f"untidy:{owner}", "yes")
            set_meta(connection, f"{_UNFINISHED}:{owner}", "yes")
    documents = files = size = 0
    gone: list[str] = []
    with transaction(connection):
        plans = [update.plan(state, owner, for_group=owner == group.hub, merge=merge) for owner in changed]
        segments = _encode(place, plans, progress)
        faces = {owner: _faces(state, group, owner, place) for owner in changed}  # while the crew encodes
        for wanted, made in segments:
            owner = wanted.owner
            come = update.take_in(state, wanted, made)
            shown = manifest.make_manifest(state, owner, faces[owner])
            state.replace_files(owner, (), shown)
            if made:
                update.put_in_place(made)
                documents += len(made.members)
                files += len(made.files)
                size += made.size
            for name, data in {**wanted.files, **shown}.items():
                written = writer.put(output_of(owner, name), data)
                files += bool(written)
                size += written
            come.update(shown)
            if wanted.for_group:
                _write_engine(place, state, owner)
            gone += [output_of(owner, name) for name in wanted.gone if name not in come]
    with transaction(connection):
        deleted = writer.delete(gone)
        for owner in forgotten:
            own = outputs(connection, owner) | {f"{owner}/{SEARCH}"}
            deleted += writer.prune(f"{owner}/{SEARCH_FOLDER}", own)
        if group.hub in changed:
            _tidy_engine(place, state, group.hub)
        for owner in changed:
            set_meta(connection, f"untidy:{owner}", "")
            set_meta(connection, f"{_UNFINISHED}:{owner}", "")
    return Indexed(documents, files, size, deleted)


def _write_engine(place: Place, state: SearchState, owner: str) -> None:
    """The group's Whoosh index has the segments of the hub's."""
    from gen.search import whoosh_index

    segments = [(kept, state.dead(owner, number)) for number, kept in enumerate(state.segments(owner))]
    place.engine.mkdir(parents=True, exist_ok=True)
    whoosh_index.write_index(place.engine, segments)


def _tidy_engine(place: Place, state: SearchState, owner: str) -> None:
    from gen.search import whoosh_index

    whoosh_index.tidy(place.engine, state.segments(owner))


def check_engine(place: Place, connection: sqlite3.Connection, group: Group) -> None:
    """If the group's Whoosh index is not whole, the hub's is made anew with it."""
    lost = [
        one.id for one in SearchState(connection).segments(group.hub) if not has_segment(place.engine, one.id)
    ]
    if lost:
        with transaction(connection):
            forget(connection, group, group.hub)


def check_scopes(connection: sqlite3.Connection, group: Group, owners: Iterable[str]) -> None:
    """An index that is to hold other sites' documents than before is made anew: another site has become the hub."""
    known = marks(connection, "scope")
    for owner in owners:
        scope = "all" if owner == group.hub else "own"
        if known.get(owner) != scope:
            with transaction(connection):
                forget(connection, group, owner)
                set_meta(connection, f"scope:{owner}", scope)


def forget(connection: sqlite3.Connection, group: Group, owner: str) -> None:
    """An index that is no longer on the disk is made anew."""
    state = SearchState(connection)
    state.forget_index(owner)
    set_meta(connection, f"untidy:{owner}", _FORGOTTEN)
    if owner in group.sites:
        state.mark_all(owner, everything=owner == group.hub)


def output_of(owner: str, name: str) -> str:
    """Where a file of an index lies below the output folder."""
    return f"{owner}/{SEARCH_FOLDER}/{name}"


def outputs(connection: sqlite3.Connection, owner: str) -> set[str]:
    """All files of an index."""
    return {output_of(owner, name) for name in SearchState(connection).files(owner)}


def _encode(place: Place, plans: Sequence[Plan], progress: Progress) -> Iterator[tuple[Plan, Made | None]]:
    """The plans' segments, as they are done. The crew begins at once, with the largest: no worker is left with one at the end."""
    total = sum(len(wanted.paths) for wanted in plans)
    crew = place.crew if total >= PARALLEL_FROM else Local(1)
    largest_first = sorted(plans, key=lambda wanted: -len(wanted.paths))
    places = place.database, place.out, place.engine
    results = crew.run(
        Work(
            Encoder.open,
            places,
            encode_all,
            largest_first,
            1,
            serial_below=2,
            asks=RECORDS,
            size=total,
            ordered=False,
        )
    )
    return _counted({wanted.owner: wanted for wanted in plans}, results, progress)


def _counted(
    plans: Mapping[str, Plan], results: Iterator[list[tuple[str, Made | None]]], progress: Progress
) -> Iterator[tuple[Plan, Made | None]]:
    total = sum(len(wanted.paths) for wanted in plans.values())
    done = 0
    for result in results:
        for owner, made in result:
            done += len(plans[owner].paths)
            progress("index", done, total)
            yield plans[owner], made


def encode_all(encoder: Encoder, plans: tuple[Plan, ...]) -> list[tuple[str, Made | None]]:
    return [(wanted.owner, encoder.encode(wanted)) for wanted in plans]


def _faces(state: SearchState, group: Group, owner: str, place: Place) -> bytes:
    """What a manifest shows of the group's settings, encoded; kept in the state, since pinyin takes its time."""
    known, kept = state.faces(owner)
    key = _faces_key(group, owner, place)
    if known != key:
        kept = msgspec.json.encode(manifest.faces(group, owner, local=place.local))
        state.put_faces(owner, key, kept)
    return kept


def _faces_key(group: Group, owner: str, place: Place) -> str:
    sites = [(site.face, group.columns[site.id]) for site in manifest.sites_of(group, owner)]
    return digest(msgspec.msgpack.encode((sites, group.ranking, place.local)))
