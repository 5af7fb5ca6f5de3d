"""The build: the steps in order. Each passes values to the next; what a step does is in the module it names."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from gen import index
from gen.catalogue.accept import accept
from gen.catalogue.navigation import SEARCH_FOLDER
from gen.catalogue.store import READ, Store
from gen.cluster.crew import Cluster, Place
from gen.config.model import Group
from gen.config.resolve import load_group
from gen.content.changes import Changes
from gen.database import Opened, get_meta, marks, replace_database, set_meta, transaction
from gen.errors import GenError, Issue, in_order
from gen.outcome import Result, Stats
from gen.plan.artifact import SEARCH_ENTRIES, AssetFile, FileCopy, SearchEntry
from gen.plan.planner import Planner
from gen.plan.state import StalePage, State
from gen.render.pages import Rendered, Renderer, asset, render_batch
from gen.render.settings import RenderSettings, make_settings
from gen.search import state as search_state
from gen.search.state import SearchState
from gen.workers import Crew, Local, Work
from gen.workspace import (
    Progress,
    database_path,
    engine_path,
    exclusive,
    local_now,
    look_for_changes,
    open_state,
    open_state_as_it_is,
    read,
    remember,
)
from gen.write import Writer


class Options(msgspec.Struct, frozen=True):
    """What a build is asked for. `now` is local time of the group; None: the clock's."""

    root: Path
    out: Path
    now: datetime | None = None
    jobs: int = 1
    sites: tuple[str, ...] = ()
    local: bool = False
    committed: bool = False
    """Whether the working tree may be taken to be what Git has at HEAD: a build server's clean checkout."""
    watched: frozenset[str] | None = None
    """All paths below `content/` that changed since the last build, where somebody watched; None: it is to be found out."""
    state: str = "state"
    preview: bool = False
    """Whether it is for makers of themes too, who see their components on a page of its own."""
    merge: bool = False
    """Whether each index is to be made one segment."""
    searchable: bool = True
    """Whether searches are brought up to date as well; if not, `index_all` does it, or the next build."""
    cluster: str = ""
    """The address of a Dask scheduler, if not all is to be done here; `store` and `repository` are those that its
    workers reach, as fsspec and Git know them (`repository` empty: that of `origin`)."""
    store: str = ""
    repository: str = ""


def build(options: Options, progress: Progress = lambda *_: None) -> Result:
    """Brings the output folder up to date with the repository.

    Raises GenError when the group as a whole can't be built: a wrong `sites.yaml`, a broken theme, another build at
    work. What is wrong with a site is among the result's issues, and that site keeps its output.
    """
    group = load_group(options.root)
    for site in options.sites:
        if site not in group.sites:
            raise GenError(Issue("", 0, "build.no_site", {"site": site, "known": "、".join(group.sites)}))
    now = options.now or local_now(group)
    with exclusive(options.root, options.state):
        opened = open_state(options.root, options.state, search_state.TABLES)
        try:
            return _build(options, group, now, opened, progress)
        except sqlite3.OperationalError as error:
            raise GenError(Issue("", 0, "state.failed", {"problem": str(error)})) from None
        except (sqlite3.DatabaseError, msgspec.DecodeError):
            if opened.fresh:
                raise
            opened = replace_database(opened)
            return _build(options, group, now, opened, progress)
        finally:
            opened.connection.close()


def index_all(options: Options, progress: Progress = lambda *_: None) -> Stats:
    """Brings the searches of the last build up to date, without making pages. Raises GenError like `build`."""
    group = load_group(options.root)
    stats = Stats()
    with exclusive(options.root, options.state):
        connection = open_state_as_it_is(options.root, options.state)
        if connection is None:
            raise GenError(Issue("", 0, "search.not_built"))
        with closing(connection):
            database = database_path(options.root, options.state)
            place = _index_place(options, database, Local(options.jobs))
            _index(options, place, connection, group, set(group.sites), stats, progress)
    return stats


