"""What only the whole can tell: links that lead nowhere, numbers given twice, addresses that meet.

A dead link inside a site is the site's error. One into another site is a warning and the page shows its words without
a link: no site may stop another's release.
"""

import difflib
import posixpath
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from gen.catalogue.sharing import Sharing
from gen.catalogue.store import Store
from gen.catalogue.update import Placed
from gen.config.model import SHARED_COLUMN, SHARED_FOLDER
from gen.content.document import (
    MAX_NAME_BYTES,
    RESERVED_SLUG,
    SUFFIX,
    Document,
    is_plain_path,
    resolve,
)
from gen.content.front_matter import FrontMatter
from gen.content.reader import ALLOWED, MEASURED
from gen.errors import Issue, Severity, in_order

MAX_SUGGESTIONS = 50
"""Of a round: each looks through thousands of paths, and a renamed folder can break as many links."""

_IN_A_FILE = re.compile(
    r"\.(?:html|xml|json|atom)/|\.(?:" + "|".join(one[1:] for one in sorted(ALLOWED)) + ")/", re.IGNORECASE
)
"""An address below one that may be a file, which can't be a folder too."""

PICTURES = MEASURED.keys() | {".svg"}

_DOCUMENT = msgspec.msgpack.Decoder(Document)


def check(store: Store, sharing: Sharing, placed: Iterable[Placed], changed: Iterable[str]) -> list[Issue]:
    """All issues that the documents in `placed`, or a change at the paths in `changed`, bring into the group.

    A document at a changed path is checked even if it is what it was: it may have been at fault last time.
    """
    documents = [one.document for one in placed]
    others = sorted(set(changed) - {document.path for document in documents})
    documents += [found[0] for path in others if (found := store.document(path))]
    issues: list[Issue] = []
    nearest = _Nearest()
    for document in documents:
        if document.matter:
            issues += _check_sharing(store, sharing, document, document.matter, nearest)
            issues += _check_aliases(store, document, document.matter)
            issues += _check_address(store, document)
            issues += _check_translation(store, document, document.matter)
    issues += _check_numbers(
        store, [d.matter.index_number for d in documents if d.matter and d.matter.index_number]
    )
    issues += _check_links(store, {document.path for document in documents}.union(others), nearest)
    return in_order(issues)


class _Nearest:
    """Suggests what may have been meant, as often as a round can afford."""

    def __init__(self) -> None:
        self._left = MAX_SUGGESTIONS

    def to(self, written: str, known: Iterable[str], cutoff: float = 0.6) -> str:
        if not self._left:
            return ""
        self._left -= 1
        return next(iter(difflib.get_close_matches(written, known, n=1, cutoff=cutoff)), "")


def _check_sharing(
    store: Store, sharing: Sharing, document: Document, matter: FrontMatter, nearest: _Nearest
) -> Iterator[Issue]:
    for pattern in matter.share:
        if not sharing.places(pattern, document.site):
            columns = store.group.columns
            known = [f"{site}/{column}" for site, own in columns.items() for column in own]
            near = nearest.to(pattern, known)
            yield _issue(document, document.line("share"), "share.nowhere", pattern=pattern, near=near)


def _check_translation(store: Store, document: Document, matter: FrontMatter) -> Iterator[Issue]:
    """A document translates one of the site that its own site translates, and is the only one that does."""
    target = resolve(document.path, matter.translates) if matter.translates else None
    if not target:
        return
    site = store.group.sites[document.site]
    owner = store.group.owner(target.partition("/")[0])
    if not site.translation_of or owner is None or owner.id != site.translation_of:
        yield _issue(
            document, document.line("translates"), "translation.place", target=target, site=site.name
        )
        return
    rows = store.connection.execute(
        "SELECT source FROM relations WHERE kind = 'translates' AND target = ? ORDER BY source", (target,)
    ).fetchall()
    known = [found[0] for row in rows if (found := store.document(row[0]))]
    first, *later = [one for one in known if one.site == document.site] or [document]
    for second in later:
        yield _issue(
            second,
            second.line("translates"),
            "translation.doubled",
            target=target,
            other=f"content/{first.path}",
        )


