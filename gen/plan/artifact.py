"""The output files of a site, as values: what each is and where it lies. Nothing here knows how one is made.

An artifact's `owner` is the thing whose change can bring it into being or end it: a site, a list or a document.
"""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from gen.catalogue import navigation
from gen.catalogue.sharing import column_list, site_list, tag_list, year_list
from gen.catalogue.values import FileFacts
from gen.urls import INDEX

SITEMAP_BLOCK = 1000
WIDTHS = (480, 960, 1440)
"""Of the smaller variants of a picture, in pixels."""
_CONVERTED = (".png", ".jpg", ".jpeg")
FEED_LENGTH = 20
SEARCH_ENTRIES = "*"
"""A folder that no site can have, for what never reaches the disk."""
FEED_FORMATS = {"atom": "application/atom+xml", "json": "application/feed+json"}


def site_owner(site: str) -> str:
    return f"site:{site}"


def document_owner(path: str) -> str:
    return f"doc:{path}"


class Artifact(msgspec.Struct, frozen=True, tag=True):
    """Base of all output files of a site."""

    template: ClassVar[tuple[str, ...]] = ()
    """The templates that can make it, the most special first; none for what isn't a themed page."""

    site: str

    @property
    def address(self) -> str:
        raise NotImplementedError

    @property
    def owner(self) -> str:
        return site_owner(self.site)

    @property
    def output(self) -> str:
        """Where it lies below the output folder."""
        return f"{self.site}/{self.address}"

    def templates(self) -> tuple[str, ...]:
        return self.template


class HomePage(Artifact, frozen=True, tag=True):
    template = ("home.html",)
    address = INDEX


class ArchivePage(Artifact, frozen=True, tag=True):
    template = ("archive.html",)
    address = navigation.ARCHIVE


class TagsPage(Artifact, frozen=True, tag=True):
    template = ("tags.html",)
    address = navigation.TAGS


class SiteMapPage(Artifact, frozen=True, tag=True):
    template = ("sitemap.html",)
    address = navigation.SITE_MAP


class NotFoundPage(Artifact, frozen=True, tag=True):
    template = ("404.html",)
    address = navigation.NOT_FOUND


class SearchPage(Artifact, frozen=True, tag=True):
    """Where a site's search shows what it found."""

    template = ("search.html",)
    address = navigation.SEARCH


class StylePage(Artifact, frozen=True, tag=True):
    """A theme's components side by side, for its makers: in previews only, and only where the theme has the template."""

    template = ("style.html",)
    address = "_style/index.html"


class ChannelPage(Artifact, frozen=True, tag=True):
    template = ("channel.html",)
    channel: str

    @property
    def address(self) -> str:
        return f"{self.channel}/{INDEX}"


class ColumnPage(Artifact, frozen=True, tag=True):
    """A column's list: its front (number 0), or a block of older documents."""

    column: str
    kind: str
    number: int

    @property
    def address(self) -> str:
        return navigation.block_address(f"{self.column}/{INDEX}", self.number)

    @property
    def owner(self) -> str:
        return column_list(self.site, self.column) if self.number else site_owner(self.site)

    def templates(self) -> tuple[str, ...]:
        return (f"column-{self.kind}.html", "column.html")


class YearPage(Artifact, frozen=True, tag=True):
    template = ("year.html",)
    year: int
    number: int

    @property
    def address(self) -> str:
        return navigation.block_address(navigation.year_address(self.year), self.number)

    @property
    def owner(self) -> str:
        return year_list(self.site, self.year)


class TagPage(Artifact, frozen=True, tag=True):
    template = ("tag.html",)
    tag: str
    number: int

    @property
    def address(self) -> str:
        return navigation.block_address(navigation.tag_address(self.tag), self.number)

    @property
    def owner(self) -> str:
        return tag_list(self.site, self.tag)


class DocumentPage(Artifact, frozen=True, tag=True):
    path: str
    at: str
    kind: str

    @property
    def address(self) -> str:
        return self.at

    @property
    def owner(self) -> str:
        return document_owner(self.path)

    def templates(self) -> tuple[str, ...]:
        return (f"document-{self.kind}.html", "document.html")


class SearchEntry(Artifact, frozen=True, tag=True):
    """What the search knows of a document. It goes into indexes and to no address of its own."""

    path: str

    @property
    def address(self) -> str:
        return f"{SEARCH_ENTRIES}/{self.path}"

    @property
    def owner(self) -> str:
        return document_owner(self.path)


class Redirect(Artifact, frozen=True, tag=True):
    """An old address that leads to a document."""

    template = ("redirect.html",)
    path: str
    alias: str

    @property
    def address(self) -> str:
        return self.alias

    @property
    def owner(self) -> str:
        return document_owner(self.path)


class FileCopy(Artifact, frozen=True, tag=True):
    """A picture or attachment, as it was committed. `holder` is its document; empty for a site's own files."""

    path: str
    at: str
    holder: str

    @property
    def address(self) -> str:
        return self.at

    @property
    def owner(self) -> str:
        return document_owner(self.holder) if self.holder else site_owner(self.site)


class Variant(Artifact, frozen=True, tag=True):
    """A picture in WebP, `width` pixels wide."""

    path: str
    at: str
    width: int
    holder: str

    @property
    def address(self) -> str:
        return self.at

    @property
    def owner(self) -> str:
        return document_owner(self.holder) if self.holder else site_owner(self.site)


def variants(facts: FileFacts) -> Iterator[tuple[int, str]]:
    """(width, address) of a picture's variants: the standard widths below its own, and its own."""
    if not facts.path.lower().endswith(_CONVERTED) or not facts.width:
        return
    for width in (*(width for width in WIDTHS if width < facts.width), facts.width):
        yield width, f"{facts.address}.{width}.webp"


class SiteAssets(msgspec.Struct, frozen=True):
    """A site's own copy of its theme's assets: name → address, address → bytes."""

    addresses: dict[str, str]
    contents: dict[str, bytes]


class AssetFile(Artifact, frozen=True, tag=True):
    at: str

    @property
    def address(self) -> str:
        return self.at


class Feed(Artifact, frozen=True, tag=True):
    """The newest documents of a column, or of the site (empty), for feed readers."""

    column: str
    format: str

    @property
    def address(self) -> str:
        return feed_address(self.column, self.format)


def feed_address(column: str, feed_format: str) -> str:
    return f"{column}/feed.{feed_format}" if column else f"feed.{feed_format}"


class SitemapIndex(Artifact, frozen=True, tag=True):
    """`sitemap.xml`: names the site's other sitemaps."""

    address = "sitemap.xml"


class SitemapPages(Artifact, frozen=True, tag=True):
    """The pages that aren't documents."""

    address = "sitemap-pages.xml"


class SitemapDocuments(Artifact, frozen=True, tag=True):
    """The documents of a block of the site's list, 0 for the newest."""

    number: int

    @property
    def address(self) -> str:
        return f"sitemap-{self.number or 'new'}.xml"

    @property
    def owner(self) -> str:
        return site_list(self.site)


AnyArtifact = (
    HomePage
    | ArchivePage
    | TagsPage
    | SiteMapPage
    | NotFoundPage
    | SearchPage
    | StylePage
    | ChannelPage
    | ColumnPage
    | YearPage
    | TagPage
    | DocumentPage
    | SearchEntry
    | Redirect
    | FileCopy
    | Variant
    | AssetFile
    | Feed
    | SitemapIndex
    | SitemapPages
    | SitemapDocuments
)
"""Every kind of artifact, so that a stored one is read back as what it is."""
