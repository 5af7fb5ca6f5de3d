"""Takes changed documents and files into the catalogue and tells, as events, which keys of which topics changed."""

import sqlite3
from datetime import datetime

import msgspec

from gen.catalogue.queries import (
    DOCUMENTS,
    FILES,
    RELATIONS,
    SITES,
    TIME,
    Interval,
    cards,
    members,
    pins,
    point,
)
from gen.catalogue.sharing import Sharing, list_key
from gen.catalogue.store import HIDDEN, LISTED, UNLISTED
from gen.catalogue.values import Card
from gen.config.model import Group
from gen.content.document import Document, Parsed, resolve
from gen.database import get_meta, set_meta

RELATIONS_OF_DOCUMENTS = ("interprets", "answers", "translates")
"""Fields of the front matter that name another document."""
_ENCODE = msgspec.msgpack.Encoder().encode
_DOCUMENT = msgspec.msgpack.Decoder(Document)


class Row(msgspec.Struct, frozen=True):
    """A document as the catalogue keeps it."""

    state: int
    key: str
    lists: tuple[str, ...]
    pinned: bool
    card: bytes | None
    document: bytes


class Placed(msgspec.Struct, frozen=True):
    """A document and what its file's bytes say, ready to be taken in."""

    document: Document
    parsed: Parsed


class Update:
    """One round of changes in an open transaction. `events` grows as they are taken in."""

    def __init__(self, connection: sqlite3.Connection, group: Group, now: datetime) -> None:
        self.connection = connection
        self.group = group
        self.sharing = Sharing(group)
        self.now = now
        self.events: set[Interval] = set()
        self._entries: list[tuple[str, str]] = []
        self._rows: list[tuple[object, ...]] = []
        self._links: list[tuple[object, ...]] = []

    def put(self, placed: Placed) -> None:
        """Adds a document or replaces the one at its path."""
        document, path = placed.document, placed.document.path
        old = self._old(path)
        self._replace(path, old, self._row(document), document)
        self._put_references(placed, is_new=old is None)

    def remove(self, path: str) -> None:
        old = self._old(path)
        if old is None:
            return
        self._replace(path, old, None, None)
        self._drop_references(path)

    def pass_time(self, site: str, before: datetime) -> list[str]:
        """Takes in what of a site appeared or left between `before` and now (or the other way round): its paths."""
        bounds = tuple(_minutes(moment) for moment in sorted((before, self.now)))
        if before == self.now:
            return []
        self.events.add(Interval(TIME, *bounds))
        moved = self.connection.execute(
            """SELECT document FROM documents WHERE site = ? AND appears > ? AND appears <= ?
            UNION SELECT document FROM documents WHERE site = ? AND leaves > ? AND leaves <= ?""",
            (site, *bounds, site, *bounds),
        ).fetchall()
        documents = [_DOCUMENT.decode(blob) for (blob,) in moved]
        for document in documents:
            self._replace(document.path, self._old(document.path), self._row(document), document)
        return [document.path for document in documents]

    def site_faces(self) -> None:
        """Notes a change of what the group's sites show of themselves."""
        faces = msgspec.json.encode([site.face for site in self.group.sites.values()]).decode()
        if get_meta(self.connection, "faces") != faces:
            set_meta(self.connection, "faces", faces)
            self.events.add(Interval(SITES))

    def file_changed(self, path: str) -> None:
        self.events.add(point(FILES, path))

    def flush(self) -> None:
        """Writes what was gathered; sorted, since trees of rows fill fastest in their own order."""
        self._rows.sort(key=lambda row: str(row[0]))
        self.connection.executemany(f"INSERT INTO documents VALUES ({','.join('?' * 12)})", self._rows)
        self.connection.executemany("INSERT OR IGNORE INTO entries VALUES (?, ?)", sorted(self._entries))
        self.connection.executemany("INSERT INTO links VALUES (?, ?, ?, ?, ?)", self._links)
        self._rows, self._entries, self._links = [], [], []

    def _row(self, document: Document) -> Row:
        encoded = _ENCODE(document)
        matter = document.matter
        if matter is None:
            return Row(UNLISTED, "", (), False, None, encoded)
        appears, leaves = document.appears, document.leaves
        state = HIDDEN
        if appears and appears <= self.now:
            state = UNLISTED if leaves and leaves <= self.now else LISTED
        card = _ENCODE(make_card(self.group, document))
        lists = self.sharing.lists(document) if state == LISTED else ()
        return Row(state, list_key(matter.published, document.path), lists, matter.pinned, card, encoded)

    def _old(self, path: str) -> Row | None:
        row = self.connection.execute(
            "SELECT state, key, lists, pinned, card, document FROM documents WHERE path = ?", (path,)
        ).fetchone()
        return (
            Row(row[0], row[1], tuple(row[2].split("\n")) if row[2] else (), bool(row[3]), *row[4:])
            if row
            else None
        )

    def _replace(self, path: str, old: Row | None, new: Row | None, document: Document | None) -> None:
        """Swaps a document's row and entries, with an event for all that a page could see of it."""
        if old == new:
            return
        self.events.add(point(DOCUMENTS, path))
        self._swap_entries(path, old, new)
        if old:
            self.connection.execute("DELETE FROM documents WHERE path = ?", (path,))
        if new and document:
            self._rows.append(_columns(document, new))
        if (old and old.state) != (new and new.state):
            self._visibility_changed(path)
        self._relation_events(path)

    def _swap_entries(self, path: str, old: Row | None, new: Row | None) -> None:
        had = {(name, old.key) for name in old.lists} if old else set()
        has = {(name, new.key) for name in new.lists} if new else set()
        gone, come = had - has, has - had
        self.connection.executemany("DELETE FROM entries WHERE list = ? AND key = ?", gone)
        self._entries += come
        for name, key in gone | come:
            self.events.add(point(members(name), key))
            if name.startswith("t/"):
                self.events.add(Interval(f"tags:{name.split('/')[1]}"))
        if old and new and old.card != new.card:
            self.events.update(point(cards(name), key) for name, key in had & has)
        self._swap_pins(path, old, new)

    def _swap_pins(self, path: str, old: Row | None, new: Row | None) -> None:
        site = self.group.owner(path.partition("/")[0])
        own = (
            f"c/{site.id}/" if site else ""
        )  # whoever receives a document decides alone what is pinned there
        had = {(name, old.key) for name in old.lists if name.startswith(own)} if old and old.pinned else set()
        has = {(name, new.key) for name in new.lists if name.startswith(own)} if new and new.pinned else set()
        self.connection.executemany("DELETE FROM pins WHERE list = ? AND key = ?", had - has)
        self.connection.executemany("INSERT OR IGNORE INTO pins VALUES (?, ?)", has - had)
        touched = had ^ has if old and new and old.card == new.card else had | has
        self.events.update(point(pins(name), key) for name, key in touched)

    def _visibility_changed(self, path: str) -> None:
        """A document that comes or goes takes its own files along."""
        folder = path[: -len(".md")] + "/"
        rows = self.connection.execute(
            "SELECT path FROM files WHERE path > ? AND path < ?", (folder, folder[:-1] + "0")
        )
        self.events.update(point(FILES, row[0]) for row in rows.fetchall())

    def _relation_events(self, path: str) -> None:
        rows = self.connection.execute("SELECT kind, target FROM relations WHERE source = ?", (path,))
        self.events.update(point(RELATIONS, f"{kind}:{target}") for kind, target in rows.fetchall())

    def _put_references(self, placed: Placed, *, is_new: bool) -> None:
        """What the document points at: links for the check, relations for the queries, aliases for redirects."""
        document, matter = placed.document, placed.document.matter
        if not is_new:
            self._drop_references(document.path)
        for use in placed.parsed.uses:
            target = resolve(document.path, use.target)
            row = (document.path, target if target is not None else "", use.anchor, use.line, use.image)
            self._links.append(row)
        if matter is None:
            return
        for kind in RELATIONS_OF_DOCUMENTS:
            written = getattr(matter, kind)
            target = resolve(document.path, written) if written else None
            if target:
                self.connection.execute(
                    "INSERT OR IGNORE INTO relations VALUES (?, ?, ?)", (kind, target, document.path)
                )
                self.events.add(point(RELATIONS, f"{kind}:{target}"))
        for alias in matter.aliases:
            self.connection.execute(
                "INSERT OR IGNORE INTO aliases VALUES (?, ?, ?)",
                (document.site, alias.strip("/"), document.path),
            )

    def _drop_references(self, path: str) -> None:
        for table, column in (("links", "source"), ("relations", "source"), ("aliases", "path")):
            self.connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (path,))


