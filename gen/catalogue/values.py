"""What the catalogue answers with: small frozen values, complete enough that a template asks nothing further."""

from datetime import date, datetime

import msgspec

from gen.config.model import ColumnFace, SiteFace
from gen.content.document import Document
from gen.content.front_matter import FrontMatter
from gen.content.markdown import Body


class Title(msgspec.Struct, frozen=True):
    """A document as a bare link shows it."""

    title: str
    address: str
    published: datetime
    site: SiteFace


class Card(msgspec.Struct, frozen=True):
    """A document as a list shows it. `opens` and `closes` are those of a consultation, survey or interview."""

    path: str
    address: str
    title: str
    subtitle: str
    summary: str
    published: datetime
    updated: datetime | None
    tags: tuple[str, ...]
    picture: str
    picture_alt: str
    source: str
    kind: str
    document_number: str
    index_number: str
    effect: str
    signed: date | None
    opens: datetime | None
    closes: datetime | None
    letter_category: str
    replied: date | None
    order: int
    site: SiteFace
    column: ColumnFace

    def short(self) -> Title:
        return Title(self.title, self.address, self.published, self.site)


class Block(msgspec.Struct, frozen=True):
    """One page of a list: its cards, newest first, and whether there is an older block."""

    cards: tuple[Card, ...]
    number: int
    """Counted from the oldest end; 0 for the page in front, which holds the newest."""
    older: int
    """The number of the next older block; 0 if there is none."""


class Neighbours(msgspec.Struct, frozen=True):
    newer: Title | None
    older: Title | None


class YearCount(msgspec.Struct, frozen=True):
    year: int
    count: int
    address: str


class TagCount(msgspec.Struct, frozen=True):
    name: str
    count: int
    address: str


class FileFacts(msgspec.Struct, frozen=True):
    """A published file. `address` is inside the site that owns it; width and height are 0 unless it is a picture."""

    path: str
    site: str
    address: str
    size: int
    digest: str
    width: int
    height: int


class Target(msgspec.Struct, frozen=True):
    """Where a link to a document leads."""

    address: str
    site: SiteFace


class Full(msgspec.Struct, frozen=True):
    """A document with everything its own page shows."""

    card: Card
    document: Document
    body: Body
    expired: bool

    @property
    def matter(self) -> FrontMatter:
        matter = self.document.matter
        assert matter is not None, self.document.path
        return matter


class Introduction(msgspec.Struct, frozen=True):
    """The own words of a home page, channel or column."""

    path: str
    title: str
    body: Body
