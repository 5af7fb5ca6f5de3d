"""Where the pages that gather documents lie, and the way from the home page to any page."""

import re

import msgspec

from gen.config.model import Channel, Column, Group, Site
from gen.text import text
from gen.urls import INDEX

ARCHIVE = f"archive/{INDEX}"
TAGS = f"tags/{INDEX}"
SITE_MAP = "sitemap.html"
NOT_FOUND = "404.html"
SEARCH_FOLDER = "search"
SEARCH = f"{SEARCH_FOLDER}/{INDEX}"

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|%#.~]')


class Crumb(msgspec.Struct, frozen=True):
    """A step of the way; the page itself has no address."""

    title: str
    address: str | None


def year_address(year: int) -> str:
    return f"archive/{year}/{INDEX}"


def tag_address(tag: str) -> str:
    """A tag's page. What a file name can't hold is written as its code point, so that no two tags meet."""
    return f"tags/{_UNSAFE.sub(lambda match: f'~{ord(match[0]):x}~', tag)}/{INDEX}"


def block_address(front: str, number: int) -> str:
    """The page of a list's block, beside the list's front."""
    return f"{front[: -len(INDEX)]}page-{number}.html" if number else front


def way(group: Group, site: Site, column: Column | None, channel: Channel | None) -> tuple[Crumb, ...]:
    """The crumbs from the home page down to a column, channel included."""
    crumbs = [Crumb(text("page.home", site.words), INDEX)]
    if channel:
        crumbs.append(Crumb(channel.name, channel.address))
    if column and not column.hidden:
        columns = group.columns[site.id]
        parts = column.id.split("/")
        steps = (columns.get("/".join(parts[:depth])) for depth in range(1, len(parts) + 1))
        crumbs += [Crumb(step.name, step.address) for step in steps if step]
    return tuple(crumbs)