def make_card(group: Group, document: Document) -> Card:
    matter = document.matter
    assert matter is not None, document.path
    span = matter.consultation or matter.survey or matter.interview
    letter = matter.letter
    picture = resolve(document.path, matter.picture) if matter.picture else ""
    site = group.sites[document.site]
    return Card(
        path=document.path,
        address=document.address,
        title=matter.title,
        subtitle=matter.subtitle,
        summary=document.summary,
        published=matter.published,
        updated=matter.updated,
        tags=matter.tags,
        picture=picture or "",
        picture_alt=matter.picture_alt,
        source=matter.source or site.organiser,
        kind=group.columns[document.site][document.column].kind,
        document_number=matter.document_number,
        index_number=matter.index_number,
        effect=str(matter.effect or ""),
        signed=matter.signed,
        opens=span.opens if span else None,
        closes=span.closes if span else None,
        letter_category=letter.category if letter else "",
        replied=letter.replied if letter else None,
        order=matter.order,
        site=site.face,
        column=group.columns[document.site][document.column].face,
    )


def _columns(document: Document, row: Row) -> tuple[object, ...]:
    matter = document.matter
    return (
        document.path,
        document.site,
        row.state,
        row.key,
        "\n".join(row.lists),
        _minutes(document.appears) if document.appears else None,
        _minutes(document.leaves) if document.leaves else None,
        (matter.index_number or None) if matter else None,
        row.pinned,
        row.card,
        row.document,
        document.parsed,
    )


def _minutes(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
