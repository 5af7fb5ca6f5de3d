"""`search/index.js`: what a browser fetches anew each time, so that all else can be kept for ever."""

from functools import cache

import msgspec

from gen.config.model import ColumnKind, Group, Site
from gen.files import digest
from gen.search import analysis, vlq
from gen.search.commonness import common_from
from gen.search.entries import NAME_LENGTH, SUFFIX, script
from gen.search.state import SearchState
from gen.text import text

VERSION = 1
TABLE_PARTS = 4
"""A query seldom has characters of more than two; each is a file of every index."""
MANIFEST = "index"


def sites_of(group: Group, owner: str) -> list[Site]:
    """The sites whose documents an index holds."""
    return list(group.sites.values()) if owner == group.hub else [group.sites[owner]]


def make_manifest(state: SearchState, owner: str, shown: bytes) -> dict[str, bytes]:
    """The manifest and the table of variants, by their names in `search/`; `shown` are the encoded `faces`."""
    table, parts = _table()
    segments = state.segments(owner)
    live = sum(segment.live for segment in segments)
    value = {
        "v": VERSION,
        "own": owner,
        "live": live,
        "common": common_from(live),
        "newest": state.newest_month(owner),
        "segments": [
            {
                "id": segment.id,
                "docs": segment.documents,
                "shards": segment.shards,
                "key": segment.key,
                "young": segment.young,
                "dead": vlq.gaps(state.dead(owner, number)) if segment.live < segment.documents else "",
                "packs": {str(pack): name for pack, name in sorted(segment.replaced.items())},
            }
            for number, segment in enumerate(segments)
        ],
        **msgspec.json.decode(shown),
        "fold": _common_variants(),
        "table": table,
    }
    return {f"{MANIFEST}{SUFFIX}": script(MANIFEST, msgspec.json.encode(value)), **parts}


def faces(group: Group, owner: str, *, local: bool) -> dict[str, object]:
    """What of the group's settings an index shows and ranks by."""
    sites, words = sites_of(group, owner), group.sites[owner].words
    return {
        "sites": {
            site.id: (site.short_name, _root(group, site, owner, local=local), pinyin(site.short_name))
            for site in sites
        },
        "places": {
            f"{site.id}/{column.id}": (column.name, column.kind, pinyin(column.name), column.address)
            for site in sites
            for column in group.columns[site.id].values()
        },
        "kinds": {kind: text(f"kind.{kind}", words) for kind in ColumnKind},
        "rank": group.ranking,
    }


def _root(group: Group, site: Site, owner: str, *, local: bool) -> str:
    """The href of a site's root, with its closing slash, from the `search/` folder of `owner`."""
    if site.id == owner:
        return "../"
    if local:
        return f"../../{site.id}/"
    return group.sites[site.id].url


def pinyin(name: str) -> str:
    """A name's syllables, parted by spaces."""
    from pypinyin import Style, lazy_pinyin  # slow to load, and seldom needed

    return " ".join(lazy_pinyin(name, style=Style.NORMAL)).lower()


@cache
def _common_variants() -> str:
    return "".join(analysis.variant_pairs(common=True))


@cache
def _table() -> tuple[tuple[str, list[int]], dict[str, bytes]]:
    """The table of variants that people seldom type, in parts by code point: its name with the first code point of each
    part, and the parts' files."""
    pairs = list(analysis.variant_pairs(common=False))
    size = -(-len(pairs) // TABLE_PARTS)
    parts = [pairs[start : start + size] for start in range(0, len(pairs), size)]
    values = [
        msgspec.json.encode((vlq.gaps(ord(pair[0]) for pair in part), "".join(pair[1] for pair in part)))
        for part in parts
    ]
    name = f"fold-{digest(b''.join(values))[:NAME_LENGTH]}"
    files = {
        f"{name}-{number}{SUFFIX}": script(f"{name}-{number}", value) for number, value in enumerate(values)
    }
    return (name, [0, *(ord(part[0][0]) for part in parts[1:])]), files
