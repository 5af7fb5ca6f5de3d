"""`gen check`: the build without output. Has a state of its own, so that it never disturbs a build's."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from gen import theme as themes
from gen.catalogue.accept import Accepted, accept
from gen.catalogue.check import check
from gen.catalogue.sharing import Sharing
from gen.catalogue.store import Store
from gen.catalogue.update import Placed
from gen.config.model import Group
from gen.config.resolve import load_group
from gen.content.document import place
from gen.database import transaction
from gen.errors import Issue, in_order
from gen.theme_options import site_options
from gen.workers import Local, default_jobs
from gen.workspace import database_path, exclusive, local_now, look_for_changes, open_state, read, remember

STATE = "check"


@contextmanager
def open_catalogue(root: Path, now: datetime | None) -> Iterator[tuple[Group, Store, Accepted]]:
    """The group's catalogue, brought up to date with what lies on the disk, whatever was built.

    Raises GenError when `sites.yaml` is wrong or another check is at work.
    """
    group = load_group(root)
    moment = now or local_now(group)
    with exclusive(root, STATE):
        connection = open_state(root, STATE).connection
        try:
            changes = look_for_changes(root, connection)
            crew = Local(default_jobs())
            readings = read(root, database_path(root, STATE), changes, crew, lambda *_: None)
            with transaction(connection):
                accepted = accept(connection, group, moment, readings, changes.removed)
                remember(connection, changes, accepted)
            yield group, Store(connection, group, moment), accepted
        finally:
            connection.close()


def check_group(root: Path, now: datetime | None, paths: Iterable[Path] = ()) -> list[Issue]:
    """All errors and warnings of the content, or of those files and folders (given as a person in `root` would)."""
    wanted = [os.path.relpath(path.absolute(), root.absolute()) for path in paths]
    with open_catalogue(root, now) as (group, store, accepted):
        issues = [*accepted.issues, *_standing(store, wanted), *_theme_issues(root, group)]
    return [issue for issue in in_order(issues) if _is_below(issue.path, wanted)]


def _standing(store: Store, wanted: Sequence[str]) -> list[Issue]:
    """What is wrong with documents that didn't change: warnings of their own, and what others' changes did to them."""
    issues: list[Issue] = []
    placed = []
    for path in store.paths():
        if not _is_below(f"content/{path}", wanted):
            continue
        found = store.document(path)
        parsed = store.parsed(found[0].parsed) if found else None
        if found and parsed:
            placed.append(Placed(found[0], parsed))
            issues += place(store.group, path, found[0].parsed, parsed)[1]
    return [*issues, *check(store, Sharing(store.group), placed, ())]


def _theme_issues(root: Path, group: Group) -> list[Issue]:
    loaded, issues = themes.load_themes(root / "themes", themes.themes_of(group))
    dressed = [site for site in group.sites.values() if site.theme in loaded]
    return [
        *issues,
        *(issue for site in dressed for issue in site_options(loaded[site.theme].options, site)[1]),
    ]


def _is_below(path: str, wanted: Sequence[str]) -> bool:
    """Whether a path is one of those wanted or lies in one; if none are, all are."""
    return not wanted or any(
        path == one or path.startswith(one.rstrip("/") + "/") or one == "." for one in wanted
    )
