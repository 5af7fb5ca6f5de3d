"""What machines read: Atom (RFC 4287), JSON Feed 1.1 and sitemaps (sitemaps.org 0.9)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from markupsafe import escape

from gen.catalogue.values import Card
from gen.urls import absolute

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
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
        f'{_HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(channel.language)}">\n'
        f"<id>{escape(channel.feed)}</id>\n<title>{escape(channel.title)}</title>\n"
        f"<subtitle>{escape(channel.description)}</subtitle>\n<updated>{_stamp(newest, channel.zone)}</updated>\n"
        f'<author><name>{escape(channel.author)}</name></author>\n<link href="{escape(channel.page)}"/>\n'
        f'<link rel="self" type="application/atom+xml" href="{escape(channel.feed)}"/>\n{entries}</feed>\n'
    ).encode()


def _atom_entry(card: Card, channel: Channel) -> str:
    url = escape(absolute(card.site.url, card.address))
    tags = "".join(f'<category term="{escape(tag)}"/>' for tag in card.tags)
    return (
        f'<entry><id>{url}</id><title>{escape(card.title)}</title><link href="{url}"/>'
        f"<published>{_stamp(card.published, channel.zone)}</published>"
        f"<updated>{_stamp(_changed(card), channel.zone)}</updated>"
        f"<author><name>{escape(card.source)}</name></author>{tags}<summary>{escape(card.summary)}</summary></entry>\n"
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
        "date_published": _stamp(card.published, channel.zone),
        "date_modified": _stamp(_changed(card), channel.zone),
        "authors": [{"name": card.source}],
        "tags": card.tags,
    }


def sitemap(base: str, places: Iterable[tuple[str, datetime | None]], zone: str) -> bytes:
    """(address, last change if it is known) of pages."""
    rows = (
        f"<url><loc>{escape(absolute(base, address))}</loc>"
        + (f"<lastmod>{_stamp(changed, zone)}</lastmod>" if changed else "")
        + "</url>\n"
        for address, changed in places
    )
    return f'{_HEAD}<urlset xmlns="{_SITEMAP}">\n{"".join(rows)}</urlset>\n'.encode()


def sitemap_index(base: str, addresses: Iterable[str]) -> bytes:
    rows = (f"<sitemap><loc>{escape(absolute(base, address))}</loc></sitemap>\n" for address in addresses)
    return f'{_HEAD}<sitemapindex xmlns="{_SITEMAP}">\n{"".join(rows)}</sitemapindex>\n'.encode()


def _changed(card: Card) -> datetime:
    return max(card.published, card.updated or card.published)


def _stamp(moment: datetime, zone: str) -> str:
    return moment.replace(tzinfo=ZoneInfo(zone)).isoformat()
