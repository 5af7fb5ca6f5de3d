"""The build: the steps in order. Each passes values to the next; what a step does is in the module it names."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from filelock import FileLock, Timeout

from gen import theme as themes
from gen import workers
from gen.catalogue import store as catalogue
from gen.catalogue.accept import Accepted, accept
from gen.catalogue.store import Store
from gen.config.model import ColumnKind, Group
from gen.config.resolve import load_group
from gen.content.changes import Changes, Stat, notice
from gen.content.reader import Reader, Reading, read_batch
from gen.database import get_meta, open_database, set_meta
from gen.errors import GenError, Issue, in_order
from gen.plan import state as plan_state
from gen.plan.artifact import AnyArtifact, FileCopy
from gen.plan.planner import Planner, SiteTheme, settings_digest, template_key
from gen.plan.state import StalePage, State
from gen.render.pages import Rendered, Renderer, RenderSettings, render_batch
from gen.version import code_version
from gen.write import Writer

STATE_FOLDER = ".gen"
TABLES = (*catalogue.TABLES, *plan_state.TABLES)

Progress = Callable[[str, int, int], None]
"""Told the step, how much of it is done and how much there is."""


class Options(msgspec.Struct, frozen=True):
    """What a build is asked for. `now` is local time of the group; None: the clock's."""

    root: Path
    out: Path
    now: datetime | None = None
    jobs: int = 1
    sites: tuple[str, ...] = ()
    local: bool = False
    state: str = "state"


class Stats(msgspec.Struct):
    """What was done; every name ends in its unit."""

    read_files: int = 0
    changed_documents: int = 0
    rendered_pages: int = 0
    written_files: int = 0
    written_bytes: int = 0
    deleted_files: int = 0
    built_sites: int = 0
    failed_sites: int = 0


class Result(msgspec.Struct):
    """How a build ended. `made`: (output, why) of each artifact that was made; `fresh`: why it was a clean build."""

    hub: str
    stats: Stats
    issues: list[Issue]
    failed: set[str]
    made: list[tuple[str, str]]
    fresh: str
    next_change: datetime | None


def build(options: Options, progress: Progress = lambda *_: None) -> Result:
    """Brings the output folder up to date with the repository.

    Raises GenError when the group as a whole can't be built: a wrong `sites.yaml`, a broken theme, another build at
    work. What is wrong with a site is among the result's issues, and that site keeps its output.
    """
    group = load_group(options.root)
    for site in options.sites:
        if site not in group.sites:
            raise GenError(Issue("", 0, "build.no_site", {"site": site, "known": "、".join(group.sites)}))
    now = options.now or datetime.now(ZoneInfo(group.timezone)).replace(tzinfo=None, second=0, microsecond=0)
    with exclusive(options.root, options.state):
        settings, option_issues = _load_themes(options, group, now)
        opened = open_database(settings.database, code_version(), TABLES)
        try:
            return _build(options, settings, option_issues, opened.connection, opened.fresh, progress)
        finally:
            opened.connection.close()


def _build(
    options: Options,
    settings: RenderSettings,
    option_issues: list[Issue],
    connection: sqlite3.Connection,
    fresh: str,
    progress: Progress,
) -> Result:
    state, group = State(connection), settings.group
    stats = Stats()
    changes = look_for_changes(options.root, connection)
    stats.read_files = len(changes.suspects)
    readings = read(options.root, settings.database, changes, options.jobs, progress)
    with connection:
        accepted = accept(connection, group, settings.now, readings, changes.removed)
        _plan(settings, connection, accepted, first=bool(fresh))
        remember(connection, changes, accepted)
    stats.changed_documents = accepted.documents
    failed = {*accepted.failed, *(issue.site for issue in option_issues)}
    issues = [*accepted.issues, *option_issues]
    _forget_lost_outputs(options.out, connection, group)
    made = []
    wanted = options.sites or tuple(sorted(group.sites.keys() | state.unfinished_sites()))
    todo = [(site, state.stale(site)) for site in wanted if site not in failed]
    for site, pages, results in _render_sites(options, settings, todo, progress):
        site_issues = [issue for one in results for issue in one.issues]
        issues += site_issues
        if site_issues:
            failed.add(site)
            continue
        stats.rendered_pages += sum(1 for page in pages if not isinstance(page.artifact, FileCopy))
        _write_site(options, connection, site, pages, results, stats)
        made += [(page.artifact.output, page.reason) for page in pages]
    stats.failed_sites = len(failed & group.sites.keys())
    stats.built_sites = len(set(wanted) & group.sites.keys()) - stats.failed_sites
    next_change = Store(connection, group, settings.now).next_change()
    return Result(group.hub, stats, in_order(issues), failed, made, fresh, next_change)


def look_for_changes(root: Path, connection: sqlite3.Connection) -> Changes:
    state = State(connection)
    recheck = [*state.paths("withheld"), *state.paths("dirty")]
    return notice(root / "content", _KnownFiles(connection), get_meta(connection, "commit"), recheck)


def read(root: Path, database: Path, changes: Changes, jobs: int, progress: Progress) -> Iterator[Reading]:
    """The files that may have changed, read in parallel, in order."""
    done, total = 0, len(changes.suspects)
    for batch in workers.run(jobs, Reader.open, (root / "content", database), read_batch, changes.suspects):
        yield from batch
        done += len(batch)
        progress("read", done, total)


