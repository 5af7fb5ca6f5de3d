"""From the file people write to the values everything else uses, with every contradiction told at once."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from gen.config.file import (
    COLUMN_ID,
    SITE_ID,
    ChannelFile,
    ColumnFile,
    ContactFile,
    GroupFile,
    KindFile,
    SearchFile,
    SiteFile,
)
from gen.config.model import (
    FILES_FOLDER,
    SHARED_COLUMN,
    Channel,
    CollectRule,
    Column,
    ColumnKind,
    Contact,
    Group,
    Ranking,
    Site,
    with_children,
)
from gen.config.translations import check_translations
from gen.errors import GenError, Issue
from gen.schema import parse

FILE = "sites.yaml"
MAX_BYTES = 4_000_000
MAX_FACTOR = 100.0
"""Of a search ranking's numbers."""
RESERVED = frozenset(
    {"archive", "tags", "assets", "search", "sitemap", "feed", "index", "404", "aliases", FILES_FOLDER}
)
"""Addresses that every site has; no column or channel may take them."""


def load_group(folder: Path) -> Group:
    """The group of `folder`. Raises GenError with all issues of its `sites.yaml`."""
    try:
        data = (folder / FILE).read_bytes()
    except FileNotFoundError:
        raise GenError(Issue(FILE, 0, "config.missing", {"folder": str(folder)})) from None
    except OSError as error:
        raise GenError(Issue(FILE, 0, "file.unreadable", {"why": str(error.strerror)})) from None
    if len(data) > MAX_BYTES:
        raise GenError(Issue(FILE, 0, "yaml.size"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise GenError(Issue(FILE, 0, "file.encoding")) from None
    file, issues = parse(text, GroupFile)
    if file is None:
        raise GenError(*(issue.at(FILE, "") for issue in issues))
    group, issues = _resolve(file)
    if issues:
        raise GenError(*(issue.at(FILE, "") for issue in issues))
    return group


def _resolve(file: GroupFile) -> tuple[Group, list[Issue]]:
    issues = [*_doubled(file.sites), *_check_settings(file), *check_translations(file)]
    hub = next((site for site in file.sites if site.id == file.group.hub), None)
    hub_url = f"https://{hub.domain}/" if hub and hub.domain else "https://localhost/"
    sites: dict[str, Site] = {}
    for site_file in file.sites:
        site, found = _site(site_file, file, hub_url)
        issues += found
        sites[site.id] = site
    columns = {site.id: {column.id: column for column in site.all_columns()} for site in sites.values()}
    settings = file.group
    if hub:
        columns[hub.id].setdefault(
            SHARED_COLUMN,
            Column(SHARED_COLUMN, settings.name, "notices", page_size=settings.page_size, hidden=True),
        )
    group = Group(
        name=settings.name,
        hub=settings.hub,
        timezone=settings.timezone,
        language=settings.language,
        page_size=settings.page_size,
        ranking=Ranking(
            settings.search.freshness,
            settings.search.half_life,
            settings.search.expired,
            settings.search.kinds,
        ),
        kinds={kind: file.kinds[kind].name for kind in file.kinds},
        sites=sites,
        columns=columns,
    )
    if not issues:
        issues = [*_check_collecting(group, file), *_paths_taken(file, group)]
    return group, issues


def _check_settings(file: GroupFile) -> Iterable[Issue]:
    settings = file.group
    if settings.hub not in {site.id for site in file.sites}:
        known = "、".join(site.id for site in file.sites[:20])
        yield Issue("", settings.line, "config.hub", {"hub": settings.hub, "known": known})
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a path that is a folder or too long
        yield Issue("", settings.line, "config.timezone", {"found": settings.timezone})
    if settings.page_size < 1:
        yield Issue("", settings.line, "config.page_size", {"key": "page_size"})
    yield from _check_search(settings.search)
    yield from _check_kinds(file.kinds)


def _check_search(search: SearchFile) -> Iterable[Issue]:
    """Factors that would turn results upside down, and kinds that no column has."""
    numbers = {"freshness": search.freshness, "half_life": search.half_life, **search.kinds}
    for key, value in numbers.items():
        least = 0.01 if key != "freshness" else 0
        if not least <= value <= MAX_FACTOR:
            params = {"key": key, "least": f"{least:g}", "most": f"{MAX_FACTOR:g}", "found": f"{value:g}"}
            yield Issue("", search.line, "config.factor", params)
    if not 0 <= search.expired <= 1:
        params = {"key": "expired", "least": "0", "most": "1", "found": f"{search.expired:g}"}
        yield Issue("", search.line, "config.factor", params)
    for kind in search.kinds:
        if kind not in set(ColumnKind):
            yield Issue("", search.line, "config.column_kind", {"kind": kind, "known": "、".join(ColumnKind)})


def _check_kinds(kinds: Mapping[str, KindFile]) -> Iterable[Issue]:
    """Dots would lead out of a folder, and a kind's columns are wrong even where no site has them."""
    for kind in kinds.values():
        for column_id, column in kind.columns.items():
            yield from _check_numbers(column)
            if not re.fullmatch(COLUMN_ID, column_id):
                yield Issue("", column.line, "config.column_id", {"column": column_id})


def _check_numbers(column: ColumnFile) -> Iterable[Issue]:
    if column.page_size < 0:
        yield Issue("", column.line, "config.page_size", {"key": "page_size"})
    if column.collect and column.collect.limit < 0:
        yield Issue("", column.collect.line, "config.page_size", {"key": "limit"})


def _paths_taken(file: GroupFile, group: Group) -> Iterable[Issue]:
    """A site under the hub's domain can't lie where the hub itself has pages."""
    hub = group.sites[group.hub]
    own = {column.split("/")[0] for column in group.columns[hub.id]} | {
        channel.id for channel in hub.channels
    }
    for site in file.sites:
        if site.path and site.path.strip("/").split("/")[0] in own | RESERVED:
            yield Issue("", site.line, "config.path_taken", {"site": site.name, "path": site.path})


def _doubled(sites: Iterable[SiteFile]) -> Iterable[Issue]:
    """What must be one site's alone: its id, where it lives, its identifiers."""
    for name in ("id", "domain", "path", "site_code", "agency_code"):
        first: dict[str, SiteFile] = {}
        for site in sites:
            value = getattr(site, name)
            if value and value in first and not (name.endswith("_code") and _is_same(site, first[value])):
                params = {
                    "key": name,
                    "value": value,
                    "other": first[value].name,
                    "line": str(first[value].line),
                }
                yield Issue("", site.line, "config.doubled", params)
            first.setdefault(value, site)


def _is_same(one: SiteFile, other: SiteFile) -> bool:
    """Whether both are one site in several languages, which then share its codes."""
    return (one.translation_of or one.id) == (other.translation_of or other.id)


def _site(file: SiteFile, group: GroupFile, hub_url: str) -> tuple[Site, list[Issue]]:
    issues: list[Issue] = []
    if bool(file.domain) == bool(file.path):
        issues.append(Issue("", file.line, "config.domain_or_path", {"site": file.name}))
    kind = _kind(file.kind, group.kinds, file.line, issues)
    page_size = group.group.page_size
    columns = _columns(kind, file.columns, page_size, "", file.line, issues)
    channels = tuple(
        _channel(name, channel, group, page_size, issues) for name, channel in file.channels.items()
    )
    own = [column.id for column in with_children(columns)]
    ids = Counter([*own, *(channel.id for channel in channels)])
    for channel in channels:
        ids.update(column.id for column in with_children(channel.columns))
    for taken, times in ids.items():
        if taken.partition("/")[0] in RESERVED or times > 1:
            issues.append(Issue("", file.line, "config.reserved", {"id": taken}))
    return (
        Site(
            id=file.id,
            name=file.name,
            short_name=file.short_name or file.name,
            kind=file.kind,
            url=f"https://{file.domain}/" if file.domain else hub_url.rstrip("/") + file.path,
            domain=file.domain or hub_url.split("/")[2],
            site_code=file.site_code,
            icp=file.icp,
            police=file.police,
            organiser=file.organiser,
            undertaker=file.undertaker or file.organiser,
            contact=_contact(file.contact),
            agency_code=file.agency_code,
            description=file.description,
            language=file.language or group.group.language,
            translation_of=file.translation_of,
            theme=file.theme or group.group.theme,
            options={key: written.value for key, written in file.options.items()},
            option_lines={key: written.line for key, written in file.options.items()},
            columns=columns,
            channels=channels,
            line=file.line,
        ),
        issues,
    )


def _channel(
    channel_id: str, file: ChannelFile, group: GroupFile, page_size: int, issues: list[Issue]
) -> Channel:
    if not re.fullmatch(SITE_ID, channel_id):
        issues.append(Issue("", file.line, "config.column_id", {"column": channel_id}))
    kind = _kind(file.kind, group.kinds, file.line, issues)
    return Channel(
        id=channel_id,
        name=file.name,
        organiser=file.organiser,
        undertaker=file.undertaker or file.organiser,
        contact=_contact(file.contact),
        agency_code=file.agency_code,
        columns=_columns(kind, file.columns, page_size, channel_id, file.line, issues),
    )


def _contact(file: ContactFile) -> Contact:
    return Contact(file.phone, file.email, file.address, file.postcode)


def _kind(name: str, kinds: Mapping[str, KindFile], line: int, issues: list[Issue]) -> KindFile | None:
    if name not in kinds:
        near = difflib.get_close_matches(name, kinds, n=1)
        params = {"kind": name, "known": "、".join(kinds), "near": near[0] if near else ""}
        issues.append(Issue("", line, "config.kind", params))
    return kinds.get(name)


def _columns(
    kind: KindFile | None,
    changes: Mapping[str, ColumnFile | None],
    page_size: int,
    channel: str,
    line: int,
    issues: list[Issue],
) -> tuple[Column, ...]:
    """The kind's columns with a site's changes, nested by their ids."""
    standard: Mapping[str, ColumnFile] = kind.columns if kind else {}
    flat: dict[str, Column] = {}
    for column_id in dict.fromkeys([*standard, *changes]):
        change = changes.get(column_id)
        if column_id in changes and change is None:
            if column_id not in standard:
                issues.append(Issue("", line, "config.dropped_column", {"column": column_id}))
            continue
        layers = [layer for layer in (change, standard.get(column_id)) if layer]
        if change:
            issues += _check_numbers(change)
        column = _column(column_id, layers, page_size, channel, line, issues)
        if column:
            flat[column.id] = column
    return _nested(flat)


def _column(
    column_id: str, layers: list[ColumnFile], page_size: int, channel: str, line: int, issues: list[Issue]
) -> Column | None:
    """One column from the site's layer over the kind's."""

    def first(name: str) -> object:
        return next((value for layer in layers if (value := getattr(layer, name))), getattr(layers[-1], name))

    name, kind, collect = (
        first("name"),
        first("kind"),
        next((la.collect for la in layers if la.collect), None),
    )
    where = next((layer.line for layer in layers), line)
    if not name or not kind:
        issues.append(Issue("", where, "config.new_column", {"column": column_id}))
        return None
    if not re.fullmatch(COLUMN_ID, column_id):
        issues.append(Issue("", where, "config.column_id", {"column": column_id}))
        return None
    return Column(
        id=f"{channel}/{column_id}" if channel else column_id,
        name=str(name),
        kind=str(kind),
        description=str(first("description")),
        keywords=tuple(first("keywords")),  # type: ignore[arg-type]
        owner=str(first("owner")),
        update=str(first("update")),
        category=str(first("category")),
        page_size=int(first("page_size") or page_size),  # type: ignore[call-overload]
        channel=channel,
        collect=CollectRule(collect.from_, collect.tags, collect.kinds, collect.limit) if collect else None,
    )


def _nested(flat: Mapping[str, Column]) -> tuple[Column, ...]:
    """Columns as a tree: one whose folder lies in another's is its child."""

    def parent(column_id: str) -> str:
        folder = column_id.rpartition("/")[0]
        while folder and folder not in flat:
            folder = folder.rpartition("/")[0]
        return folder

    def branch(column: Column) -> Column:
        children = tuple(branch(child) for child in flat.values() if parent(child.id) == column.id)
        return msgspec.structs.replace(column, children=children) if children else column

    return tuple(branch(column) for column in flat.values() if not parent(column.id))


def _check_collecting(group: Group, file: GroupFile) -> list[Issue]:
    """Columns that collect from nowhere, and columns that collect from each other."""
    issues: list[Issue] = []
    lines = {
        (site.id, column_id): _collect_line(site, file.kinds, column_id)
        for site in file.sites
        for column_id in group.columns[site.id]
    }
    sources: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for site, columns in group.columns.items():
        for column in columns.values():
            if column.collect is None:
                continue
            here = (site, column.id)
            for pattern in column.collect.patterns:
                found = set(group.places(pattern, group.sites[site].words)) - {here}
                if not found:
                    params = {"column": column.id, "site": site, "pattern": pattern}
                    issues.append(Issue("", lines[here], "config.collects_nothing", params))
                sources.setdefault(here, set()).update(found)
            for kind in column.collect.kinds:
                if kind not in file.kinds:
                    params = {"kind": kind, "known": "、".join(file.kinds)}
                    issues.append(Issue("", lines[here], "config.kind", params))
    for here, found in sources.items():
        for other in sorted(found):
            if here in sources.get(other, ()) and here < other:
                params = {"one": "/".join(here), "other": "/".join(other)}
                issues.append(Issue("", lines[here], "config.collects_cycle", params))
    return issues


def _collect_line(site: SiteFile, kinds: Mapping[str, KindFile], column_id: str) -> int:
    layer = site.columns.get(column_id) or kinds[site.kind].columns.get(column_id)
    return layer.collect.line if layer and layer.collect else site.line
