"""Takes what was read into the catalogue, whole sites at a time: a site with an error keeps what it had.

A site's changes come in together or not at all, so that what other sites show of it is always what it shows itself.
The paths of a site that stayed out are withheld: they are read again at the next build, whatever seems unchanged.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Set
from datetime import datetime

import msgspec

from gen.catalogue.check import check, check_folded
from gen.catalogue.queries import Interval
from gen.catalogue.store import Store
from gen.catalogue.update import Placed, Update
from gen.config.model import Group, Site
from gen.content.document import SUFFIX, Parsed, place
from gen.content.reader import Reading
from gen.database import get_meta, marks, set_meta
from gen.errors import Issue, in_order
from gen.files import digest

KEPT_TEXTS = 1_000
"""So many parsed texts of earlier states are kept whatever their number: switching branches back costs nothing."""

_PARSED = msgspec.msgpack.Decoder(Parsed)


class Accepted(msgspec.Struct, frozen=True):
    """What came of a round of changes. `events` tell what changed for pages; `withheld` are the paths left out."""

    events: frozenset[Interval]
    issues: tuple[Issue, ...]
    failed: frozenset[str]
    withheld: tuple[str, ...]
    documents: int


class _SiteChange(msgspec.Struct):
    """What changed in the folder of one site."""

    readings: dict[str, Reading] = {}
    removed: set[str] = set()
    placed: dict[str, Placed] = {}
    issues: list[Issue] = []

    @property
    def failed(self) -> bool:
        return any(issue.is_error for issue in self.issues)

    def paths(self) -> set[str]:
        return {*self.readings, *self.removed, *self.placed}


def accept(
    connection: sqlite3.Connection,
    group: Group,
    now: datetime,
    readings: Iterable[Reading],
    removed: Iterable[str],
    broken: Set[str] = frozenset(),
) -> Accepted:
    """Brings the catalogue up to date in the open transaction; sites that are `broken` otherwise stay out too."""
    structure = _structure(group)
    known = marks(connection, "structure")
    restructured = {site for site in group.sites if known.get(site) != structure}
    changes, strangers = _by_site(connection, group, readings, removed)
    for change in changes.values():
        _place(connection, group, change)
    leavers = _place_again(connection, group, changes, restructured)
    failed = {site for site, change in changes.items() if change.failed} | broken
    while True:
        connection.execute("SAVEPOINT round")
        update, issues = _take_in(connection, group, now, changes, failed, leavers)
        newly = {issue.site for issue in issues if issue.is_error} - failed
        if not newly:
            break
        connection.execute("ROLLBACK TO round")
        connection.execute("RELEASE round")
        failed |= newly
        for issue in issues:
            if issue.site in newly:
                changes.setdefault(issue.site, _SiteChange()).issues.append(issue)
    connection.execute("RELEASE round")
    for site in restructured - failed:
        set_meta(connection, f"structure:{site}", structure)
    _forget_unused(connection, added=sum(len(change.placed) for change in changes.values()))
    issues = [issue for issue in issues if issue.is_error or not _points_into(group, issue, failed)]
    everything = [*strangers, *issues, *(issue for change in changes.values() for issue in change.issues)]
    withheld = {issue.path.removeprefix("content/") for issue in everything if issue.is_error}
    withheld.update(leavers, *(changes[site].paths() for site in failed if site in changes))
    return Accepted(
        events=frozenset(update.events),
        issues=tuple(in_order(everything)),
        failed=frozenset(failed),
        withheld=tuple(sorted(withheld)),
        documents=sum(len(change.placed) for site, change in changes.items() if site not in failed),
    )


def _points_into(group: Group, issue: Issue, failed: Set[str]) -> bool:
    """Whether a link leads to a site whose changes stayed out: what it leads to may be among them."""
    site = _owner(group, issue.params.get("target", ""))
    return site is not None and site.id in failed


def _forget_unused(connection: sqlite3.Connection, added: int) -> None:
    """Drops parsed texts that no document has any more, once there may be as many of them as documents."""
    unused = int(get_meta(connection, "replaced") or 0) + added
    (documents,) = connection.execute("SELECT max(rowid) FROM parsed").fetchone()
    if unused > KEPT_TEXTS and unused > (documents or 0) // 2:
        connection.execute("DELETE FROM parsed WHERE key NOT IN (SELECT parsed FROM documents)")
        unused = 0
    set_meta(connection, "replaced", str(unused))


def _structure(group: Group) -> str:
    """A fingerprint of all in the group that decides where documents stand and what their cards say of the place."""
    faces = [(site.face, site.organiser, site.translation_of) for site in group.sites.values()]
    return digest(msgspec.msgpack.encode((faces, group.columns, group.hub)))


def _by_site(
    connection: sqlite3.Connection, group: Group, readings: Iterable[Reading], removed: Iterable[str]
) -> tuple[dict[str, _SiteChange], list[Issue]]:
    """The changes by the site that owns them, and an issue for each folder that no site owns."""
    changes: dict[str, _SiteChange] = {}
    strangers: list[Issue] = []
    for reading in readings:
        if reading.parsed is not None:
            connection.execute("INSERT OR IGNORE INTO parsed VALUES (?, ?)", (reading.key, reading.parsed))
            reading = msgspec.structs.replace(reading, parsed=None)  # noqa: PLW2901 - lets the bytes go
        site = _owner(group, reading.path)
        if site is None:
            known = "、".join(list(group.sites)[:60])
            params = {"folder": reading.path.partition("/")[0], "known": known}
            strangers.append(Issue(f"content/{reading.path}", 0, "content.unknown_site", params))
            continue
        change = changes.setdefault(site.id, _SiteChange())
        if reading.gone:
            change.removed.add(reading.path)
        else:
            change.readings[reading.path] = reading
            change.issues += [issue.at(issue.path, site.id) for issue in reading.issues]
    for path in removed:
        site = _owner(group, path)
        if site:
            changes.setdefault(site.id, _SiteChange()).removed.add(path)
        else:
            connection.execute("DELETE FROM files WHERE path = ?", (path,))
    return changes, strangers


def _owner(group: Group, path: str) -> Site | None:
    folder, slash, _ = path.partition("/")
    return group.owner(folder) if slash else None


def _place(connection: sqlite3.Connection, group: Group, change: _SiteChange) -> None:
    """Makes documents of what was read, unless it is what the catalogue has."""
    for path, reading in change.readings.items():
        if not path.endswith(SUFFIX) or not reading.key:
            continue
        known = connection.execute("SELECT parsed FROM documents WHERE path = ?", (path,)).fetchone()
        if known != (reading.key,):
            _place_one(connection, group, change, path, reading.key)


def _place_one(
    connection: sqlite3.Connection, group: Group, change: _SiteChange, path: str, key: str
) -> None:
    (blob,) = connection.execute("SELECT value FROM parsed WHERE key = ?", (key,)).fetchone()
    parsed = msgspec.structs.replace(_PARSED.decode(blob), body=b"")
    document, issues = place(group, path, key, parsed)
    change.issues += issues
    if document:
        change.placed[path] = Placed(document, parsed)


def _place_again(
    connection: sqlite3.Connection, group: Group, changes: dict[str, _SiteChange], restructured: set[str]
) -> list[str]:
    """Places anew the unchanged documents of sites that haven't seen the group's present structure.

    Returns the paths that no site owns any more.
    """
    leavers = []
    known = {row[0] for row in connection.execute("SELECT DISTINCT site FROM documents")}
    rows = (
        row
        for name in sorted(known & restructured | known - group.sites.keys())
        for row in connection.execute("SELECT path, parsed FROM documents WHERE site = ?", (name,)).fetchall()
    )
    for path, key in rows:
        site = _owner(group, path)
        if site is None:
            leavers.append(path)
            continue
        change = changes.setdefault(site.id, _SiteChange())
        if path not in change.placed and path not in change.removed:
            seen = change.readings.get(path)
            if seen is None or seen.key == key:
                _place_one(connection, group, change, path, key)
    return leavers


def _take_in(
    connection: sqlite3.Connection,
    group: Group,
    now: datetime,
    changes: Mapping[str, _SiteChange],
    failed: set[str],
    leavers: Iterable[str],
) -> tuple[Update, list[Issue]]:
    """One try: the changes of all sites that haven't failed, and what is wrong with the whole that they make."""
    update = Update(connection, group, now)
    going = {site: change for site, change in changes.items() if site not in failed}
    for path in leavers:
        update.remove(path)
        connection.execute("DELETE FROM files WHERE path = ?", (path,))
    for change in going.values():
        _take_files(connection, update, change)
        for path in sorted(change.removed):
            update.remove(path)
        for path in sorted(change.placed):
            update.put(change.placed[path])
    update.flush()
    moved = [
        path
        for site in group.sites
        if site not in failed
        for path in _pass_time(connection, update, site, now)
    ]
    update.flush()
    update.site_faces()
    changed = {path for change in going.values() for path in change.paths()}.union(moved)
    owner = {path: site for site, change in going.items() for path in change.readings}
    placed = [one for change in going.values() for one in change.placed.values()]
    issues = check(Store(connection, group, now), update.sharing, placed, changed)
    return update, [*issues, *check_folded(connection, owner, owner)]


def _take_files(connection: sqlite3.Connection, update: Update, change: _SiteChange) -> None:
    for path in change.removed:
        if connection.execute("DELETE FROM files WHERE path = ?", (path,)).rowcount:
            update.file_changed(path)
    for path, reading in sorted(change.readings.items()):
        known = connection.execute("SELECT digest FROM files WHERE path = ?", (path,)).fetchone()
        stat = reading.stat
        row = (
            path,
            path.casefold(),
            stat.size,
            stat.mtime_ns,
            stat.inode,
            reading.digest,
            reading.width,
            reading.height,
        )
        connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        if known != (reading.digest,) and not path.endswith(SUFFIX):
            update.file_changed(path)


def _pass_time(connection: sqlite3.Connection, update: Update, site: str, now: datetime) -> list[str]:
    """Each site has its own clock: one that failed catches up when it is mended. Returns what came or went."""
    key = f"now:{site}"
    before = get_meta(connection, key)
    moved = update.pass_time(site, datetime.fromisoformat(before)) if before else []
    set_meta(connection, key, now.isoformat())
    return moved