def _build(options: Options, group: Group, now: datetime, opened: Opened, progress: Progress) -> Result:
    connection, fresh = opened.connection, opened.fresh
    state, stats = State(connection), Stats()
    changes = look_for_changes(
        options.root, connection, committed=options.committed, watched=None if fresh else options.watched
    )
    stats.read_files = len(changes.suspects)
    cluster = _cluster(options, opened.path, changes)
    crew = cluster or Local(options.jobs)
    readings = read(options.root, opened.path, changes, crew, progress)
    settings, theme_issues = make_settings(  # while the crew reads
        options.root,
        opened.path,
        group,
        now,
        connection,
        local=options.local,
        preview=options.preview,
    )
    settings = settings.with_templates(connection)
    if cluster:
        readings = (reading.elsewhere() for reading in readings)
    with transaction(connection):
        accepted = accept(connection, group, now, readings, changes.removed, settings.broken)
        planner = Planner(Store(connection, group, now), state, settings.site_themes())
        planner.plan(accepted.events, settings.changed_templates(state), accepted.failed, first=bool(fresh))
        remember(connection, changes, accepted)
    stats.changed_documents = accepted.documents
    failed, issues = set(accepted.failed), [*accepted.issues, *theme_issues]
    _forget_lost_outputs(options.out, connection, group, first=bool(fresh))
    made = []
    unfinished = state.unfinished_sites() | marks(connection, "untidy").keys()
    wanted = options.sites or tuple(sorted(group.sites.keys() | unfinished))
    makeable = unfinished - failed
    todo = [(site, state.stale(site)) for site in wanted if site in makeable]
    for site, pages, results in _render_sites(crew, settings, todo, progress):
        site_issues = [issue for one in results for issue in one.issues]
        issues += site_issues
        if site_issues:
            failed.add(site)
            continue
        _write_site(options, connection, group, site, list(zip(pages, results, strict=True)), stats)
        made += [
            (page.artifact.output, page.reason)
            for page in pages
            if not isinstance(page.artifact, SearchEntry)
        ]
    if options.searchable:
        place = _index_place(options, opened.path, crew)
        _index(options, place, connection, group, set(wanted) - failed, stats, progress)
    if cluster:
        stats.cluster_tasks, stats.cluster_bytes = cluster.tasks, cluster.bytes
    stats.failed_sites = len(failed & group.sites.keys())
    stats.built_sites = len(set(wanted) & group.sites.keys() - failed)
    moments = (Store(connection, group, now).next_change(), state.next_moment(now))
    next_change = min((moment for moment in moments if moment), default=None)
    return Result(group.hub, stats, in_order(issues), failed, made, fresh, next_change)


def _forget_lost_outputs(out: Path, connection: sqlite3.Connection, group: Group, *, first: bool) -> None:
    """A site whose output folder is gone, or lies elsewhere than last time, is made anew."""
    with transaction(connection):
        elsewhere = get_meta(connection, "out") not in ("", str(out.resolve()))
        set_meta(connection, "out", str(out.resolve()))
        for site in group.sites:
            is_there = (out / site).is_dir()
            if elsewhere or not is_there:
                State(connection).forget_outputs(site)
                index.forget(connection, group, site)
            if elsewhere or first or not is_there:
                set_meta(connection, f"untidy:{site}", "yes" if is_there else "")


def _render_sites(
    crew: Crew, settings: RenderSettings, todo: list[tuple[str, list[StalePage]]], progress: Progress
) -> Iterator[tuple[str, list[StalePage], list[Rendered]]]:
    """Renders all stale pages and hands them on site by site, each whole. Assets are at hand and go to no worker."""
    total = sum(len(pages) for _, pages in todo)
    artifacts = [
        page.artifact for _, pages in todo for page in pages if not isinstance(page.artifact, AssetFile)
    ]
    batches = crew.run(Work(Renderer.open, settings.without_contents(), render_batch, artifacts, asks=READ))
    rendered = (one for batch in batches for one in batch)
    done = 0
    for site, pages in todo:
        results = []
        for page in pages:
            one = page.artifact
            results.append(asset(settings, one) if isinstance(one, AssetFile) else next(rendered))
            done += 1
            progress("render", done, total)
        yield site, pages, results


