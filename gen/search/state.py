"""What the indexes hold: every document's record, and for each index its segments and who is in them.

An index has an owner: the site whose search it answers. The hub's holds the documents of all sites. A change of a record
is noted as dirty for each index that it is in, in the transaction that counts its page as made; the note goes when the
index has taken it in. Whatever interrupts a build, the next one finds the notes.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

import msgspec

from gen.database import get_meta, set_meta
from gen.render import records
from gen.render.records import SearchRecord, key_of

TABLES = (
    "CREATE TABLE search_records (path TEXT PRIMARY KEY, site TEXT NOT NULL, value BLOB NOT NULL)",
    "CREATE INDEX search_records_site ON search_records (site, path)",
    "CREATE TABLE search_dirty (owner TEXT, path TEXT, PRIMARY KEY (owner, path)) WITHOUT ROWID",
    "CREATE TABLE search_segments (owner TEXT, number INTEGER, value BLOB NOT NULL, PRIMARY KEY (owner, number)) WITHOUT ROWID",
    """CREATE TABLE search_members (
        owner TEXT, number INTEGER, ordinal INTEGER, path TEXT NOT NULL, place TEXT NOT NULL, month INTEGER NOT NULL,
        key TEXT NOT NULL, rank INTEGER NOT NULL, pack INTEGER NOT NULL, live INTEGER NOT NULL, PRIMARY KEY (owner, number, ordinal)) WITHOUT ROWID""",
    "CREATE INDEX search_members_path ON search_members (owner, path)",
    "CREATE INDEX search_members_newest ON search_members (owner, month) WHERE live",
    "CREATE INDEX search_members_dead ON search_members (owner, number, ordinal) WHERE NOT live",
    "CREATE INDEX search_members_pack ON search_members (owner, number, pack)",
    "CREATE INDEX search_members_place ON search_members (owner, number, place, key)",
    "CREATE TABLE search_faces (owner TEXT PRIMARY KEY, key TEXT NOT NULL, value BLOB NOT NULL)",
    "CREATE TABLE search_files (owner TEXT, name TEXT, PRIMARY KEY (owner, name)) WITHOUT ROWID",
)

RECORDS = ("search_records",)
"""The tables that segments are made from."""
OPENSEARCH = "@opensearch"
"""Stands in an owner's place for what OpenSearch has not been told yet."""

_ENCODE = msgspec.msgpack.Encoder().encode


class Kept(msgspec.Struct, frozen=True):
    """A segment as the state keeps it. `newest` is the month of the newest document that ever was in it; `replaced` are packs
    that were written anew: number → hash, or nothing; `young` documents go before all others as the newest."""

    id: str
    documents: int
    shards: int
    key: int
    newest: int
    live: int
    replaced: dict[int, str] = {}
    young: int = 0


class Member(msgspec.Struct, frozen=True):
    """A document's place in a segment; its place in the sequence is its ordinal."""

    path: str
    place: str
    month: int
    key: str
    pack: int


_KEPT = msgspec.msgpack.Decoder(Kept)


