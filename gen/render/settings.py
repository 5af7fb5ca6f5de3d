"""What rendering needs besides the catalogue: themes, and each site's options and assets."""

import sqlite3
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import get_args

import msgspec

from gen import theme as themes
from gen.config.model import ColumnKind, Group, Site
from gen.database import transaction
from gen.errors import GenError, Issue
from gen.plan import artifact as art
from gen.plan.planner import SiteTheme, settings_digest, template_key
from gen.plan.state import State
from gen.render import editions
from gen.render.environment import compile_templates
from gen.theme import AssetMaker, Theme
from gen.theme_options import site_options


class RenderSettings(msgspec.Struct, frozen=True):
    """The same for every page of a build. `broken` sites lack what they need and can't be rendered."""

    root: Path
    database: Path
    group: Group
    now: datetime
    themes: dict[str, Theme]
    options: dict[str, dict[str, object]]
    assets: dict[str, art.SiteAssets]
    local: bool
    broken: frozenset[str]
    preview: bool = False
    compiled: dict[str, dict[str, bytes]] = {}
    """Theme → what its templates were compiled to; only rendering needs it."""

    def site_themes(self) -> dict[str, SiteTheme]:
        """What the plan must know of each site's theme."""
        group = self.group
        hub = group.sites[group.hub]
        shown = (hub.face, hub.organiser)  # of the hub, on pages of all
        common = (group.name, group.language, group.timezone, group.page_size, group.kinds, shown, self.local)
        return {
            site.id: SiteTheme(
                name=site.theme,
                settings=settings_digest(
                    _unplaced(site),
                    common,
                    self.options[site.id],
                    self.assets[site.id].addresses,
                    _shared_column(group, site),
                    editions.digest_of(group, site),
                    self.themes[site.theme].texts if site.theme in self.themes else {},
                    self._has_style(site),
                ),
                assets=tuple(self.assets[site.id].contents),
                has_style=self._has_style(site),
            )
            for site in group.sites.values()
        }

    def without_contents(self) -> "RenderSettings":
        """What workers need: where assets are, and not their bytes."""
        assets = {site: art.SiteAssets(one.addresses, {}) for site, one in self.assets.items()}
        return msgspec.structs.replace(self, assets=assets)

    def with_templates(self, connection: sqlite3.Connection) -> "RenderSettings":
        """What rendering needs besides: the templates, compiled."""
        compiled = {name: _compiled(theme, State(connection)) for name, theme in self.themes.items()}
        return msgspec.structs.replace(self, compiled=compiled)

    def _has_style(self, site: Site) -> bool:
        theme = self.themes.get(site.theme)
        return self.preview and theme is not None and art.StylePage.template[0] in theme.templates

    def changed_templates(self, state: State) -> dict[str, str]:
        """Fingerprints of the templates of every theme that changed, by the key that pages note."""
        changed = {}
        for name, theme in self.themes.items():
            if state.fingerprint_changed("theme", name, themes.templates_digest(theme)):
                for candidates in _ALL_CANDIDATES:
                    changed[template_key(name, candidates)] = themes.closure_digest(
                        theme, theme.resolve(*candidates)
                    )
        return changed


def _unplaced(site: Site) -> Site:
    """A site wherever it stands in `sites.yaml`."""
    return msgspec.structs.replace(site, line=0, option_lines={})


def _shared_column(group: Group, site: Site) -> object:
    """The columns that a site has beyond those it shows."""
    return [column for column in group.columns[site.id].values() if column.hidden]


def make_settings(
    root: Path,
    database: Path,
    group: Group,
    now: datetime,
    connection: sqlite3.Connection,
    *,
    local: bool,
    preview: bool = False,
) -> tuple[RenderSettings, list[Issue]]:
    """The settings, and what is wrong with themes and options: a broken theme fails the sites that wear it."""
    loaded, issues = themes.load_themes(root / "themes", themes.themes_of(group))
    dresser = _Dresser(loaded, State(connection))
    options: dict[str, dict[str, object]] = {}
    assets: dict[str, art.SiteAssets] = {}
    broken = set()
    for site in group.sites.values():
        options[site.id], assets[site.id], found = dresser.dress(site)
        issues += found
        if found or site.theme not in loaded:
            broken.add(site.id)
    settings = RenderSettings(
        root, database, group, now, loaded, options, assets, local, frozenset(broken), preview
    )
    return settings, issues


def _compiled(theme: Theme, state: State) -> dict[str, bytes]:
    """What a theme's templates are compiled to, kept in the state until one of them changes."""
    key = f"{sys.implementation.cache_tag}:{theme.is_sandboxed}:{themes.templates_digest(theme)}"
    kept = state.kept_templates(theme.name, key)
    if kept is None:
        kept = compile_templates(theme)
        with transaction(state.connection):
            state.keep_templates(theme.name, key, kept)
    return kept


class _Dresser:
    """Makes sites' options and assets; assets are kept in the state until something they are made from changes."""

    def __init__(self, loaded: dict[str, Theme], state: State) -> None:
        self._themes = loaded
        self._state = state
        self._digests = {name: themes.assets_digest(theme) for name, theme in loaded.items()}
        self._makers: dict[str, AssetMaker] = {}

    def dress(self, site: Site) -> tuple[dict[str, object], art.SiteAssets, Iterable[Issue]]:
        nothing = art.SiteAssets({}, {})
        theme = self._themes.get(site.theme)
        if theme is None:
            return {}, nothing, ()
        options, issues = site_options(theme.options, site)
        if issues:
            return options, nothing, issues
        key = settings_digest(self._digests[site.theme], _unplaced(site), options)
        kept = self._state.kept_assets(site.id, key)
        if kept is None:
            try:
                kept = self._maker(theme).make(site, options)
            except GenError as error:
                return (
                    options,
                    nothing,
                    [msgspec.structs.replace(issue, site=site.id) for issue in error.issues],
                )
            with transaction(self._state.connection):
                self._state.keep_assets(site.id, key, kept)
        return options, kept, ()

    def _maker(self, theme: Theme) -> AssetMaker:
        if theme.name not in self._makers:
            self._makers[theme.name] = AssetMaker(theme)
        return self._makers[theme.name]


_ALL_CANDIDATES = {
    *(kind.template for kind in get_args(art.AnyArtifact) if kind.template),
    *((f"column-{kind}.html", "column.html") for kind in ColumnKind),
    *((f"document-{kind}.html", "document.html") for kind in ColumnKind),
}
"""Every list of templates that some page may be made with."""
