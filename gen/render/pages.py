"""Makes one artifact: its bytes, what it asked, what went wrong."""

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup

from gen import urls
from gen.catalogue import navigation
from gen.catalogue.queries import (
    DocumentFull,
    File,
    HasBlock,
    ListBlock,
    Newest,
    TitleOf,
)
from gen.catalogue.sharing import column_list
from gen.catalogue.store import Store
from gen.catalogue.values import Block, FileFacts, Full, Title
from gen.config.model import Channel, Column, Site
from gen.database import open_reader
from gen.errors import GenError, Issue
from gen.files import digest, read_below
from gen.limits import TimeLimitError, time_limit
from gen.plan import artifact as art
from gen.plan.dependencies import Asked, Recorder
from gen.render import feeds, images
from gen.render.charts import chart_of
from gen.render.context import DocumentView, Listing, ListPage, PageContext, Queries
from gen.render.environment import make_environment, template_place
from gen.render.head import head
from gen.render.page_info import page_info
from gen.render.parts import Given, Parts
from gen.render.qr import qr_code
from gen.render.records import make_record
from gen.render.settings import RenderSettings
from gen.text import Language, text
from gen.theme import Theme
from gen.theme_options import policy_of

MAX_SECONDS = 20.0


class Rendered(msgspec.Struct, frozen=True):
    """What became of an artifact. `copy_of`: a file under `content/` to be copied instead of `data`."""

    artifact: art.Artifact
    data: bytes
    copy_of: str
    digest: str
    asked: tuple[Asked, ...]
    issues: tuple[Issue, ...] = ()


class _UnreadableError(Exception):
    """A picture that can't be made smaller."""


class Renderer:
    """Renders artifacts from the committed catalogue, in any process."""

    def __init__(self, settings: RenderSettings, connection: sqlite3.Connection) -> None:
        self.settings = settings
        self.store = Store(connection, settings.group, settings.now)
        self._memo: dict[bytes, tuple[Any, Asked]] = {}
        self._environments: dict[tuple[str, Language], jinja2.Environment] = {}
        self._parts = Parts()

    @classmethod
    def open(cls, settings: RenderSettings) -> "Renderer":
        return cls(settings, open_reader(settings.database))

    def close(self) -> None:
        self.store.connection.close()

    def render(self, artifact: art.Artifact) -> Rendered:
        """Makes an artifact. Whatever a theme or a picture does wrong comes back as an issue."""
        recorder = Recorder(self.store, self._memo)
        data, copy_of, fingerprint = b"", "", ""
        issues: tuple[Issue, ...] = ()
        try:
            with time_limit(MAX_SECONDS):
                if isinstance(artifact, art.FileCopy):
                    facts = recorder.ask(File(artifact.path))
                    copy_of, fingerprint = artifact.path, facts.digest if facts else ""
                else:
                    data = self._make(artifact, recorder)
                    fingerprint = digest(data)
        except TimeLimitError:
            issues = (
                self._issue(
                    artifact, "render.time", {"page": artifact.output, "seconds": f"{MAX_SECONDS:g}"}
                ),
            )
        except GenError as error:
            issues = error.issues
        except jinja2.TemplateNotFound as error:  # an OSError too
            issues = (self._template_issue(artifact, *template_place(error), f"{error} ?"),)
        except (_UnreadableError, OSError) as error:
            issues = (self._issue(artifact, "render.picture", {"problem": str(error)}),)
        except jinja2.TemplateSyntaxError as error:
            issues = (self._template_issue(artifact, error.name or "", error.lineno, str(error)),)
        except Exception as error:
            name, line = template_place(error)
            if not name:
                raise
            problem = str(error) or type(error).__name__
            issues = (self._template_issue(artifact, name, line, problem),)
        return Rendered(artifact, data, copy_of, fingerprint, recorder.asked(), issues)

    def _make(self, artifact: art.Artifact, recorder: Recorder) -> bytes:
        kind = type(artifact)
        if kind in _MACHINE_MAKERS:
            return _MACHINE_MAKERS[kind](self.settings, artifact, recorder)
        return _MAKERS[kind](self, artifact, recorder)

    def theme(self, site: Site) -> Theme:
        return self.settings.themes[site.theme]

    def environment(self, site: Site) -> jinja2.Environment:
        key = (site.theme, site.words)
        if key not in self._environments:
            self._environments[key] = make_environment(
                self.theme(site), site.words, self.settings.compiled[site.theme]
            )
        return self._environments[key]

    def common(self, page: PageContext, channel: Channel | None) -> dict[str, object]:
        """What pages and the parts that they share get alike."""
        group, site = self.settings.group, page.site
        assets = self.settings.assets[site.id].addresses
        return {
            "group": {
                "name": group.name,
                "language": group.language,
                "kinds": group.kinds,
                "hub": group.sites[group.hub].face,
            },
            "site": site,
            "channel": channel,
            "options": self.settings.options[site.id],
            "link": page.link,
            "asset": lambda name: page.href(site.id, assets[name]),
            "site_file": page.site_file,
        }

    def part(self, page: PageContext, channel: Channel | None, name: str, given: dict[str, Given]) -> Markup:
        """A part that pages of one depth share."""

        def make(inner: PageContext, name: str, given: dict[str, Given]) -> str:
            template = self.environment(page.site).get_template(name)
            return template.render(self.common(inner, channel), **given)

        return self._parts.part(page, channel.id if channel else "", name, given, make)

    def _template_issue(self, artifact: art.Artifact, name: str, line: int, problem: str) -> Issue:
        theme = self.theme(self.settings.group.sites[artifact.site])
        where = theme.file_of(name)
        params = {"page": artifact.output, "problem": problem}
        return Issue(where, line, "template.error", params, site=artifact.site)

    def _issue(self, artifact: art.Artifact, code: str, params: dict[str, str]) -> Issue:
        path = getattr(artifact, "path", "")
        where = f"content/{path}" if path else artifact.output
        return Issue(where, 0, code, params, site=artifact.site)


