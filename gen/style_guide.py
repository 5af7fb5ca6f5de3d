"""A theme's style guide, for the preview: its template `style.html` with a site's options. It is never built."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

from gen.config.resolve import load_group
from gen.errors import Issue
from gen.plan.artifact import StylePage
from gen.render.pages import Renderer
from gen.render.settings import make_settings
from gen.workspace import database_path, local_now, open_state_as_it_is


def style_guide(
    root: Path, state: str, site: str, now: datetime | None
) -> tuple[bytes, tuple[Issue, ...]] | None:
    """The page and what is wrong with it; None if there is no such site, or its theme has no style guide.

    Raises GenError when the group as a whole is wrong.
    """
    group = load_group(root)
    connection = open_state_as_it_is(root, state)
    if connection is None or site not in group.sites:
        return None
    with closing(connection):
        database = database_path(root, state)
        settings, issues = make_settings(
            root, database, group, now or local_now(group), connection, local=True
        )
        own = tuple(issue for issue in issues if issue.site == site)
        theme = settings.themes.get(group.sites[site].theme)
        if theme is None or StylePage.template[0] not in theme.templates:
            return None
        if site in settings.broken:
            return b"", own
        with closing(Renderer.open(settings)) as renderer:
            made = renderer.render(StylePage(site))
        return made.data, (*own, *made.issues)