def _write_site(
    options: Options,
    connection: sqlite3.Connection,
    group: Group,
    site: str,
    made: list[tuple[StalePage, Rendered]],
    stats: Stats,
) -> None:
    """Puts a site's new bytes on the disk; then, and only then, its pages count as made.

    A site is untidy while its folder may hold what the state knows nothing of: the remains of a build that was cut
    short, or of one whose state is lost.
    """
    state, writer = State(connection), Writer(options.out, options.root / "content")
    differing = [(page, one) for page, one in made if page.digest != one.digest]
    is_untidy = bool(get_meta(connection, f"untidy:{site}"))
    if differing:
        with transaction(connection):
            set_meta(connection, f"untidy:{site}", "yes")
            state.overwriting(page.id for page, _ in differing)
    records: dict[str, bytes] = {}
    for page, one in differing:
        if isinstance(page.artifact, SearchEntry):
            records[page.artifact.path] = one.data
            continue
        with _writing():
            stats.written_bytes += writer.write(one)
        stats.written_files += 1
    stats.rendered_pages += sum(
        1 for page, _ in made if not isinstance(page.artifact, FileCopy | SearchEntry)
    )
    with transaction(connection):
        _take_records(connection, group, site, records, state.gone(site))
        stats.deleted_files += writer.delete(state.gone(site))
        if is_untidy:
            stats.deleted_files += writer.prune(site, state.outputs(site) | index.outputs(connection, site))
        state.deleted(site)
        state.made([(page.id, one.digest, one.asked) for page, one in made])
        set_meta(connection, f"untidy:{site}", "")


@contextmanager
def _writing() -> Iterator[None]:
    """What is in the way of writing is told, not traced."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise GenError(Issue(str(error.filename), 0, "write.failed", {"why": why})) from None


def _take_records(
    connection: sqlite3.Connection, group: Group, site: str, records: dict[str, bytes], gone: list[str]
) -> None:
    """Notes what the searches of the site and of the hub must take in."""
    search = SearchState(connection)
    owners = {site, group.hub, *search.subscribers()}
    entries = f"{site}/{SEARCH_ENTRIES}/"
    search.drop_records(
        site, [output.removeprefix(entries) for output in gone if output.startswith(entries)], owners
    )
    search.put_records(site, records, owners)


def _cluster(options: Options, database: Path, changes: Changes) -> Cluster | None:
    """The machines that do what is too much for this one."""
    if not options.cluster:
        return None
    if not options.store:
        raise GenError(Issue("", 0, "cluster.no_store"))
    place = Place(
        options.root,
        database,
        changes.commit,
        changes.dirty,
        options.store,
        options.repository,
        {"engine": engine_path(options.root, options.state), "out": options.out},
    )
    return Cluster(options.cluster, place, options.jobs)


def _index_place(options: Options, database: Path, crew: Crew) -> index.Place:
    return index.Place(
        options.out,
        options.root / "content",
        database,
        engine_path(options.root, options.state),
        crew,
        options.local,
    )


def _index(
    options: Options,
    place: index.Place,
    connection: sqlite3.Connection,
    group: Group,
    owners: set[str],
    stats: Stats,
    progress: Progress,
) -> None:
    """Brings the searches of built sites up to date; those of sites that are no more end with their folders."""
    with transaction(connection):
        for owner in SearchState(connection).owners() - group.sites.keys():
            Writer(options.out, options.root / "content").prune(f"{owner}/{SEARCH_FOLDER}", set())
            index.forget(connection, group, owner)
    owners = owners & group.sites.keys()
    index.check_scopes(connection, group, owners)
    index.check_engine(place, connection, group)
    with _writing():
        done = index.refresh(place, connection, group, owners, progress, merge=options.merge)
    stats.indexed_documents = done.documents
    stats.index_files = done.written_files
    stats.written_bytes += done.written_bytes
    stats.deleted_files += done.deleted_files