class SearchState:
    """The tables of this module, in the connection's open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def put_records(self, site: str, values: Mapping[str, bytes], owners: Iterable[str]) -> None:
        """Records of a site, by path, as they are encoded; those that are known already change nothing."""
        values = {
            path: value for path, value in values.items() if next(self.record_values([path]), b"") != value
        }
        self.connection.executemany(
            "INSERT OR REPLACE INTO search_records VALUES (?, ?, ?)",
            [(path, site, value) for path, value in values.items()],
        )
        self._mark(values, owners)

    def drop_records(self, site: str, paths: Sequence[str], owners: Iterable[str]) -> None:
        """Ends a site's records; one that another site has taken over stays (what the group shares follows its hub)."""
        self.connection.executemany(
            "DELETE FROM search_records WHERE path = ? AND site = ?", [(path, site) for path in paths]
        )
        self._mark(paths, owners)

    def _mark(self, paths: Iterable[str], owners: Iterable[str]) -> None:
        self.connection.executemany(
            "INSERT OR IGNORE INTO search_dirty VALUES (?, ?)",
            [(owner, path) for owner in owners for path in paths],
        )

    def mark_all(self, owner: str, *, everything: bool) -> None:
        """All documents of an index are to be taken in anew; `everything`: it is the hub's."""
        where, values = ("", ()) if everything else ("WHERE site = ?", (owner,))
        self.connection.execute(
            f"INSERT OR IGNORE INTO search_dirty SELECT ?, path FROM search_records {where}", (owner, *values)
        )

    def forget_index(self, owner: str) -> None:
        """The index is no longer on the disk, or nobody's any more."""
        for table in ("search_segments", "search_members", "search_files", "search_faces", "search_dirty"):
            self.connection.execute(f"DELETE FROM {table} WHERE owner = ?", (owner,))

    def subscribe_opensearch(self) -> None:
        """From now on changes are noted for OpenSearch too, beginning with none."""
        set_meta(self.connection, OPENSEARCH, "yes")
        self.clean(OPENSEARCH)

    def subscribers(self) -> tuple[str, ...]:
        return (OPENSEARCH,) if get_meta(self.connection, OPENSEARCH) else ()

    def all_values(self) -> Iterator[bytes]:
        """The encoded records of all documents, in the order of their paths."""
        return (row[0] for row in self.connection.execute("SELECT value FROM search_records ORDER BY path"))

    def owners(self) -> set[str]:
        """Whoever has an index."""
        return {row[0] for row in self.connection.execute("SELECT owner FROM search_faces")}

    def dirty(self, owner: str) -> list[str]:
        rows = self.connection.execute(
            "SELECT path FROM search_dirty WHERE owner = ? ORDER BY path", (owner,)
        )
        return [row[0] for row in rows]

    def dirty_owners(self) -> set[str]:
        return {row[0] for row in self.connection.execute("SELECT DISTINCT owner FROM search_dirty")}

    def clean(self, owner: str) -> None:
        self.connection.execute("DELETE FROM search_dirty WHERE owner = ?", (owner,))

    def record(self, path: str) -> SearchRecord | None:
        value = next(self.record_values([path]), None)
        return records.decode(value) if value else None

    def record_values(self, paths: Iterable[str]) -> Iterator[bytes]:
        """The encoded records of paths that have one."""
        for path in paths:
            row = self.connection.execute(
                "SELECT value FROM search_records WHERE path = ?", (path,)
            ).fetchone()
            if row:
                yield row[0]

    def has_record(self, path: str) -> bool:
        found = self.connection.execute("SELECT 1 FROM search_records WHERE path = ?", (path,)).fetchone()
        return found is not None

    def segments(self, owner: str) -> list[Kept]:
        rows = self.connection.execute(
            "SELECT value FROM search_segments WHERE owner = ? ORDER BY number", (owner,)
        )
        return [_KEPT.decode(row[0]) for row in rows]

    def put_segment(self, owner: str, number: int, segment: Kept) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO search_segments VALUES (?, ?, ?)", (owner, number, _ENCODE(segment))
        )

    def add_segment(self, owner: str, number: int, segment: Kept, members: Sequence[Member]) -> None:
        """A new segment after the others; `members` in the order of its ordinals."""
        self.put_segment(owner, number, segment)
        ranks: dict[str, Iterator[int]] = defaultdict(count)
        self.connection.executemany(
            "INSERT INTO search_members VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            [
                (
                    owner,
                    number,
                    ordinal,
                    one.path,
                    one.place,
                    one.month,
                    one.key,
                    next(ranks[one.place]),
                    one.pack,
                )
                for ordinal, one in enumerate(members)
            ],
        )

    def drop_segments(self, owner: str, first: int) -> None:
        """Ends the segments from number `first` on."""
        for table in ("search_segments", "search_members"):
            self.connection.execute(f"DELETE FROM {table} WHERE owner = ? AND number >= ?", (owner, first))

    def place_of(self, owner: str, path: str) -> tuple[int, int, int] | None:
        """(segment number, ordinal, pack) of a live document."""
        row: tuple[int, int, int] | None = self.connection.execute(
            "SELECT number, ordinal, pack FROM search_members WHERE owner = ? AND path = ? AND live",
            (owner, path),
        ).fetchone()
        return row

    def oldest_trace(self, owner: str, path: str) -> int | None:
        """The first segment that a document is in, in whatever version, dead or alive."""
        row = self.connection.execute(
            "SELECT min(number) FROM search_members WHERE owner = ? AND path = ?", (owner, path)
        ).fetchone()
        return row[0]  # type: ignore[no-any-return]  # min of nothing is None

    def bury(self, owner: str, number: int, ordinal: int) -> None:
        self.connection.execute(
            "UPDATE search_members SET live = 0 WHERE owner = ? AND number = ? AND ordinal = ?",
            (owner, number, ordinal),
        )

    def live_paths(self, owner: str, first: int) -> list[str]:
        """The live documents of all segments from number `first` on."""
        rows = self.connection.execute(
            "SELECT path FROM search_members WHERE owner = ? AND number >= ? AND live", (owner, first)
        )
        return [row[0] for row in rows]

    def dead(self, owner: str, number: int) -> list[int]:
        rows = self.connection.execute(
            """SELECT ordinal FROM search_members INDEXED BY search_members_dead
            WHERE owner = ? AND number = ? AND NOT live ORDER BY ordinal""",
            (owner, number),
        )
        return [row[0] for row in rows]

    def pack(self, owner: str, number: int, pack: int) -> list[tuple[str, bool]]:
        """(path, whether it lives) of a pack's documents, in order."""
        rows = self.connection.execute(
            "SELECT path, live FROM search_members WHERE owner = ? AND number = ? AND pack = ? ORDER BY ordinal",
            (owner, number, pack),
        )
        return [(path, bool(live)) for path, live in rows]

    def faces(self, owner: str) -> tuple[str, bytes]:
        """What an index shows of the group's settings, and the key of what it was made from."""
        row = self.connection.execute(
            "SELECT key, value FROM search_faces WHERE owner = ?", (owner,)
        ).fetchone()
        return (row[0], row[1]) if row else ("", b"")

    def face_keys(self) -> dict[str, str]:
        """The key of each index's `faces`."""
        return dict(self.connection.execute("SELECT owner, key FROM search_faces").fetchall())

    def put_faces(self, owner: str, key: str, value: bytes) -> None:
        self.connection.execute("INSERT OR REPLACE INTO search_faces VALUES (?, ?, ?)", (owner, key, value))

    def newest_month(self, owner: str) -> int:
        """0 if the index is empty."""
        row = self.connection.execute(
            "SELECT max(month) FROM search_members WHERE owner = ? AND live", (owner,)
        ).fetchone()
        return row[0] or 0

    def before(self, owner: str, number: int, record: SearchRecord) -> int:
        """How many documents of a segment with the record's place go before it."""
        last = self.connection.execute(
            """SELECT rank FROM search_members WHERE owner = ? AND number = ? AND place = ? AND key > ?
            ORDER BY key LIMIT 1""",
            (owner, number, record.place, key_of(record)),
        ).fetchone()
        return int(last[0]) + 1 if last else 0

    def files(self, owner: str, prefix: str = "") -> list[str]:
        """The names, in `search/`, of an index's files that begin so."""
        rows = self.connection.execute(
            "SELECT name FROM search_files WHERE owner = ? AND name >= ? AND name < ?",
            (owner, prefix, prefix + "~"),
        )
        return [row[0] for row in rows]

    def replace_files(self, owner: str, gone: Iterable[str], come: Iterable[str]) -> None:
        self.connection.executemany(
            "DELETE FROM search_files WHERE owner = ? AND name = ?", [(owner, name) for name in gone]
        )
        self.connection.executemany(
            "INSERT OR IGNORE INTO search_files VALUES (?, ?)", [(owner, name) for name in come]
        )
