"""What machines read: Atom (RFC 4287), JSON Feed 1.1 and sitemaps (sitemaps.org 0.9)."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from markupsafe import escape

from gen import urls
from gen.catalogue import navigation
from gen.catalogue.queries import BlockCount, Locations, Newest
from gen.catalogue.sharing import column_list, site_list
from gen.catalogue.values import Card
from gen.plan import artifact as art
from gen.plan.dependencies import Recorder
from gen.render.settings import RenderSettings
from gen.urls import absolute

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OFFSET_END = len("2026-03-01T09:30:00+08:00")
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Channel(msgspec.Struct, frozen=True):
    """What a feed says of itself; addresses are absolute."""

    title: str
    description: str
    page: str
    feed: str
    author: str
    language: str
    zone: str


def atom(channel: Channel, cards: Sequence[Card]) -> bytes:
    entries = "".join(_atom_entry(card, channel) for card in cards)
    newest = max((_changed(card) for card in cards), default=datetime(1970, 1, 1))
    return (
        f'{_HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{_xml(channel.language)}">\n'
        f"<id>{_xml(channel.feed)}</id>\n<title>{_xml(channel.title)}</title>\n"
        f"<subtitle>{_xml(channel.description)}</subtitle>\n<updated>{stamp(newest, channel.zone)}</updated>\n"
        f'<author><name>{_xml(channel.author)}</name></author>\n<link href="{_xml(channel.page)}"/>\n'
        f'<link rel="self" type="application/atom+xml" href="{_xml(channel.feed)}"/>\n{entries}</feed>\n'
    ).encode()


def _atom_entry(card: Card, channel: Channel) -> str:
    url = _xml(absolute(card.site.url, card.address))
    tags = "".join(f'<category term="{_xml(tag)}"/>' for tag in card.tags)
    return (
        f'<entry><id>{url}</id><title>{_xml(card.title)}</title><link href="{url}"/>'
        f"<published>{stamp(card.published, channel.zone)}</published>"
        f"<updated>{stamp(_changed(card), channel.zone)}</updated>"
        f"<author><name>{_xml(card.source)}</name></author>{tags}<summary>{_xml(card.summary)}</summary></entry>\n"
    )


def json_feed(channel: Channel, cards: Sequence[Card]) -> bytes:
    return msgspec.json.format(
        msgspec.json.encode(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": channel.title,
                "description": channel.description,
                "home_page_url": channel.page,
                "feed_url": channel.feed,
                "language": channel.language,
                "items": [_json_item(card, channel) for card in cards],
            }
        ),
        indent=1,
    )


def _json_item(card: Card, channel: Channel) -> dict[str, object]:
    url = absolute(card.site.url, card.address)
    return {
        "id": url,
        "url": url,
        "title": card.title,
        "content_text": card.summary,
        "date_published": stamp(card.published, channel.zone),
        "date_modified": stamp(_changed(card), channel.zone),
        "authors": [{"name": card.source}],
        "tags": card.tags,
    }


def sitemap(base: str, places: Iterable[tuple[str, datetime | None]], zone: str) -> bytes:
    """(address, last change if it is known) of pages."""
    rows = (
        f"<url><loc>{_xml(absolute(base, address))}</loc>"
        + (f"<lastmod>{stamp(changed, zone)}</lastmod>" if changed else "")
        + "</url>\n"
        for address, changed in places
    )
    return f'{_HEAD}<urlset xmlns="{_SITEMAP}">\n{"".join(rows)}</urlset>\n'.encode()


def sitemap_index(base: str, addresses: Iterable[str]) -> bytes:
    rows = (f"<sitemap><loc>{_xml(absolute(base, address))}</loc></sitemap>\n" for address in addresses)
    return f'{_HEAD}<sitemapindex xmlns="{_SITEMAP}">\n{"".join(rows)}</sitemapindex>\n'.encode()


def _changed(card: Card) -> datetime:
    return max(card.published, card.updated or card.published)


def stamp(moment: datetime, zone: str) -> str:
    """RFC 3339, whose offsets know no seconds; those of local times before time zones have some."""
    return moment.replace(tzinfo=ZoneInfo(zone)).isoformat()[:_OFFSET_END]


def _xml(text: str) -> str:
    """Text for XML, which can't hold some characters in any way of writing."""
    return str(escape(_NOT_XML.sub("", text)))


def make_feed(settings: RenderSettings, artifact: art.Feed, recorder: Recorder) -> bytes:
    group = settings.group
    site = group.sites[artifact.site]
    column = group.columns[site.id].get(artifact.column)
    name = column_list(site.id, column.id) if column else site_list(site.id)
    about = Channel(
        title=f"{site.name} {column.name}" if column else site.name,
        description=(column.description if column else "") or site.description,
        page=urls.absolute(site.url, column.address if column else urls.INDEX),
        feed=urls.absolute(site.url, artifact.address),
        author=site.organiser,
        language=site.language,
        zone=group.timezone,
    )
    cards = recorder.ask(Newest(name, art.FEED_LENGTH))
    return atom(about, cards) if artifact.format == "atom" else json_feed(about, cards)


def make_sitemap_index(settings: RenderSettings, artifact: art.SitemapIndex, recorder: Recorder) -> bytes:
    site = settings.group.sites[artifact.site]
    blocks = recorder.ask(BlockCount(site_list(site.id), art.SITEMAP_BLOCK))
    parts = [art.SitemapDocuments(site.id, number).address for number in range(blocks + 1)]
    return sitemap_index(site.url, [art.SitemapPages(site.id).address, *parts])


def make_sitemap_pages(settings: RenderSettings, artifact: art.SitemapPages, recorder: Recorder) -> bytes:
    del recorder
    site = settings.group.sites[artifact.site]
    columns = [column.address for column in site.all_columns() if not column.hidden]
    channels = [channel.address for channel in site.channels]
    fixed = [urls.INDEX, *columns, *channels, navigation.ARCHIVE, navigation.TAGS, navigation.SITE_MAP]
    return sitemap(site.url, [(address, None) for address in fixed], settings.group.timezone)


def make_sitemap_documents(
    settings: RenderSettings, artifact: art.SitemapDocuments, recorder: Recorder
) -> bytes:
    site = settings.group.sites[artifact.site]
    places = recorder.ask(Locations(site_list(site.id), artifact.number, art.SITEMAP_BLOCK))
    return sitemap(site.url, places, settings.group.timezone)
