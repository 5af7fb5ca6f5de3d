"""What a template gets: the page it is, links, and the queries it may ask. The contract is `docs/themes.md`."""

from datetime import date, datetime

import msgspec
from markupsafe import Markup

from gen import urls
from gen.catalogue.navigation import Crumb, tag_address
from gen.catalogue.queries import (
    File,
    Intro,
    NeighboursOf,
    Newest,
    Passed,
    Pinned,
    Query,
    Referring,
    Related,
    Sites,
    Tags,
    TitleOf,
    Years,
)
from gen.catalogue.sharing import channel_list, column_list, site_list
from gen.catalogue.values import (
    Card,
    FileFacts,
    Full,
    Introduction,
    Neighbours,
    TagCount,
    Target,
    Title,
    YearCount,
)
from gen.config.model import FILES_FOLDER, Channel, Column, Group, Site, SiteFace
from gen.content.document import COLUMN_INTRO, SITE_INTRO, resolve
from gen.content.front_matter import Consultation, Interview, Letter, Service, Survey
from gen.content.markdown import Heading
from gen.plan.dependencies import Recorder
from gen.render import body
from gen.render.charts import ChartView
from gen.text import Language

Linkable = Card | Title | Target | Column | Channel | SiteFace | Crumb | TagCount | YearCount | str


class FeedLink(msgspec.Struct, frozen=True):
    title: str
    type: str
    address: str


class ListPage(msgspec.Struct, frozen=True):
    """Another page of the same list; the front has no number."""

    number: int | None
    address: str


class Listing(msgspec.Struct, frozen=True):
    """What a list page shows. No total is known on purpose: it would change every page with each document."""

    cards: tuple[Card, ...]
    number: int | None
    newer: ListPage | None
    older: ListPage | None
    first: bool


class Attachment(msgspec.Struct, frozen=True):
    """A file to download; size in bytes."""

    title: str
    address: str
    type: str
    size: int


class Picture(msgspec.Struct, frozen=True):
    """A card's picture: href and canonical URL, size in pixels, and markup that lets the browser choose a variant."""

    href: str
    alt: str
    width: int
    height: int
    url: str
    html: Markup


class Edition(msgspec.Struct, frozen=True):
    """Another language of the site. `exact`: whether it leads to this very page, and not to the home page there."""

    language: str
    name: str
    href: str
    url: str
    exact: bool


class PageInfo(msgspec.Struct, frozen=True):
    """What the page says of itself."""

    kind: str
    title: str | None
    description: str
    keywords: tuple[str, ...]
    canonical: str
    address: str
    crumbs: tuple[Crumb, ...]
    feeds: tuple[FeedLink, ...]
    editions: tuple[Edition, ...] = ()


class TagLink(msgspec.Struct, frozen=True):
    """A tag of a document, and the page of all documents that bear it."""

    name: str
    address: str


class DocumentView(msgspec.Struct, frozen=True):
    """A document on its own page: its card's fields and the rest."""

    card: Card
    html: Markup
    headings: tuple[Heading, ...]
    title: str
    subtitle: str
    summary: str
    author: str
    source: str
    source_url: str
    keywords: tuple[str, ...]
    tags: tuple[TagLink, ...]
    kind: str
    published: datetime
    updated: datetime | None
    signed: date | None
    created: date | None
    expires: datetime | None
    expired: bool
    statutory: bool
    index_number: str
    document_number: str
    disclosure: str
    term: str
    scope: str
    responsible: str
    effect: str
    attachments: tuple[Attachment, ...]
    service: Service | None
    interview: Interview | None
    consultation: Consultation | None
    survey: Survey | None
    letter: Letter | None
    chart: ChartView | None
    order: int
    interprets: str
    answers: str


