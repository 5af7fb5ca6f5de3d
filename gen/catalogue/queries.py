"""The questions a page may ask, as values.

A query can be asked again at any time and says what it watched to find its answer: intervals of keys within topics.
A change is an interval too (`Event`); the queries it touches are those whose watches it meets, found through an index
and never by asking all of them. Whoever adds a query states its watches beside its answer; nothing else has to know.
"""

from datetime import datetime
from typing import Any, ClassVar

import msgspec

from gen.catalogue import navigation
from gen.catalogue.sharing import FIRST, KEY_DATE_LENGTH, LAST, column_list, list_key, site_list, tag_list
from gen.catalogue.store import LISTED, Store
from gen.catalogue.values import (
    Block,
    FileFacts,
    Full,
    Introduction,
    Neighbours,
    TagCount,
    Target,
    Title,
    YearCount,
)
from gen.config.model import SiteFace

RELATED_PER_TAG = 6


class Interval(msgspec.Struct, frozen=True, order=True):
    """The keys from `low` to `high` of a topic: what a query watches, or what a change (an event) meets."""

    topic: str
    low: str = FIRST
    high: str = LAST


def point(topic: str, key: str) -> Interval:
    return Interval(topic, key, key)


def members(name: str) -> str:
    """Topic: which documents stand in a list."""
    return f"m:{name}"


def cards(name: str) -> str:
    """Topic: what the documents of a list show there."""
    return f"c:{name}"


def blocks(name: str) -> str:
    """Topic: which blocks a list has."""
    return f"b:{name}"


def pins(name: str) -> str:
    """Topic: what is pinned in a list."""
    return f"p:{name}"


DOCUMENTS = "d"
FILES = "f"
RELATIONS = "r"
SITES = "sites"
TIME = "time"


def block_key(number: int) -> str:
    return f"{number:08d}"


class Answer(msgspec.Struct, frozen=True):
    value: Any
    watches: tuple[Interval, ...]


class Query(msgspec.Struct, frozen=True, tag=True):
    """Base of all queries."""

    shared: ClassVar[bool] = False
    """Whether many pages ask the same, so that an answer is worth keeping for the next."""

    def ask(self, store: Store) -> Answer:
        raise NotImplementedError


class Newest(Query, frozen=True, tag=True):
    """The newest `limit` cards of a list."""

    list: str
    limit: int

    def ask(self, store: Store) -> Answer:
        found = store.cards(self.list, newest=self.limit)
        low = found[-1][0] if len(found) == self.limit and found else FIRST
        return Answer(
            tuple(card for _, card in found),
            (Interval(members(self.list), low), Interval(cards(self.list), low)),
        )


class ListBlock(Query, frozen=True, tag=True):
    """Block `number` of a list in blocks of `size`, counted from the oldest; 0 is the front, with all that is newer.

    The front holds between `size` and 2 × `size` - 1 cards, so that it is never nearly empty and the blocks behind
    it never change when a document is added.
    """

    list: str
    number: int
    size: int

    def ask(self, store: Store) -> Answer:
        full = full_blocks(store.count(self.list), self.size)
        skip = (self.number - 1 if self.number else full) * self.size
        found = store.block(self.list, skip, self.size if self.number else 2 * self.size)
        low, high = (found[-1][0], found[0][0]) if found else (FIRST, LAST)
        older = self.number - 1 if self.number else full
        newest = LAST if self.number == 0 else high
        return Answer(
            Block(tuple(card for _, card in found), self.number, older),
            (Interval(members(self.list), FIRST, newest), Interval(cards(self.list), low, newest)),
        )