def render_batch(renderer: Renderer, artifacts: tuple[art.Artifact, ...]) -> list[Rendered]:
    return [renderer.render(artifact) for artifact in artifacts]


def asset(settings: RenderSettings, artifact: art.AssetFile) -> Rendered:
    """An asset needs no worker: its bytes are in the settings."""
    data = settings.assets[artifact.site].contents[artifact.at]
    return Rendered(artifact, data, "", digest(data), ())


def _themed(
    renderer: Renderer,
    artifact: art.Artifact,
    recorder: Recorder,
    kind: str,
    *,
    title: str | None = None,
    column: Column | None = None,
    channel: Channel | None = None,
    description: str = "",
    keywords: tuple[str, ...] = (),
    is_own_crumb: bool = True,
    canonical: str = "",
    full: Full | None = None,
    extra: Callable[[PageContext], dict[str, object]] = lambda _: {},
) -> bytes:
    """Renders a themed page; `extra` gives what only this kind of page has."""
    settings = renderer.settings
    site = settings.group.sites[artifact.site]
    theme = renderer.theme(site)
    page = PageContext(settings.group, site, artifact.address, recorder, local=settings.local)
    page.is_anywhere = isinstance(artifact, art.NotFoundPage)
    template = renderer.environment(site).get_template(theme.resolve(*artifact.templates()))
    info = page_info(
        page,
        kind,
        title=title,
        column=column,
        channel=channel,
        full=full,
        description=description,
        keywords=keywords,
        canonical=canonical,
        is_own_crumb=is_own_crumb,
        is_front=not getattr(artifact, "number", 0),
    )
    more = extra(page)
    document = view if isinstance(view := more.get("document"), DocumentView) else None
    content_policy = policy_of(theme.options, settings.options[site.id])
    return template.render(
        renderer.common(page, channel),
        column=column,
        page=info,
        catalogue=Queries(page, column, channel),
        picture=page.picture,
        foreign=page.is_foreign,
        part=lambda name, **given: renderer.part(page, channel, name, given),
        head=partial(head, page, info, channel, document, content_policy),
        qr=lambda label="": qr_code(info.canonical, label),
        **more,
    ).encode(errors="replace")


def _home(renderer: Renderer, artifact: art.HomePage, recorder: Recorder) -> bytes:
    return _themed(renderer, artifact, recorder, "home")


def _channel(renderer: Renderer, artifact: art.ChannelPage, recorder: Recorder) -> bytes:
    site = renderer.settings.group.sites[artifact.site]
    channel = site.channel(artifact.channel)
    assert channel is not None, artifact
    return _themed(
        renderer, artifact, recorder, "channel", title=channel.name, channel=channel, is_own_crumb=False
    )


def _simple(kind: str) -> Callable[[Renderer, art.Artifact, Recorder], bytes]:
    def make(renderer: Renderer, artifact: art.Artifact, recorder: Recorder) -> bytes:
        site = renderer.settings.group.sites[artifact.site]
        return _themed(renderer, artifact, recorder, kind, title=text(f"page.{kind}", site.words))

    return make


def _listing(page: PageContext, name: str, size: int, number: int, front: str) -> Listing:
    block: Block = page.recorder.ask(ListBlock(name, number, size))
    newer = None
    if number:
        has_newer = page.recorder.ask(HasBlock(name, number + 1, size))
        newer = number + 1 if has_newer else 0
    return Listing(
        cards=block.cards,
        number=number or None,
        newer=None if newer is None else ListPage(newer or None, navigation.block_address(front, newer)),
        older=ListPage(block.older, navigation.block_address(front, block.older)) if block.older else None,
        first=number == 0,
    )


