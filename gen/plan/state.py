"""What was built: every artifact with its bytes' digest, what it asked, and whether it is out of date.

A page that must be made again is marked stale in the same transaction that takes the change into the catalogue, and
freed of the mark only after its new bytes are on the disk. Whatever interrupts a build, the next one finds the marks.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from gen.catalogue.queries import TIME, Interval
from gen.plan.artifact import AnyArtifact, Artifact, SiteAssets
from gen.plan.dependencies import Asked

TABLES = (
    """CREATE TABLE pages (
        id INTEGER PRIMARY KEY, output TEXT NOT NULL UNIQUE, site TEXT NOT NULL, owner TEXT NOT NULL,
        artifact BLOB NOT NULL, template TEXT NOT NULL, digest TEXT NOT NULL, stale TEXT)""",
    "CREATE INDEX pages_owner ON pages (owner)",
    "CREATE INDEX pages_site ON pages (site)",
    "CREATE INDEX pages_template ON pages (template)",
    "CREATE INDEX pages_stale ON pages (site) WHERE stale IS NOT NULL",
    "CREATE TABLE gone (output TEXT PRIMARY KEY, site TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE queries (id INTEGER PRIMARY KEY, query BLOB NOT NULL UNIQUE, fingerprint BLOB NOT NULL)",
    "CREATE TABLE asks (page INTEGER, query INTEGER, PRIMARY KEY (page, query)) WITHOUT ROWID",
    "CREATE INDEX asks_query ON asks (query, page)",
    "CREATE TABLE watches (topic TEXT, high TEXT, low TEXT, query INTEGER, PRIMARY KEY (topic, high, low, query)) WITHOUT ROWID",
    "CREATE INDEX watches_query ON watches (query)",
    "CREATE INDEX watches_ranges ON watches (topic, high, low, query) WHERE low <> high",
    "CREATE TABLE fingerprints (kind TEXT, name TEXT, value TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID",
    "CREATE TABLE assets (site TEXT PRIMARY KEY, key TEXT NOT NULL, value BLOB NOT NULL)",
    "CREATE TABLE compiled (theme TEXT PRIMARY KEY, key TEXT NOT NULL, value BLOB NOT NULL)",
    "CREATE TABLE withheld (path BLOB PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE dirty (path BLOB PRIMARY KEY) WITHOUT ROWID",
)

_ENCODE = msgspec.msgpack.Encoder().encode
_ASSETS = msgspec.msgpack.Decoder(SiteAssets)
_COMPILED = msgspec.msgpack.Decoder(dict[str, bytes])
_ARTIFACT: msgspec.msgpack.Decoder[Artifact] = msgspec.msgpack.Decoder(AnyArtifact)


class StalePage(msgspec.Struct, frozen=True):
    """An artifact to be made, why, and the digest of what lies on the disk (empty: nothing does)."""

    id: int
    artifact: Artifact
    digest: str
    reason: str


class State:
    """The tables of this module, in the connection's open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def owned(self, owner: str) -> dict[str, tuple[Artifact, str]]:
        """The artifacts of an owner, each with its template's key, by output."""
        rows = self.connection.execute(
            "SELECT output, artifact, template FROM pages WHERE owner = ?", (owner,)
        )
        return {output: (_ARTIFACT.decode(blob), template) for output, blob, template in rows}

    def owners(self, site: str) -> list[str]:
        rows = self.connection.execute("SELECT DISTINCT owner FROM pages WHERE site = ?", (site,))
        return [row[0] for row in rows]

    def sites(self) -> set[str]:
        return {row[0] for row in self.connection.execute("SELECT DISTINCT site FROM pages")}

    def add(self, artifacts: Iterable[tuple[Artifact, str]], reason: str) -> None:
        """Takes new artifacts, each with its template's key, to be made for this reason."""
        rows = [
            (one.output, one.site, one.owner, _ENCODE(one), template, reason) for one, template in artifacts
        ]
        self.connection.executemany("DELETE FROM gone WHERE output = ?", [(row[0],) for row in rows])
        self.connection.executemany(
            "INSERT INTO pages (output, site, owner, artifact, template, digest, stale) VALUES (?, ?, ?, ?, ?, '', ?)",
            rows,
        )

    def drop(self, outputs: Iterable[str]) -> None:
        """Forgets artifacts; their files are deleted when their site is written next."""
        for output in outputs:
            page, site = self.connection.execute(
                "SELECT id, site FROM pages WHERE output = ?", (output,)
            ).fetchone()
            self._forget_asks([page])
            self.connection.execute("DELETE FROM pages WHERE id = ?", (page,))
            self.connection.execute("INSERT OR IGNORE INTO gone VALUES (?, ?)", (output, site))

    def touched(self, events: Iterable[Interval]) -> dict[int, bytes]:
        """The queries whose watches meet an event, by id.

        A watch meets it that ends within the event, or that ends later and begins before the event's end. Most watches
        are single keys, as many as there are documents: they are never among the second.
        """
        found: dict[int, bytes] = {}
        for event in events:
            found.update(
                self.connection.execute(
                    """SELECT q.id, q.query FROM watches w JOIN queries q ON q.id = w.query
                    WHERE w.topic = ?1 AND w.high >= ?2 AND w.high <= ?3
                    UNION SELECT q.id, q.query FROM watches w INDEXED BY watches_ranges JOIN queries q ON q.id = w.query
                    WHERE w.topic = ?1 AND w.high > ?3 AND w.low <= ?3 AND w.low <> w.high""",
                    (event.topic, event.low, event.high),
                )
            )
        return found

    def answered(self, query: int, asked: Asked) -> bool:
        """Takes a new answer to a query; whether it differs from the last one."""
        (old,) = self.connection.execute("SELECT fingerprint FROM queries WHERE id = ?", (query,)).fetchone()
        self.connection.execute("DELETE FROM watches WHERE query = ?", (query,))
        self._watch([(query, asked)])
        self.connection.execute("UPDATE queries SET fingerprint = ? WHERE id = ?", (asked.fingerprint, query))
        return bool(old != asked.fingerprint)

    def mark_asking(self, query: int, reason: str) -> None:
        self.connection.execute(
            "UPDATE pages SET stale = ? WHERE stale IS NULL AND id IN (SELECT page FROM asks WHERE query = ?)",
            (reason, query),
        )

    def mark_output(self, output: str, artifact: Artifact, template: str, reason: str) -> None:
        self.connection.execute(
            "UPDATE pages SET artifact = ?, template = ?, stale = ? WHERE output = ?",
            (_ENCODE(artifact), template, reason, output),
        )

    def mark_template(self, template: str, reason: str) -> None:
        self.connection.execute(
            "UPDATE pages SET stale = ? WHERE template = ? AND stale IS NULL", (reason, template)
        )

    def mark_site(self, site: str, reason: str, *, everything: bool) -> None:
        """Marks a site's pages; unless `everything`, not those that don't depend on its settings."""
        which = "" if everything else "AND template <> ''"
        self.connection.execute(
            f"UPDATE pages SET stale = ? WHERE site = ? AND stale IS NULL {which}", (reason, site)
        )

    def forget_outputs(self, site: str) -> None:
        """The site's output is no longer on the disk."""
        self.connection.execute(
            "UPDATE pages SET digest = '', stale = coalesce(stale, 'lost') WHERE site = ?", (site,)
        )

    def stale(self, site: str) -> list[StalePage]:
        rows = self.connection.execute(
            "SELECT id, artifact, digest, stale FROM pages WHERE site = ? AND stale IS NOT NULL ORDER BY output",
            (site,),
        )
        return [
            StalePage(number, _ARTIFACT.decode(blob), digest, reason) for number, blob, digest, reason in rows
        ]

    def unfinished_sites(self) -> set[str]:
        """The sites with something to make or to delete."""
        rows = self.connection.execute(
            "SELECT site FROM pages WHERE stale IS NOT NULL UNION SELECT site FROM gone"
        )
        return {row[0] for row in rows}

    def gone(self, site: str) -> list[str]:
        return [row[0] for row in self.connection.execute("SELECT output FROM gone WHERE site = ?", (site,))]

    def made(self, pages: Sequence[tuple[int, str, tuple[Asked, ...]]]) -> None:
        """(page, digest, what it asked) of pages whose bytes are on the disk."""
        self._forget_asks([page for page, _, _ in pages])
        ids: dict[bytes, int] = {}
        fresh: list[tuple[int, Asked]] = []
        asks: list[tuple[int, int]] = []
        for page, _, asked in pages:
            for one in asked:
                if one.query not in ids:
                    ids[one.query] = self._query_id(one, fresh)
                asks.append((page, ids[one.query]))
        self._watch(fresh)
        self.connection.executemany("INSERT OR IGNORE INTO asks VALUES (?, ?)", sorted(asks))
        self.connection.executemany(
            "UPDATE pages SET digest = ?, stale = NULL WHERE id = ?",
            [(digest, page) for page, digest, _ in pages],
        )

    def overwriting(self, pages: Iterable[int]) -> None:
        """What lies on the disk for these pages may be anything until they are made."""
        self.connection.executemany("UPDATE pages SET digest = '' WHERE id = ?", [(page,) for page in pages])

    def next_moment(self, now: datetime) -> datetime | None:
        """When the first moment after `now` comes that a page asked about."""
        row = self.connection.execute(
            "SELECT min(high) FROM watches WHERE topic = ? AND high > ?",
            (TIME, now.isoformat(timespec="minutes")),
        ).fetchone()
        return datetime.fromisoformat(row[0]) if row[0] else None

    def deleted(self, site: str) -> None:
        self.connection.execute("DELETE FROM gone WHERE site = ?", (site,))

    def fingerprint_changed(self, kind: str, name: str, value: str) -> bool:
        """Notes a fingerprint; whether there was another one before, or none."""
        row = self.connection.execute(
            "SELECT value FROM fingerprints WHERE kind = ? AND name = ?", (kind, name)
        ).fetchone()
        if row != (value,):
            self.connection.execute(
                "INSERT OR REPLACE INTO fingerprints VALUES (?, ?, ?)", (kind, name, value)
            )
        return bool(row != (value,))

    def forget_fingerprint(self, kind: str, name: str) -> None:
        self.connection.execute("DELETE FROM fingerprints WHERE kind = ? AND name = ?", (kind, name))

    def outputs(self, site: str) -> set[str]:
        """All that a site consists of."""
        return {row[0] for row in self.connection.execute("SELECT output FROM pages WHERE site = ?", (site,))}

    def kept_assets(self, site: str, key: str) -> SiteAssets | None:
        """A site's assets, if they were made from what `key` stands for."""
        row = self.connection.execute(
            "SELECT value FROM assets WHERE site = ? AND key = ?", (site, key)
        ).fetchone()
        return _ASSETS.decode(row[0]) if row else None

    def keep_assets(self, site: str, key: str, assets: SiteAssets) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO assets VALUES (?, ?, ?)", (site, key, _ENCODE(assets))
        )

    def kept_templates(self, theme: str, key: str) -> dict[str, bytes] | None:
        """What a theme's templates were compiled to, if they were those that `key` stands for."""
        row = self.connection.execute(
            "SELECT value FROM compiled WHERE theme = ? AND key = ?", (theme, key)
        ).fetchone()
        return _COMPILED.decode(row[0]) if row else None

    def keep_templates(self, theme: str, key: str, compiled: dict[str, bytes]) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO compiled VALUES (?, ?, ?)", (theme, key, _ENCODE(compiled))
        )

    def replace_paths(self, table: str, paths: Iterable[str]) -> None:
        """`table` is `withheld` or `dirty`: paths to be looked at again next time, whatever seems unchanged.

        They are kept as bytes, since a file's name may be no text.
        """
        self.connection.execute(f"DELETE FROM {table}")
        self.connection.executemany(
            f"INSERT OR IGNORE INTO {table} VALUES (?)", [(os.fsencode(path),) for path in paths]
        )

    def paths(self, table: str) -> list[str]:
        return [os.fsdecode(row[0]) for row in self.connection.execute(f"SELECT path FROM {table}")]

    def _query_id(self, asked: Asked, fresh: list[tuple[int, Asked]]) -> int:
        row = self.connection.execute("SELECT id FROM queries WHERE query = ?", (asked.query,)).fetchone()
        if row:
            return int(row[0])
        cursor = self.connection.execute(
            "INSERT INTO queries (query, fingerprint) VALUES (?, ?)", (asked.query, asked.fingerprint)
        )
        number = int(cursor.lastrowid or 0)
        fresh.append((number, asked))
        return number

    def _watch(self, queries: Iterable[tuple[int, Asked]]) -> None:
        rows: Iterator[tuple[str, str, str, int]] = (
            (watch.topic, watch.high, watch.low, number)
            for number, asked in queries
            for watch in asked.watches
        )
        self.connection.executemany("INSERT OR IGNORE INTO watches VALUES (?, ?, ?, ?)", sorted(rows))

    def _forget_asks(self, pages: Sequence[int]) -> None:
        """Ends what these pages asked, and the queries that nobody asks any more."""
        for page in pages:
            queries = self.connection.execute("SELECT query FROM asks WHERE page = ?", (page,)).fetchall()
            if not queries:
                continue
            self.connection.execute("DELETE FROM asks WHERE page = ?", (page,))
            for (query,) in queries:
                if not self.connection.execute(
                    "SELECT 1 FROM asks WHERE query = ? LIMIT 1", (query,)
                ).fetchone():
                    self.connection.execute("DELETE FROM queries WHERE id = ?", (query,))
                    self.connection.execute("DELETE FROM watches WHERE query = ?", (query,))
