"""The catalogue's tables, and the reads that queries are made of.

`documents.state`: 0 hidden (no page), 1 has a page but stands in no list, 2 listed. `entries` holds every list of the
group, one row a listed document, in the order of its key; a page of a list is a range of it.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from gen.catalogue.sharing import FIRST, KEY_DATE_LENGTH, LAST
from gen.catalogue.values import Card, FileFacts
from gen.config.model import FILES_FOLDER, Group
from gen.content.document import Document, Parsed, inside_site, owners_of_file
from gen.content.markdown import Body

HIDDEN, UNLISTED, LISTED = 0, 1, 2

TABLES = (
    """CREATE TABLE files (
        path TEXT PRIMARY KEY, folded TEXT NOT NULL, size INTEGER, mtime_ns INTEGER, inode INTEGER,
        digest TEXT NOT NULL, width INTEGER, height INTEGER) WITHOUT ROWID""",
    "CREATE INDEX files_folded ON files (folded)",
    "CREATE TABLE parsed (key TEXT PRIMARY KEY, value BLOB NOT NULL)",
    """CREATE TABLE documents (
        path TEXT PRIMARY KEY, site TEXT NOT NULL, state INTEGER NOT NULL, key TEXT NOT NULL, lists TEXT NOT NULL,
        appears TEXT, leaves TEXT, index_number TEXT, pinned INTEGER NOT NULL,
        card BLOB, document BLOB NOT NULL, parsed TEXT NOT NULL)""",
    "CREATE INDEX documents_site ON documents (site, path)",
    "CREATE INDEX documents_appears ON documents (site, appears) WHERE appears IS NOT NULL",
    "CREATE INDEX documents_leaves ON documents (site, leaves) WHERE leaves IS NOT NULL",
    "CREATE INDEX documents_number ON documents (index_number) WHERE index_number IS NOT NULL",
    "CREATE TABLE entries (list TEXT, key TEXT, PRIMARY KEY (list, key)) WITHOUT ROWID",
    "CREATE TABLE pins (list TEXT, key TEXT, PRIMARY KEY (list, key)) WITHOUT ROWID",
    "CREATE TABLE links (source TEXT, target TEXT, anchor TEXT, line INTEGER, image INTEGER)",
    "CREATE INDEX links_source ON links (source)",
    "CREATE INDEX links_target ON links (target)",
    "CREATE TABLE relations (kind TEXT, target TEXT, source TEXT, PRIMARY KEY (kind, target, source)) WITHOUT ROWID",
    "CREATE INDEX relations_source ON relations (source)",
    "CREATE TABLE aliases (site TEXT, address TEXT, path TEXT, PRIMARY KEY (site, address, path)) WITHOUT ROWID",
    "CREATE INDEX aliases_path ON aliases (path)",
)

READ = ("files", "parsed", "documents", "entries", "pins", "relations")
"""The tables that a `Store` reads."""

_CARD = msgspec.msgpack.Decoder(Card)
_DOCUMENT = msgspec.msgpack.Decoder(Document)
_PARSED = msgspec.msgpack.Decoder(Parsed)
_BODY = msgspec.msgpack.Decoder(Body)


class Store:
    """The catalogue as it stands at one moment. Reads only; `gen.catalogue.update` writes."""

    def __init__(self, connection: sqlite3.Connection, group: Group, now: datetime) -> None:
        self.connection = connection
        self.group = group
        self.now = now

    def cards(self, name: str, *, newest: int, low: str = FIRST, high: str = LAST) -> list[tuple[str, Card]]:
        """Up to `newest` (key, card) of a list with low <= key <= high, newest first."""
        rows = self.connection.execute(
            f"""SELECT e.key, d.card FROM entries e JOIN documents d ON d.path = substr(e.key, {KEY_DATE_LENGTH + 1})
            WHERE e.list = ? AND e.key >= ? AND e.key <= ? ORDER BY e.key DESC LIMIT ?""",
            (name, low, high, newest),
        )
        return [(key, _CARD.decode(card)) for key, card in rows]

    def block(self, name: str, skip: int, size: int) -> list[tuple[str, Card]]:
        """(key, card) of a list's entries, skipping the oldest `skip`; at most `size`, newest first."""
        rows = self.connection.execute(
            f"""SELECT e.key, d.card FROM (SELECT key FROM entries WHERE list = ? ORDER BY key LIMIT ? OFFSET ?) e
            JOIN documents d ON d.path = substr(e.key, {KEY_DATE_LENGTH + 1}) ORDER BY e.key DESC""",
            (name, size, skip),
        )
        return [(key, _CARD.decode(card)) for key, card in rows]

    def keys_around(self, name: str, key: str, each: int) -> tuple[list[str], list[str]]:
        """The `each` nearest keys (older, newer) of a list around `key`, nearest first."""
        older = self.connection.execute(
            "SELECT key FROM entries WHERE list = ? AND key < ? ORDER BY key DESC LIMIT ?", (name, key, each)
        ).fetchall()
        newer = self.connection.execute(
            "SELECT key FROM entries WHERE list = ? AND key > ? ORDER BY key LIMIT ?", (name, key, each)
        ).fetchall()
        return [row[0] for row in older], [row[0] for row in newer]

    def pinned(self, name: str) -> list[Card]:
        rows = self.connection.execute(
            f"""SELECT d.card FROM pins p JOIN documents d ON d.path = substr(p.key, {KEY_DATE_LENGTH + 1})
            WHERE p.list = ? ORDER BY p.key DESC""",
            (name,),
        )
        return [_CARD.decode(row[0]) for row in rows]

    def count(self, name: str) -> int:
        row = self.connection.execute("SELECT count(*) FROM entries WHERE list = ?", (name,)).fetchone()
        return int(row[0])

    def counts(self, prefix: str) -> list[tuple[str, int]]:
        """(what follows the prefix, number of entries) of every list whose name begins so; a range scan."""
        rows = self.connection.execute(
            "SELECT substr(list, ?), count(*) FROM entries WHERE list >= ? AND list < ? GROUP BY list",
            (len(prefix) + 1, prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)),
        )
        return list(rows)

    def card(self, path: str) -> Card | None:
        """The card of a document that has a page."""
        row = self.connection.execute(
            "SELECT card FROM documents WHERE path = ? AND state > 0 AND card NOT NULL", (path,)
        ).fetchone()
        return _CARD.decode(row[0]) if row else None

    def document(self, path: str) -> tuple[Document, int] | None:
        """A document and its state."""
        row = self.connection.execute(
            "SELECT document, state FROM documents WHERE path = ?", (path,)
        ).fetchone()
        return (_DOCUMENT.decode(row[0]), row[1]) if row else None

    def state(self, path: str) -> int | None:
        row = self.connection.execute("SELECT state FROM documents WHERE path = ?", (path,)).fetchone()
        return row[0] if row else None

    def parsed(self, key: str) -> Parsed | None:
        row = self.connection.execute("SELECT value FROM parsed WHERE key = ?", (key,)).fetchone()
        return _PARSED.decode(row[0]) if row else None

    def body(self, key: str) -> Body:
        parsed = self.parsed(key)
        assert parsed is not None, "a document's parsed form is kept as long as the document"
        return _BODY.decode(parsed.body)

    def file(self, path: str) -> FileFacts | None:
        """A file that is published: its owner has a page."""
        row = self.connection.execute(
            "SELECT size, digest, width, height FROM files WHERE path = ?", (path,)
        ).fetchone()
        owner = self.file_owner(path)
        site = self.group.owner(path.partition("/")[0])
        if not row or not owner or not site:
            return None
        return FileFacts(path, site.id, inside_site(path), *row)

    def file_owner(self, path: str) -> str:
        """The document (or `_files` folder) that publishes a file; empty if the nearest that could has no page."""
        for owner in owners_of_file(path):
            if owner.endswith(f"/{FILES_FOLDER}"):
                return owner
            if (state := self.state(owner)) is not None:
                return owner if state else ""
        return ""

    def files_below(self, folder: str) -> Iterator[str]:
        """Paths of the files in a folder, given with its closing slash; Markdown is none."""
        rows = self.connection.execute(
            "SELECT path FROM files WHERE path > ? AND path < ? AND path NOT LIKE '%.md' ORDER BY path",
            (folder, folder[:-1] + "0"),
        )
        return (row[0] for row in rows.fetchall())

    def referring(self, kind: str, path: str) -> list[Card]:
        """Cards of the documents with a page that refer to this one, newest first."""
        rows = self.connection.execute(
            """SELECT d.card FROM relations r JOIN documents d ON d.path = r.source
            WHERE r.kind = ? AND r.target = ? AND d.state > 0 ORDER BY d.key DESC""",
            (kind, path),
        )
        return [_CARD.decode(row[0]) for row in rows]

    def paths(self, site: str | None = None) -> Iterable[str]:
        where, values = ("WHERE site = ?", (site,)) if site else ("", ())
        return [
            row[0]
            for row in self.connection.execute(f"SELECT path FROM documents {where} ORDER BY path", values)
        ]

    def next_change(self) -> datetime | None:
        """When the first document after `now` appears in or leaves a list."""
        now = self.now.isoformat(timespec="minutes")
        row = self.connection.execute(
            """SELECT min(moment) FROM (SELECT min(appears) AS moment FROM documents WHERE appears > ?
            UNION ALL SELECT min(leaves) FROM documents WHERE leaves > ? AND appears IS NOT NULL)""",
            (now, now),
        ).fetchone()
        return datetime.fromisoformat(row[0]) if row[0] else None