class PageContext:
    """One page being made: its place, its links, and the recorder of what it asks."""

    def __init__(self, group: Group, site: Site, address: str, recorder: Recorder, *, local: bool) -> None:
        self.group = group
        self.site = site
        self.address = address
        self.recorder = recorder
        self.local = local
        self.is_anywhere = False
        """Whether the page is shown at any address (404), so that it can't link relatively."""

    @property
    def words(self) -> Language:
        return self.site.words

    def ask(self, query: Query) -> object:
        return self.recorder.ask(query)

    def href(self, site: str, address: str) -> str:
        if site == self.site.id:
            if self.is_anywhere and not self.local:
                return urls.absolute(self.site.url, address)
            return urls.relative(address, self.address)
        if self.local:
            return urls.relative(f"{site}/{address}", f"{self.site.id}/{self.address}")
        return urls.absolute(self.group.sites[site].url, address)

    def href_of(self, target: Target | Card | Title) -> str:
        return self.href(target.site.id, target.address)

    def link(self, thing: Linkable | FeedLink | ListPage | Attachment | TagLink) -> str:
        """The href by which this page reaches `thing`."""
        if isinstance(thing, str):
            return self.href(self.site.id, thing)
        if isinstance(thing, Card | Title | Target):
            return self.href_of(thing)
        if isinstance(thing, SiteFace):
            return self.href(thing.id, urls.INDEX)
        return self.href(self.site.id, thing.address or self.address)

    def is_foreign(self, thing: Card | Title) -> bool:
        """Whether a document is another site's, so that its source must be named (law 8)."""
        return thing.site.id != self.site.id

    def picture(self, card: Card, sizes: str = "") -> Picture | None:
        """A card's picture; `sizes` as in HTML says how wide it is shown, if not at its own width."""
        facts = self.ask(File(card.picture)) if card.picture else None
        if not isinstance(facts, FileFacts):
            return None
        return Picture(
            self.href(facts.site, facts.address),
            card.picture_alt,
            facts.width,
            facts.height,
            urls.absolute(self.group.sites[facts.site].url, facts.address),
            body.picture(facts, card.picture_alt, self, sizes=sizes),
        )

    def site_file(self, name: str) -> str:
        """The href of a file of the site's `_files` folder; empty if it isn't there."""
        facts = self.ask(File(f"{self.site.id}/{name}")) if name.startswith(f"{FILES_FOLDER}/") else None
        return self.href(facts.site, facts.address) if isinstance(facts, FileFacts) else ""

    def attachments(self, full: Full) -> tuple[Attachment, ...]:
        found = []
        for written in full.matter.attachments:
            path = resolve(full.document.path, written)
            facts = self.ask(File(path)) if path else None
            if isinstance(facts, FileFacts):
                name = facts.address.rpartition("/")[2]
                found.append(Attachment(name, facts.address, body.file_type(name), facts.size))
        return tuple(found)

    def document_view(self, full: Full, chart: ChartView | None) -> DocumentView:
        card, matter = full.card, full.matter
        return DocumentView(
            card=card,
            html=body.fill(full.body, card.path, self),
            headings=full.body.headings,
            title=card.title,
            subtitle=card.subtitle,
            summary=card.summary,
            author=matter.author,
            source=card.source,
            source_url=matter.source_url,
            keywords=matter.keywords,
            tags=tuple(TagLink(tag, tag_address(tag)) for tag in card.tags) if not full.expired else (),
            kind=card.kind,
            published=card.published,
            updated=card.updated,
            signed=matter.signed,
            created=matter.created,
            expires=full.document.leaves,
            expired=full.expired,
            statutory=bool(matter.index_number),
            index_number=matter.index_number,
            document_number=matter.document_number,
            disclosure=matter.disclosure.value,
            term=matter.term,
            scope=matter.scope,
            responsible=matter.responsible,
            effect=card.effect,
            attachments=self.attachments(full),
            service=matter.service,
            interview=matter.interview,
            consultation=matter.consultation,
            survey=matter.survey,
            letter=matter.letter,
            chart=chart,
            order=matter.order,
            interprets=matter.interprets,
            answers=matter.answers,
        )


class Queries:
    """`catalogue` in templates: every answer is a dependency of the page."""

    def __init__(self, page: PageContext, column: Column | None, channel: Channel | None) -> None:
        self._page = page
        self._column = column
        self._channel = channel

    def newest(self, column: str, limit: int = 8) -> tuple[Card, ...]:
        """The newest cards of a column of this site, collected and shared ones included."""
        return self._cards(Newest(column_list(self._page.site.id, column), limit))

    def newest_here(self, limit: int = 8) -> tuple[Card, ...]:
        """The newest cards of this site's (on a channel's pages: this channel's) own documents."""
        site = self._page.site.id
        name = channel_list(site, self._channel.id) if self._channel else site_list(site)
        return self._cards(Newest(name, limit))

    def pinned(self, column: str) -> tuple[Card, ...]:
        return self._cards(Pinned(column_list(self._page.site.id, column)))

    def neighbours(self, document: DocumentView) -> Neighbours:
        found = self._page.ask(NeighboursOf(document.card.path))
        assert isinstance(found, Neighbours)
        return found

    def related(self, document: DocumentView, limit: int = 5) -> tuple[Title, ...]:
        return self._titles(Related(document.card.path, limit))

    def interpretations(self, document: DocumentView) -> tuple[Title, ...]:
        """The documents that interpret this one."""
        return self._titles(Referring("interprets", document.card.path))

    def results(self, document: DocumentView) -> tuple[Title, ...]:
        """The documents that give this one's result."""
        return self._titles(Referring("answers", document.card.path))

    def interpreted(self, document: DocumentView) -> Title | None:
        """The document that this one interprets."""
        return self._title_of(document, document.interprets)

    def answered(self, document: DocumentView) -> Title | None:
        """The consultation or survey whose result this one gives."""
        return self._title_of(document, document.answers)

    def _title_of(self, document: DocumentView, written: str) -> Title | None:
        path = resolve(document.card.path, written) if written else None
        found = self._page.ask(TitleOf(path)) if path else None
        return found if isinstance(found, Title) else None

    def years(self) -> tuple[YearCount, ...]:
        found: tuple[YearCount, ...] = self._page.recorder.ask(Years(self._page.site.id))
        return found

    def tags(self) -> tuple[TagCount, ...]:
        found: tuple[TagCount, ...] = self._page.recorder.ask(Tags(self._page.site.id))
        return found

    def sites(self, kind: str = "") -> tuple[SiteFace, ...]:
        found: tuple[SiteFace, ...] = self._page.recorder.ask(Sites(kind or ""))
        return found

    def has_passed(self, moment: datetime) -> bool:
        return bool(self._page.ask(Passed(moment)))

    def intro(self) -> "IntroView | None":
        """The own words of this home page, channel or column."""
        place = self._column.id if self._column else self._channel.id if self._channel else ""
        name = f"{place}/{COLUMN_INTRO}" if place else SITE_INTRO
        found = self._page.ask(Intro(f"{self._page.site.id}/{name}"))
        if not isinstance(found, Introduction):
            return None
        return IntroView(found.title, body.fill(found.body, found.path, self._page))

    def _cards(self, query: Query) -> tuple[Card, ...]:
        found: tuple[Card, ...] = self._page.recorder.ask(query)
        return found

    def _titles(self, query: Query) -> tuple[Title, ...]:
        found: tuple[Title, ...] = self._page.recorder.ask(query)
        return found


class IntroView(msgspec.Struct, frozen=True):
    title: str
    html: Markup
