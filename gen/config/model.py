"""The group as everything else sees it: frozen values, with nothing left to look up or to default."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from fnmatch import fnmatchcase

import msgspec

from gen import urls
from gen.text import Language, language_of

SHARED_FOLDER = "_shared"
SHARED_COLUMN = "shared"
FILES_FOLDER = "_files"


class ColumnKind(StrEnum):
    """What a column holds; chooses its templates and, later, the rules it is inspected by."""

    NEWS = "news"
    NOTICES = "notices"
    POLICIES = "policies"
    DISCLOSURE = "disclosure"
    SERVICES = "services"
    INTERVIEWS = "interviews"
    SURVEYS = "surveys"
    CONSULTATIONS = "consultations"
    LETTERS = "letters"
    DATA = "data"
    LEADERS = "leaders"
    ORGANISATION = "organisation"
    REPORTS = "reports"
    TOPICS = "topics"


class Contact(msgspec.Struct, frozen=True):
    phone: str
    email: str = ""
    address: str = ""
    postcode: str = ""


class Ranking(msgspec.Struct, frozen=True):
    """What weighs in search results besides the words (docs/search.md).

    `freshness` is what the newest document gains, halved every `half_life` years; `expired` is the factor of documents
    that have run out; `kinds` are factors of kinds of columns.
    """

    freshness: float = 0.5
    half_life: float = 3.0
    expired: float = 0.2
    kinds: dict[str, float] = {}


class SiteFace(msgspec.Struct, frozen=True):
    """What pages of other sites show of a site."""

    id: str
    name: str
    short_name: str
    kind: str
    url: str
    language: str


class ColumnFace(msgspec.Struct, frozen=True):
    """What a list shows of the column a document stands in."""

    id: str
    name: str
    kind: str


class CollectRule(msgspec.Struct, frozen=True):
    """Which documents of the group a column gathers; documents count by the column that owns them."""

    patterns: tuple[str, ...]
    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    limit: int = 0


class Column(msgspec.Struct, frozen=True):
    """A section of a site. `id` is its folder below the site's; a channel's columns begin with the channel's id."""

    id: str
    name: str
    kind: str
    description: str = ""
    keywords: tuple[str, ...] = ()
    owner: str = ""
    update: str = ""
    category: str = ""
    page_size: int = 20
    channel: str = ""
    hidden: bool = False
    collect: CollectRule | None = None
    children: tuple["Column", ...] = ()

    @property
    def address(self) -> str:
        return f"{self.id}/{urls.INDEX}"

    @property
    def collects(self) -> bool:
        return self.collect is not None

    @property
    def face(self) -> ColumnFace:
        return ColumnFace(self.id, self.name, self.kind)


class Channel(msgspec.Struct, frozen=True):
    """A department inside a county's portal (国办发〔2017〕47号: such units have no site of their own)."""

    id: str
    name: str
    organiser: str
    undertaker: str
    contact: Contact
    agency_code: str
    columns: tuple[Column, ...]

    @property
    def address(self) -> str:
        return f"{self.id}/{urls.INDEX}"


class Site(msgspec.Struct, frozen=True):
    """One website. `url` ends in a slash; `columns` are the top-level ones of the site itself, in order."""

    id: str
    name: str
    short_name: str
    kind: str
    url: str
    domain: str
    site_code: str
    icp: str
    police: str
    organiser: str
    undertaker: str
    contact: Contact
    agency_code: str
    description: str
    language: str
    translation_of: str
    theme: str
    options: dict[str, object]
    option_lines: dict[str, int]
    columns: tuple[Column, ...]
    channels: tuple[Channel, ...]
    line: int

    @property
    def face(self) -> SiteFace:
        return SiteFace(self.id, self.name, self.short_name, self.kind, self.url, self.language)

    @property
    def words(self) -> Language:
        """The language in which its pages speak of themselves."""
        return language_of(self.language)

    def all_columns(self) -> Iterator[Column]:
        """Every column of the site and its channels, parents before children."""
        for columns in (self.columns, *(channel.columns for channel in self.channels)):
            yield from with_children(columns)

    def channel(self, channel_id: str) -> Channel | None:
        return next((channel for channel in self.channels if channel.id == channel_id), None)


def with_children(columns: Iterable[Column]) -> Iterator[Column]:
    """Columns and all below them, parents first."""
    for column in columns:
        yield column
        yield from with_children(column.children)


class Group(msgspec.Struct, frozen=True):
    """All that one `sites.yaml` describes. `sites` and each of `columns` keep the file's order."""

    name: str
    hub: str
    timezone: str
    language: str
    page_size: int
    ranking: Ranking
    kinds: dict[str, str]
    """Site kind → its name, in the file's order."""
    sites: dict[str, Site]
    columns: dict[str, dict[str, Column]]
    """Site id → column id → column, flat."""

    def editions(self, site: Site) -> tuple[Site, ...]:
        """A site in all its languages: the original first, itself included; only itself if there is no other."""
        original = site.translation_of or site.id
        others = [one for one in self.sites.values() if one.translation_of == original]
        return (self.sites[original], *others)

    def places(self, pattern: str, words: Language) -> Iterator[tuple[str, str]]:
        """Every (site, column id) that a pattern of a site with this language names.

        A glob stands for sites in that language, so that no list mixes two; a site named by its id may be in any.
        """
        is_glob = any(sign in pattern.partition("/")[0] for sign in "*?[")
        for site, columns in self.columns.items():
            if not is_glob or self.sites[site].words == words:
                yield from ((site, column) for column in columns if matches(pattern, site, column))

    def owner(self, folder: str) -> Site | None:
        """The site that owns a folder of `content/`; what belongs to the group lives on the hub."""
        return self.sites.get(self.hub if folder == SHARED_FOLDER else folder)

    def column_of(self, site: str, folder: str) -> Column | None:
        """The column a document stands in: the longest one whose folder leads to it."""
        columns = self.columns[site]
        while folder:
            if column := columns.get(folder):
                return column
            folder = folder.rpartition("/")[0]
        return None


def matches(pattern: str, site: str, column: str) -> bool:
    """Whether `<site glob>/<column glob>` names this column, segment by segment."""
    wanted, found = pattern.split("/"), f"{site}/{column}".split("/")
    return len(wanted) == len(found) and all(map(fnmatchcase, found, wanted))
