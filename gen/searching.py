"""The search of the last build, for commands: looked up here, served to others, handed to OpenSearch."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from gen.config.model import Group
from gen.config.resolve import load_group
from gen.database import transaction
from gen.errors import GenError, Issue
from gen.render import records
from gen.render.records import SearchRecord
from gen.search import opensearch, opensearch_feed
from gen.search.engine import WhooshEngine
from gen.search.names import find_names
from gen.search.opensearch import OpenSearchEngine
from gen.search.opensearch_feed import Fed
from gen.search.results import Engine, Found, Request, Results
from gen.search.state import OPENSEARCH, SearchState
from gen.workspace import database_path, engine_path, exclusive, open_state_as_it_is

STATE = "state"
_LOOK_AGAIN = 1.0
"""Seconds between two looks at whether there is a newer index."""
_API_SECONDS = 4.0
"""For one answer of OpenSearch; less than what the API gives a search."""


def open_engine(root: Path, group: Group, state: str = STATE) -> WhooshEngine:
    """The index of the last build. Raises GenError if there is none."""
    try:
        return WhooshEngine(engine_path(root, state), group)
    except FileNotFoundError:
        raise GenError(Issue("", 0, "search.not_built")) from None


def look_up(root: Path, request: Request, related: str | None = None) -> Found:
    """Answers a request; with `related`, the documents that are about the same as the one at that path."""
    group = load_group(root)
    if request.site and request.site not in group.sites:
        params = {"site": request.site, "known": "、".join(group.sites)}
        raise GenError(Issue("", 0, "build.no_site", params))
    with closing(open_engine(root, group)) as engine:
        if related is None:
            return Found(find_names(group, request.query), engine.search(request))
        hits = engine.related(related.removeprefix("content/"), request.size)
        return Found((), Results(len(hits), hits, {}, scattered=False))


class LatestEngine:
    """Gives the engine of the newest build. One that a newer build replaced may still be answering: it is not closed."""

    def __init__(self, root: Path, state: str = STATE) -> None:
        self._root = root
        self._state = state
        self._engine: WhooshEngine | None = None
        self._seen: tuple[str, ...] = ()
        self._looked = float("-inf")

    def __call__(self) -> Engine:
        if time.monotonic() - self._looked > _LOOK_AGAIN or self._engine is None:
            self._looked = time.monotonic()
            seen = _versions(engine_path(self._root, self._state))
            if seen != self._seen or self._engine is None:
                self._engine = open_engine(self._root, load_group(self._root), self._state)
                self._seen = seen
        return self._engine


def _versions(folder: Path) -> tuple[str, ...]:
    """What tells one state of an index from another."""
    try:
        return tuple(sorted(name for name in os.listdir(folder) if name.endswith(".toc")))
    except FileNotFoundError:
        return ()


# ---- OpenSearch ----


def connect(url: str, ca_file: str, *, seconds: float = 30) -> Any:
    user, password = os.environ.get("GEN_OPENSEARCH_USER", ""), os.environ.get("GEN_OPENSEARCH_PASSWORD", "")
    return opensearch.connect(url, user=user, password=password, ca_file=ca_file, seconds=seconds)


def opensearch_source(root: Path, url: str, alias: str, ca_file: str) -> Callable[[], Engine]:
    """An engine on OpenSearch, for the API."""
    engine = OpenSearchEngine(connect(url, ca_file, seconds=_API_SECONDS), alias, load_group(root))
    return lambda: engine


def feed_opensearch(root: Path, client: Any, alias: str) -> Fed:
    """Feeds the records of the last build whole, and lets `alias` stand for them. Changes are noted from here on."""
    with _last_build(root) as connection:
        state = SearchState(connection)
        with transaction(connection):
            state.subscribe_opensearch()
        checkpoint = database_path(root, STATE).with_suffix(".opensearch")
        fed = opensearch_feed.feed(client, alias, lambda: map(records.decode, state.all_values()), checkpoint)
        opensearch_feed.switch(client, alias, fed.name)
        with transaction(connection):
            state.clean(OPENSEARCH)
        return fed


def feed_changes(root: Path, client: Any, alias: str) -> int:
    """Hands on what changed since the last feed; how many documents were sent or deleted."""
    with _last_build(root) as connection:
        state = SearchState(connection)
        dirty = state.dirty(OPENSEARCH)
        removed = [path for path in dirty if not state.has_record(path)]
        sent = opensearch_feed.update(client, alias, _present(state, dirty), removed)
        with transaction(connection):
            state.clean(OPENSEARCH)
        return sent


def _present(state: SearchState, paths: list[str]) -> Iterator[SearchRecord]:
    return map(records.decode, state.record_values(paths))


@contextmanager
def _last_build(root: Path) -> Iterator[sqlite3.Connection]:
    """The state of the last build, held against other builds. Raises GenError if there is none."""
    with exclusive(root, STATE):
        connection = open_state_as_it_is(root, STATE)
        if connection is None:
            raise GenError(Issue("", 0, "search.not_built"))
        with closing(connection):
            yield connection
