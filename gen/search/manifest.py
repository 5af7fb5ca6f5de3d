"""`search/index.js`: what a browser fetches anew each time, so that all else can be kept for ever."""

from functools import cache

import msgspec

from gen.config.model import ColumnKind, Group, Site
from gen.files import digest
from gen.search import analysis, vlq
from gen.search.packs import NAME_LENGTH, SUFFIX, script
from gen.search.state import SearchState

VERSION = 1
MANIFEST = "index"
KIND_NAMES = {
    ColumnKind.NEWS: "工作动态",
    ColumnKind.NOTICES: "通知公告",
    ColumnKind.POLICIES: "政策文件",
    ColumnKind.DISCLOSURE: "信息公开",
    ColumnKind.SERVICES: "办事服务",
    ColumnKind.INTERVIEWS: "在线访谈",
    ColumnKind.SURVEYS: "网上调查",
    ColumnKind.CONSULTATIONS: "意见征集",
    ColumnKind.LETTERS: "咨询答复",
    ColumnKind.DATA: "数据发布",
    ColumnKind.LEADERS: "领导信息",
    ColumnKind.ORGANISATION: "机构职能",
    ColumnKind.REPORTS: "年度报告",
    ColumnKind.TOPICS: "专题专栏",
}


def sites_of(group: Group, owner: str) -> list[Site]:
    """The sites whose documents an index holds."""
    return list(group.sites.values()) if owner == group.hub else [group.sites[owner]]


def make_manifest(state: SearchState, owner: str, shown: bytes) -> dict[str, bytes]:
    """The manifest and the table of variants, by their names in `search/`; `shown` are the encoded `faces`."""
    table = _table()
    segments = state.segments(owner)
    value = {
        "v": VERSION,
        "own": owner,
        "live": sum(segment.live for segment in segments),
        "newest": state.newest_month(owner),
        "segments": [
            {
                "id": segment.id,
                "docs": segment.documents,
                "shards": segment.shards,
                "key": segment.key,
                "dead": vlq.gaps(state.dead(owner, number)) if segment.live < segment.documents else "",
                "packs": {str(pack): name for pack, name in sorted(segment.replaced.items())},
            }
            for number, segment in enumerate(segments)
        ],
        **msgspec.json.decode(shown),
        "fold": _common_variants(),
        "table": table[0],
    }
    return {
        f"{MANIFEST}{SUFFIX}": script(MANIFEST, msgspec.json.encode(value)),
        f"{table[0]}{SUFFIX}": script(*table),
    }


def faces(group: Group, owner: str, *, local: bool) -> dict[str, object]:
    """What of the group's settings an index shows and ranks by."""
    sites = sites_of(group, owner)
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
        "kinds": KIND_NAMES,
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
def _table() -> tuple[str, bytes]:
    """The table of variants that people seldom type: its name and value."""
    data = msgspec.json.encode("".join(analysis.variant_pairs(common=False)))
    return f"fold-{digest(data)[:NAME_LENGTH]}", data
