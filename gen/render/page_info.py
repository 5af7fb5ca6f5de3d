"""What a page says of itself: its title, the way to it, its feeds and its other languages."""

from gen import urls
from gen.catalogue import navigation
from gen.catalogue.navigation import Crumb
from gen.catalogue.values import Full
from gen.config.model import Channel, Column, Group, Site
from gen.plan import artifact as art
from gen.render.context import FeedLink, PageContext, PageInfo
from gen.render.editions import editions


def page_info(
    page: PageContext,
    kind: str,
    *,
    title: str | None,
    column: Column | None,
    channel: Channel | None,
    full: Full | None,
    description: str,
    keywords: tuple[str, ...],
    canonical: str,
    is_own_crumb: bool,
    is_front: bool,
) -> PageInfo:
    """What isn't given comes from the page's column and site. `is_front`: whether it is no block of older documents."""
    site = page.site
    return PageInfo(
        kind=kind,
        title=title,
        description=description or (column.description if column else "") or site.description,
        keywords=keywords or (column.keywords if column else ()),
        canonical=canonical or urls.absolute(site.url, page.address),
        address=page.address,
        crumbs=_crumbs(page.group, site, column, channel, title if is_own_crumb else None),
        feeds=_feeds(site, column),
        editions=editions(page, kind, column, channel, full, is_front=is_front),
    )


def _crumbs(
    group: Group, site: Site, column: Column | None, channel: Channel | None, title: str | None
) -> tuple[Crumb, ...]:
    way = navigation.way(group, site, column, channel)
    if title is not None:
        return (*way, Crumb(title, None))
    return (*way[:-1], Crumb(way[-1].title, None))


def _feeds(site: Site, column: Column | None) -> tuple[FeedLink, ...]:
    places = [(site.name, "")] + ([(f"{site.name} {column.name}", column.id)] if column else [])
    return tuple(
        FeedLink(title, mime, art.feed_address(place, name))
        for title, place in places
        for name, mime in art.FEED_FORMATS.items()
    )