def full_blocks(count: int, size: int) -> int:
    """How many blocks stand behind a list's front."""
    return max(0, count // size - 1)


class HasBlock(Query, frozen=True, tag=True):
    """Whether a list has this block behind its front."""

    list: str
    number: int
    size: int

    def ask(self, store: Store) -> Answer:
        there = self.number <= full_blocks(store.count(self.list), self.size)
        return Answer(there, (point(blocks(self.list), block_key(self.number)),))


class BlockCount(Query, frozen=True, tag=True):
    """How many blocks a list has behind its front."""

    list: str
    size: int

    def ask(self, store: Store) -> Answer:
        return Answer(full_blocks(store.count(self.list), self.size), (Interval(members(self.list)),))


class Locations(Query, frozen=True, tag=True):
    """(address, last change) of the documents of a list's block, oldest first: what a sitemap holds."""

    list: str
    number: int
    size: int

    def ask(self, store: Store) -> Answer:
        answer = ListBlock(self.list, self.number, self.size).ask(store)
        found = tuple((card.address, card.updated or card.published) for card in reversed(answer.value.cards))
        return Answer(found, answer.watches)


class Pinned(Query, frozen=True, tag=True):
    """The cards pinned in a list, newest first."""

    list: str

    def ask(self, store: Store) -> Answer:
        return Answer(tuple(store.pinned(self.list)), (Interval(pins(self.list)),))


class DocumentFull(Query, frozen=True, tag=True):
    """A document with its body; None if it has no page."""

    path: str

    def ask(self, store: Store) -> Answer:
        watches = (point(DOCUMENTS, self.path),)
        found = store.document(self.path)
        card = store.card(self.path)
        if found is None or card is None:
            return Answer(None, watches)
        document, state = found
        return Answer(Full(card, document, store.body(document.parsed), expired=state != LISTED), watches)


class Intro(Query, frozen=True, tag=True):
    path: str

    def ask(self, store: Store) -> Answer:
        found = store.document(self.path)
        value = None
        if found:
            value = Introduction(self.path, found[0].title, store.body(found[0].parsed))
        return Answer(value, (point(DOCUMENTS, self.path),))


class LinkTarget(Query, frozen=True, tag=True):
    """Where a link to a document leads; None if it has no page."""

    path: str

    def ask(self, store: Store) -> Answer:
        card = store.card(self.path)
        value = Target(card.address, card.site) if card else None
        return Answer(value, (point(DOCUMENTS, self.path),))


class File(Query, frozen=True, tag=True):
    """A published file; None if there is none."""

    path: str

    def ask(self, store: Store) -> Answer:
        value: FileFacts | None = store.file(self.path)
        return Answer(value, (point(FILES, self.path),))


class NeighboursOf(Query, frozen=True, tag=True):
    """The documents next to this one in its column; nothing for one that stands in no list."""

    path: str

    def ask(self, store: Store) -> Answer:
        own = point(DOCUMENTS, self.path)
        card = store.card(self.path)
        if card is None or store.state(self.path) != LISTED:
            return Answer(Neighbours(None, None), (own,))
        name = column_list(card.site.id, card.column.id)
        older, newer = store.keys_around(name, list_key(card.published, card.path), 1)
        low, high = (older or [FIRST])[0], (newer or [LAST])[0]
        found = {key: found.short() for key, found in store.cards(name, newest=3, low=low, high=high)}
        return Answer(
            Neighbours(found.get(high), found.get(low)),
            (own, Interval(members(name), low, high), Interval(cards(name), low, high)),
        )


class Related(Query, frozen=True, tag=True):
    """Documents of the site that share tags with this one and are near it in time.

    Only the few nearest of each tag are looked at, so that a new document reaches the boxes of its neighbours in
    time and not those of all documents with its tag.
    """

    path: str
    limit: int

    def ask(self, store: Store) -> Answer:
        watches = [point(DOCUMENTS, self.path)]
        card = store.card(self.path)
        if card is None:
            return Answer((), tuple(watches))
        own_key = list_key(card.published, card.path)
        shared: dict[str, int] = {}
        distance: dict[str, int] = {}
        for tag in card.tags:
            name = tag_list(card.site.id, tag)
            sides = store.keys_around(name, own_key, RELATED_PER_TAG)
            for side in sides:
                for steps, key in enumerate(side):
                    shared[key] = shared.get(key, 0) + 1
                    distance[key] = min(distance.get(key, steps), steps)
            low, high = (
                side[-1] if len(side) == RELATED_PER_TAG else end
                for side, end in zip(sides, (FIRST, LAST), strict=True)
            )
            watches += [Interval(members(name), low, high), Interval(cards(name), low, high)]
        best = sorted(shared, key=lambda key: (-shared[key], distance[key], key))[: self.limit]
        titles = [found.short() for key in best if (found := store.card(key[KEY_DATE_LENGTH:]))]
        return Answer(tuple(titles), tuple(watches))


class Referring(Query, frozen=True, tag=True):
    """The documents that interpret this one (`interprets`), give its result (`answers`) or are it in another language (`translates`)."""

    kind: str
    path: str

    def ask(self, store: Store) -> Answer:
        found = store.referring(self.kind, self.path)
        return Answer(tuple(card.short() for card in found), (point(RELATIONS, f"{self.kind}:{self.path}"),))


class TitleOf(Query, frozen=True, tag=True):
    """A document as a bare link; None if it has no page."""

    path: str

    def ask(self, store: Store) -> Answer:
        card = store.card(self.path)
        value: Title | None = card.short() if card else None
        return Answer(value, (point(DOCUMENTS, self.path),))


class Sites(Query, frozen=True, tag=True):
    """The group's sites in order, of one kind or of all (empty)."""

    shared = True
    kind: str = ""

    def ask(self, store: Store) -> Answer:
        faces: tuple[SiteFace, ...] = tuple(
            site.face for site in store.group.sites.values() if self.kind in ("", site.kind)
        )
        return Answer(faces, (Interval(SITES),))


class Years(Query, frozen=True, tag=True):
    """How many documents of a site stand in each year, newest first."""

    site: str

    def ask(self, store: Store) -> Answer:
        found = store.counts(f"y/{self.site}/")
        years = [YearCount(int(year), count, navigation.year_address(int(year))) for year, count in found]
        return Answer(tuple(sorted(years, key=lambda y: -y.year)), (Interval(members(site_list(self.site))),))


class Tags(Query, frozen=True, tag=True):
    """The tags of a site by how many documents bear them."""

    site: str

    def ask(self, store: Store) -> Answer:
        found = store.counts(f"t/{self.site}/")
        tags = [TagCount(tag, count, navigation.tag_address(tag)) for tag, count in found]
        tags.sort(key=lambda tag: (-tag.count, tag.name))
        return Answer(tuple(tags), (Interval(f"tags:{self.site}"),))


class Passed(Query, frozen=True, tag=True):
    """Whether the build date has reached a moment; the page is made again when it does."""

    moment: datetime

    def ask(self, store: Store) -> Answer:
        return Answer(store.now >= self.moment, (point(TIME, self.moment.isoformat(timespec="minutes")),))


AnyQuery = (
    Newest
    | ListBlock
    | HasBlock
    | BlockCount
    | Locations
    | Pinned
    | DocumentFull
    | Intro
    | LinkTarget
    | File
    | NeighboursOf
    | Related
    | Referring
    | TitleOf
    | Sites
    | Years
    | Tags
    | Passed
)
