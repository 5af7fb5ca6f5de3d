"""Decides what is out of date: which artifacts should exist, and which of those that do would come out otherwise."""

from collections.abc import Iterable, Mapping, Set

import msgspec

from gen.catalogue.queries import (
    DOCUMENTS,
    FILES,
    Interval,
    block_key,
    blocks,
    full_blocks,
    point,
)
from gen.catalogue.sharing import column_list, site_list
from gen.catalogue.store import Store
from gen.catalogue.values import FileFacts
from gen.config.model import FILES_FOLDER, Site
from gen.content.document import owners_of_file
from gen.files import digest
from gen.plan import artifact as art
from gen.plan.dependencies import ask_again
from gen.plan.state import State

NO_TEMPLATE = "-"
"""The `template` of what depends on its site's settings but on no template: feeds and sitemaps."""


class SiteTheme(msgspec.Struct, frozen=True):
    """What the plan must know of a site's theme: a name for each resolved template, fingerprints, asset addresses."""

    name: str
    settings: str
    assets: tuple[str, ...]
    has_style: bool = False
    """Whether its components are to be shown on a page."""


class Planner:
    """One round of planning in the open transaction."""

    def __init__(self, store: Store, state: State, themes: Mapping[str, SiteTheme]) -> None:
        self.store = store
        self.state = state
        self.group = store.group
        self.themes = themes

    def plan(
        self, events: Iterable[Interval], templates: Mapping[str, str], broken: Set[str], *, first: bool
    ) -> None:
        """Marks stale all that `events` and changed settings or templates put out of date.

        The settings of `broken` sites are left for when they are mended: their documents stand as they did before.
        `templates` maps `<theme>/<candidates>` to the fingerprint of the template's closure.
        """
        events = set(events)
        changed_sites = self._changed_settings(broken)
        owners = self._owners_of(events)
        for site in changed_sites:
            owners |= self._all_owners(self.group.sites[site])
        events |= self._match_artifacts(owners)
        if not first:
            self._reask(events)
            for site in changed_sites:
                self.state.mark_site(site, "settings", everything=False)
        for name, value in templates.items():
            if self.state.fingerprint_changed("template", name, value):
                self.state.mark_template(name, f"template {name}")
        for site in self.state.sites() - self.group.sites.keys():
            self.state.forget_fingerprint("settings", site)
            self.state.drop(
                [output for owner in self.state.owners(site) for output in self.state.owned(owner)]
            )

    def _changed_settings(self, broken: Set[str]) -> list[str]:
        """Sites whose settings differ from those of the last build, new ones included."""
        known = dict(
            self.state.connection.execute("SELECT name, value FROM fingerprints WHERE kind = 'settings'")
        )
        changed = []
        for site, theme in self.themes.items():
            if site not in broken and known.get(site) != theme.settings:
                self.state.fingerprint_changed("settings", site, theme.settings)
                changed.append(site)
        return changed

    def _owners_of(self, events: Iterable[Interval]) -> set[str]:
        """The owners whose artifacts may come or go by these events."""
        owners: set[str] = set()
        for event in events:
            if event.topic == DOCUMENTS:
                owners.add(art.document_owner(event.low))
            elif event.topic == FILES:
                for holder in owners_of_file(event.low):
                    if holder.endswith(f"/{FILES_FOLDER}"):
                        owners.add(art.site_owner(holder.partition("/")[0]))
                    else:
                        owners.add(art.document_owner(holder))
            elif event.topic.startswith("m:"):
                owners.add(event.topic[2:])
        return owners

    def _all_owners(self, site: Site) -> set[str]:
        lists = {column_list(site.id, column) for column in self.group.columns[site.id]} | {
            site_list(site.id)
        }
        documents = {art.document_owner(path) for path in self.store.paths(site.id)}
        return {art.site_owner(site.id), *lists, *documents, *self.state.owners(site.id)}

    def _match_artifacts(self, owners: Iterable[str]) -> set[Interval]:
        """Adds and drops artifacts until each owner has those it should; the events of blocks that came or went."""
        events: set[Interval] = set()
        added: list[tuple[art.Artifact, str]] = []
        dropped: list[str] = []
        for owner in sorted(owners):
            wanted = {one.output: (one, self._template(one)) for one in self._expected(owner)}
            found = self.state.owned(owner)
            come, gone = wanted.keys() - found.keys(), found.keys() - wanted.keys()
            added += [wanted[output] for output in sorted(come)]
            dropped += sorted(gone)
            for output in sorted(wanted.keys() & found.keys()):
                if wanted[output] != found[output]:
                    self.state.mark_output(output, *wanted[output], "moved")
            for one, _ in (*(wanted[output] for output in come), *(found[output] for output in gone)):
                if number := getattr(one, "number", 0):
                    events.add(point(blocks(owner), block_key(number)))
        self.state.drop(dropped)
        self.state.add(added, "new")
        return events

    def _reask(self, events: Iterable[Interval]) -> None:
        """Asks the touched queries again; whoever had another answer is stale."""
        for number, query in sorted(self.state.touched(events).items()):
            asked = ask_again(self.store, query)
            if self.state.answered(number, asked):
                self.state.mark_asking(number, describe(query))

    def _template(self, artifact: art.Artifact) -> str:
        """What a page's template is noted as: the theme and the candidates, so that a new candidate counts too."""
        if isinstance(artifact, art.FileCopy | art.Variant | art.AssetFile):
            return ""
        candidates = artifact.templates()
        return template_key(self.themes[artifact.site].name, candidates) if candidates else NO_TEMPLATE

    def _expected(self, owner: str) -> list[art.Artifact]:
        """The artifacts that an owner should have, now."""
        kind, _, rest = owner.partition(":")
        if kind == "doc":
            return self._of_document(rest)
        if kind == "site":
            return self._of_site(rest)
        letter, site, name = owner.split("/", 2) if owner.count("/") > 1 else (*owner.split("/"), "")
        if site not in self.group.sites:
            return []
        return self._of_list(letter, site, name, owner)

    def _of_document(self, path: str) -> list[art.Artifact]:
        found = self.store.document(path)
        if found is None or not found[1]:
            return []
        document, _ = found
        matter, site = document.matter, document.site
        made: list[art.Artifact] = []
        if matter:
            kind = self.group.columns[site][document.column].kind
            made.append(art.DocumentPage(site, path, document.address, kind))
            made.append(art.SearchEntry(site, path))
            made += [art.Redirect(site, path, alias.strip("/")) for alias in dict.fromkeys(matter.aliases)]
        for file in self.store.files_below(document.files_folder):
            if self.store.file_owner(file) == path and (facts := self.store.file(file)):
                made += self._of_file(facts, path)
        return made

    def _of_file(self, facts: FileFacts, holder: str) -> list[art.Artifact]:
        variants = [
            art.Variant(facts.site, facts.path, at, width, holder) for width, at in art.variants(facts)
        ]
        return [art.FileCopy(facts.site, facts.path, facts.address, holder), *variants]

    def _of_list(self, letter: str, site: str, name: str, owner: str) -> list[art.Artifact]:
        count, size = self.store.count(owner), self.group.page_size
        if letter == "c":
            column = self.group.columns[site].get(name)
            if column is None or (column.collect and column.collect.limit):
                return []
            full = full_blocks(count, column.page_size)
            return [art.ColumnPage(site, name, column.kind, number) for number in range(1, full + 1)]
        if letter == "s":
            full = full_blocks(count, art.SITEMAP_BLOCK)
            return [art.SitemapDocuments(site, number) for number in range(full + 1)]
        if not count:
            return []
        numbers = range(full_blocks(count, size) + 1)
        if letter == "t":
            return [art.TagPage(site, name, number) for number in numbers]
        if letter == "y":
            return [art.YearPage(site, int(name), number) for number in numbers]
        return []

    def _of_site(self, site_id: str) -> list[art.Artifact]:
        site = self.group.sites.get(site_id)
        if site is None:
            return []
        columns = list(self.group.columns[site_id].values())
        made: list[art.Artifact] = [
            kind(site_id)
            for kind in (
                art.HomePage,
                art.ArchivePage,
                art.TagsPage,
                art.SiteMapPage,
                art.NotFoundPage,
                art.SearchPage,
                art.SitemapIndex,
                art.SitemapPages,
            )
        ]
        made += [art.StylePage(site_id)] if self.themes[site_id].has_style else []
        made += [art.ChannelPage(site_id, channel.id) for channel in site.channels]
        made += [art.ColumnPage(site_id, column.id, column.kind, 0) for column in columns]
        made += [
            art.Feed(site_id, place, name)
            for place in ("", *(c.id for c in columns))
            for name in art.FEED_FORMATS
        ]
        made += [art.AssetFile(site_id, address) for address in self.themes[site_id].assets]
        for path in self.store.files_below(f"{site_id}/{FILES_FOLDER}/"):
            if facts := self.store.file(path):
                made += self._of_file(facts, "")
        return made


def template_key(theme: str, candidates: tuple[str, ...]) -> str:
    return f"{theme}/{'|'.join(candidates)}"


def settings_digest(*values: object) -> str:
    return digest(msgspec.msgpack.encode(values))


def describe(query: bytes) -> str:
    """A query as `--explain` names it."""
    fields = msgspec.msgpack.decode(query)
    name = fields.pop("type")
    return f"{name}({', '.join(str(value) for value in fields.values())})"