def remember(connection: sqlite3.Connection, changes: Changes, accepted: Accepted) -> None:
    """What the next build compares with."""
    state = State(connection)
    state.replace_paths("withheld", accepted.withheld)
    state.replace_paths("dirty", changes.dirty)
    set_meta(connection, "commit", changes.commit)


@contextmanager
def exclusive(root: Path, name: str) -> Iterator[None]:
    """Holds off other builds of the same state. Raises GenError if one is at work."""
    folder = root / STATE_FOLDER
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    try:
        with FileLock(folder / f"{name}.lock", timeout=2):
            yield
    except Timeout:
        raise GenError(Issue("", 0, "build.locked")) from None


class _KnownFiles:
    """The files of the last build, from the state."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def stats(self) -> dict[str, Stat]:
        rows = self._connection.execute("SELECT path, size, mtime_ns, inode FROM files")
        return {path: Stat(size, mtime_ns, inode) for path, size, mtime_ns, inode in rows}

    def has(self, path: str) -> bool:
        return self._connection.execute("SELECT 1 FROM files WHERE path = ?", (path,)).fetchone() is not None


def _load_themes(options: Options, group: Group, now: datetime) -> tuple[RenderSettings, list[Issue]]:
    """The group's themes with each site's options and assets, and what is wrong with the options."""
    loaded = themes.load_themes(options.root / "themes", themes.themes_of(group))
    issues: list[Issue] = []
    makers = {name: themes.AssetMaker(theme) for name, theme in loaded.items()}
    site_options, assets = {}, {}
    for site in group.sites.values():
        values, found = themes.site_options(loaded[site.theme], site)
        issues += found
        site_options[site.id] = values
        if found:
            assets[site.id] = themes.SiteAssets({}, {})
        else:
            assets[site.id] = makers[site.theme].make(site, values)
    database = options.root / STATE_FOLDER / f"{options.state}.sqlite"
    return RenderSettings(
        options.root, database, group, now, loaded, site_options, assets, options.local
    ), issues


def _plan(
    settings: RenderSettings, connection: sqlite3.Connection, accepted: Accepted, *, first: bool
) -> None:
    """Marks what is out of date, in the transaction that took the changes in."""
    group = settings.group
    hub = group.sites[group.hub].face
    site_themes = {
        site.id: SiteTheme(
            name=site.theme,
            settings=settings_digest(
                site,
                (group.name, group.language, group.timezone, group.page_size, hub, settings.local),
                settings.options[site.id],
                settings.assets[site.id].addresses,
            ),
            assets=tuple(settings.assets[site.id].contents),
        )
        for site in group.sites.values()
        if site.id not in accepted.failed
    }
    state, templates = State(connection), {}
    for name, theme in settings.themes.items():
        if state.fingerprint_changed("theme", name, themes.templates_digest(theme)):
            for candidates in _all_candidates():
                closure = themes.closure_digest(theme, theme.resolve(*candidates))
                templates[template_key(name, candidates)] = closure
    store = Store(connection, group, settings.now)
    Planner(store, state, site_themes).plan(accepted.events, templates, first=first)


def _all_candidates() -> set[tuple[str, ...]]:
    """Every list of templates that some page may be made with."""
    found = {kind.template for kind in AnyArtifact.__args__ if kind.template}
    for kind in ColumnKind:
        found.add((f"column-{kind}.html", "column.html"))
        found.add((f"document-{kind}.html", "document.html"))
    return found


def _forget_lost_outputs(out: Path, connection: sqlite3.Connection, group: Group) -> None:
    """A site whose output folder is gone, or lies elsewhere than last time, is made anew."""
    with connection:
        elsewhere = get_meta(connection, "out") not in ("", str(out.resolve()))
        set_meta(connection, "out", str(out.resolve()))
        for site in group.sites:
            if elsewhere or not (out / site).is_dir():
                State(connection).forget_outputs(site)


def _render_sites(
    options: Options, settings: RenderSettings, todo: list[tuple[str, list[StalePage]]], progress: Progress
) -> Iterator[tuple[str, list[StalePage], list[Rendered]]]:
    """Renders all stale pages and hands them on site by site, each whole."""
    artifacts = [page.artifact for _, pages in todo for page in pages]
    batches = workers.run(options.jobs, Renderer.open, settings, render_batch, artifacts)
    rendered = (one for batch in batches for one in batch)
    done = 0
    for site, pages in todo:
        results = []
        for _ in pages:
            results.append(next(rendered))
            done += 1
            progress("render", done, len(artifacts))
        yield site, pages, results


def _write_site(
    options: Options,
    connection: sqlite3.Connection,
    site: str,
    pages: list[StalePage],
    results: list[Rendered],
    stats: Stats,
) -> None:
    """Puts a site's new bytes on the disk; then, and only then, its pages count as made."""
    state, writer = State(connection), Writer(options.out, options.root / "content")
    for page, one in zip(pages, results, strict=True):
        if page.digest != one.digest:
            stats.written_bytes += writer.write(one)
            stats.written_files += 1
    with connection:
        stats.deleted_files += writer.delete(state.gone(site))
        state.deleted(site)
        state.made([(page.id, one.digest, one.asked) for page, one in zip(pages, results, strict=True)])