def _check_aliases(store: Store, document: Document, matter: FrontMatter) -> Iterator[Issue]:
    for written in matter.aliases:
        address = written.strip("/")
        if not _is_address(address):
            yield _issue(document, document.line("aliases"), "alias.form", alias=written)
            continue
        taken = address_taken(store, document.site, address)
        if taken:
            yield _issue(document, document.line("aliases"), "alias.taken", alias=written, other=taken)
        first, *later = _holders(store, document.site, address)
        for holder in later:
            yield _issue(
                holder, holder.line("aliases"), "alias.taken", alias=address, other=f"content/{first.path}"
            )


def _is_address(written: str) -> bool:
    """Whether a page can lie there in any file system."""
    is_short = all(len(part.encode()) <= MAX_NAME_BYTES for part in written.split("/"))
    return (
        written.endswith(".html") and is_short and is_plain_path(written) and not _IN_A_FILE.search(written)
    )


def _check_address(store: Store, document: Document) -> Iterator[Issue]:
    """An old address can't lead away from where a document lies now."""
    for holder in _holders(store, document.site, document.address):
        yield _issue(
            holder,
            holder.line("aliases"),
            "alias.taken",
            alias=document.address,
            other=f"content/{document.path}",
        )
    for path in _paths_at(store, document.site, document.address):
        if path != document.path and store.state(path) is not None:
            yield _issue(
                document, 0, "content.address_taken", address=document.address, other=f"content/{path}"
            )


def _holders(store: Store, site: str, address: str) -> list[Document]:
    """The documents that name an old address, by path; it is the first one's."""
    rows = store.connection.execute(
        "SELECT path FROM aliases WHERE site = ? AND address = ? ORDER BY path", (site, address)
    ).fetchall()
    return [found[0] for row in rows if (found := store.document(row[0]))]


def _paths_at(store: Store, site: str, address: str) -> list[str]:
    """The paths of the documents that could have this address."""
    stem = address.removesuffix(".html")
    paths = [f"{site}/{stem}{SUFFIX}"]
    if site == store.group.hub and stem.startswith(f"{SHARED_COLUMN}/"):
        paths.append(f"{SHARED_FOLDER}/{stem.removeprefix(f'{SHARED_COLUMN}/')}{SUFFIX}")
    return paths


def address_taken(store: Store, site: str, address: str) -> str:
    """What of the site already lies at an address; empty if nothing does."""
    for path in _paths_at(store, site, address):
        if store.state(path) is not None:
            return f"content/{path}"
    fixed = {"index.html", "404.html", "sitemap.html"} | {
        c.address for c in store.group.columns[site].values()
    }
    fixed |= {channel.address for channel in store.group.sites[site].channels}
    folder, _, name = address.removesuffix(".html").rpartition("/")
    is_block = folder in store.group.columns[site] and RESERVED_SLUG.fullmatch(name)
    return (
        address
        if address in fixed or is_block or address.startswith(("archive/", "tags/", "assets/"))
        else ""
    )


def _check_numbers(store: Store, numbers: Iterable[str]) -> Iterator[Issue]:
    """A number belongs to the document created first; a later one with the same number is at fault."""
    for number in sorted(set(numbers)):
        rows = store.connection.execute(
            "SELECT document FROM documents WHERE index_number = ?", (number,)
        ).fetchall()
        holders = sorted((_DOCUMENT.decode(row[0]) for row in rows), key=lambda one: _seniority(store, one))
        for document in holders[1:]:
            yield _issue(
                document,
                document.line("index_number"),
                "number.doubled",
                number=number,
                other=f"content/{holders[0].path}",
            )


def _seniority(store: Store, document: Document) -> tuple[bool, str, str]:
    """Orders the holders of a number: those of the agency that it names come first, so no other site can claim it."""
    matter, site = document.matter, store.group.sites[document.site]
    number = matter.index_number if matter else ""
    codes = {site.agency_code, *(channel.agency_code for channel in site.channels)} - {""}
    day = (matter.created or matter.published.date()).isoformat() if matter else ""
    return number.partition("-")[0] not in codes, day, document.path