def _column(renderer: Renderer, artifact: art.ColumnPage, recorder: Recorder) -> bytes:
    group = renderer.settings.group
    column = group.columns[artifact.site][artifact.column]
    channel = group.sites[artifact.site].channel(column.channel) if column.channel else None
    name = column_list(artifact.site, column.id)

    def extra(page: PageContext) -> dict[str, object]:
        if column.collect and column.collect.limit:
            cards = page.recorder.ask(Newest(name, column.collect.limit))
            return {"listing": Listing(cards, None, None, None, first=True)}
        return {"listing": _listing(page, name, column.page_size, artifact.number, column.address)}

    return _themed(
        renderer,
        artifact,
        recorder,
        "column",
        title=column.name,
        column=column,
        channel=channel,
        is_own_crumb=column.hidden,
        extra=extra,
    )


def _year(renderer: Renderer, artifact: art.YearPage, recorder: Recorder) -> bytes:
    size = renderer.settings.group.page_size
    front = navigation.year_address(artifact.year)
    return _themed(
        renderer,
        artifact,
        recorder,
        "year",
        title=text("page.year", renderer.settings.group.sites[artifact.site].words, year=artifact.year),
        extra=lambda page: {
            "year": artifact.year,
            "listing": _listing(page, artifact.owner, size, artifact.number, front),
        },
    )


def _tag(renderer: Renderer, artifact: art.TagPage, recorder: Recorder) -> bytes:
    size = renderer.settings.group.page_size
    front = navigation.tag_address(artifact.tag)
    return _themed(
        renderer,
        artifact,
        recorder,
        "tag",
        title=artifact.tag,
        extra=lambda page: {
            "tag": artifact.tag,
            "listing": _listing(page, artifact.owner, size, artifact.number, front),
        },
    )


def _document(renderer: Renderer, artifact: art.DocumentPage, recorder: Recorder) -> bytes:
    group = renderer.settings.group
    full: Full = recorder.ask(DocumentFull(artifact.path))
    column = group.columns[artifact.site][full.document.column]
    channel = group.sites[artifact.site].channel(full.document.channel) if full.document.channel else None
    chart = chart_of(renderer.settings.root, full, recorder)
    return _themed(
        renderer,
        artifact,
        recorder,
        "document",
        title=full.card.title,
        column=column,
        channel=channel,
        description=full.card.summary,
        keywords=full.matter.keywords or full.card.tags,
        full=full,
        extra=lambda page: {"document": page.document_view(full, chart)},
    )


def _redirect(renderer: Renderer, artifact: art.Redirect, recorder: Recorder) -> bytes:
    title: Title = recorder.ask(TitleOf(artifact.path))

    url = urls.absolute(title.site.url, title.address)
    return _themed(
        renderer,
        artifact,
        recorder,
        "redirect",
        title=title.title,
        canonical=url,
        extra=lambda page: {"target": page.href_of(title), "target_url": url},
    )


def _variant(renderer: Renderer, artifact: art.Variant, recorder: Recorder) -> bytes:
    facts: FileFacts | None = recorder.ask(File(artifact.path))
    if facts is None:
        raise _UnreadableError(artifact.path)
    return images.encode(read_below(renderer.settings.root / "content", artifact.path), artifact.width)


def _search_entry(renderer: Renderer, artifact: art.SearchEntry, recorder: Recorder) -> bytes:
    return make_record(renderer.settings.group, artifact, recorder)


_MAKERS: dict[type[art.Artifact], Callable[[Renderer, Any, Recorder], bytes]] = {
    art.HomePage: _home,
    art.ChannelPage: _channel,
    art.ColumnPage: _column,
    art.DocumentPage: _document,
    art.ArchivePage: _simple("archive"),
    art.YearPage: _year,
    art.TagsPage: _simple("tags"),
    art.TagPage: _tag,
    art.SiteMapPage: _simple("sitemap"),
    art.NotFoundPage: _simple("404"),
    art.SearchPage: _simple("search"),
    art.StylePage: _simple("style"),
    art.Redirect: _redirect,
    art.SearchEntry: _search_entry,
    art.Variant: _variant,
}

_MACHINE_MAKERS: dict[type[art.Artifact], Callable[[RenderSettings, Any, Recorder], bytes]] = {
    art.Feed: feeds.make_feed,
    art.SitemapIndex: feeds.make_sitemap_index,
    art.SitemapPages: feeds.make_sitemap_pages,
    art.SitemapDocuments: feeds.make_sitemap_documents,
}