def _check_links(store: Store, paths: Iterable[str], nearest: _Nearest) -> Iterator[Issue]:
    rows: set[tuple[str, str, str, int, int]] = set()
    for path in paths:
        folder = f"{path.removesuffix(SUFFIX)}/"  # a document that comes or goes takes its own files along
        rows.update(
            store.connection.execute(
                """SELECT source, target, anchor, line, image FROM links WHERE source = ? OR target = ?
                OR (target > ? AND target < ?)""",
                (path, path, folder, folder[:-1] + "0"),
            )
        )
    sources: dict[str, Document | None] = {}
    for source, target, anchor, line, image in sorted(rows):
        if source not in sources:
            found = store.document(source)
            sources[source] = found[0] if found else None
        document = sources[source]
        if document and (document.is_intro or document.appears):
            yield from _check_link(store, document, _Link(target, anchor, line, bool(image)), nearest)


class _Link(NamedTuple):
    """A link as the catalogue keeps it; an empty target leads out of `content/`."""

    target: str
    anchor: str
    line: int
    image: bool


def _check_link(store: Store, document: Document, link: _Link, nearest: _Nearest) -> Iterator[Issue]:
    if not link.target:
        yield _issue(document, link.line, "link.outside")
    elif link.image and posixpath.splitext(link.target)[1].lower() not in PICTURES:
        yield _issue(document, link.line, "link.no_picture", target=link.target)
    elif link.target == document.path:
        yield from _check_anchor(document, document, link, nearest)
    elif link.target.endswith(SUFFIX):
        yield from _check_document_link(store, document, link, nearest)
    else:
        yield from _check_file_link(store, document, link, nearest)


def _check_document_link(store: Store, source: Document, link: _Link, nearest: _Nearest) -> Iterator[Issue]:
    path, line = link.target, link.line
    site = store.group.owner(path.partition("/")[0])
    own = site is not None and site.id == source.site
    found = store.document(path)
    if found is None or found[0].is_intro:
        known = [
            row[0]
            for row in store.connection.execute(
                "SELECT path FROM documents WHERE path > ? AND path < ?",
                (f"{posixpath.dirname(path)}/", f"{posixpath.dirname(path)}0"),
            ).fetchmany(5_000)
        ]
        yield _issue(source, line, "link.dead", own=own, target=path, near=nearest.to(path, known))
        return
    document, state = found
    appears = document.appears
    is_in_time = bool(appears and source.appears and appears <= source.appears)
    if not state and not is_in_time:
        when = f"{appears:%Y-%m-%d %H:%M}" if appears else ""
        code = "link.scheduled" if when else "link.hidden"
        yield _issue(source, line, code, own=own, target=path, when=when)
    else:
        yield from _check_anchor(source, document, link, nearest)


def _check_anchor(source: Document, document: Document, link: _Link, nearest: _Nearest) -> Iterator[Issue]:
    if link.anchor and link.anchor not in document.anchors:
        near = nearest.to(link.anchor, document.anchors)
        params = {"target": document.path, "anchor": link.anchor, "near": near}
        yield _issue(source, link.line, "link.anchor", own=document.site == source.site, **params)


def _check_file_link(store: Store, source: Document, link: _Link, nearest: _Nearest) -> Iterator[Issue]:
    path, line = link.target, link.line
    site = store.group.owner(path.partition("/")[0])
    if site is None or site.id != source.site:
        yield _issue(source, line, "link.foreign_file", target=path)
        return
    exists = store.connection.execute("SELECT 1 FROM files WHERE path = ?", (path,)).fetchone()
    if not exists:
        known = list(store.files_below(f"{posixpath.dirname(path)}/"))
        yield _issue(source, line, "link.no_file", target=path, near=nearest.to(path, known, cutoff=0.4))
    elif not store.file_owner(path) and not path.startswith(source.files_folder):
        yield _issue(source, line, "link.unpublished_file", target=path)


def _issue(document: Document, line: int, code: str, *, own: bool = True, **params: str) -> Issue:
    severity = Severity.ERROR if own else Severity.WARNING
    return Issue(f"content/{document.path}", line, code, params, severity, document.site)


def check_folded(
    connection: sqlite3.Connection, paths: Iterable[str], owner: Mapping[str, str]
) -> Iterator[Issue]:
    """Two paths that differ in case alone are one file on many systems; the one that sorts first may stay."""
    for path in sorted(paths):
        rows = connection.execute("SELECT path FROM files WHERE folded = ? ORDER BY path", (path.casefold(),))
        first, *later = [row[0] for row in rows.fetchall()] or [path]
        for one in later:
            yield Issue(f"content/{one}", 0, "content.case", {"other": first}, Severity.ERROR, owner[path])
