"""A page in the other languages of its site."""

from gen import urls
from gen.catalogue.queries import Referring, TitleOf
from gen.catalogue.values import Full, Title
from gen.config.model import Channel, Column, Group, Site
from gen.content.document import resolve
from gen.render.context import Edition, PageContext
from gen.text import text

_EVERYWHERE = frozenset({"home", "archive", "tags", "sitemap", "search"})
"""Kinds of pages that each site has at the same address."""


def others(group: Group, site: Site) -> tuple[Site, ...]:
    return tuple(one for one in group.editions(site) if one.id != site.id)


def digest_of(group: Group, site: Site) -> object:
    """All that pages of a site show of its other languages, their documents aside."""
    return [
        (one.id, one.url, one.language, sorted(_columns(one)), [channel.id for channel in one.channels])
        for one in others(group, site)
    ]


def editions(
    page: PageContext,
    kind: str,
    column: Column | None,
    channel: Channel | None,
    full: Full | None,
    *,
    is_front: bool,
) -> tuple[Edition, ...]:
    """The page in each other language, or that language's home page where it has no such page."""
    found = others(page.group, page.site)
    if not found or kind == "redirect":
        return ()
    addresses = {
        one.id: _address(one, page.address, kind, column, channel, is_front=is_front) for one in found
    }
    if full:
        addresses = {title.site.id: title.address for title in _translations(page, full)}
    return tuple(_edition(page, one, addresses.get(one.id, "")) for one in found)


def _edition(page: PageContext, site: Site, address: str) -> Edition:
    at = address or urls.INDEX
    return Edition(
        language=site.language,
        name=text(f"language.{site.words}", site.words),
        href=page.href(site.id, at),
        url=urls.absolute(site.url, at),
        exact=bool(address),
    )


def _columns(site: Site) -> set[str]:
    return {column.id for column in site.all_columns() if not column.hidden}


def _address(
    site: Site, address: str, kind: str, column: Column | None, channel: Channel | None, *, is_front: bool
) -> str:
    """Where the other site has this page; empty if it has none."""
    has_it = kind in _EVERYWHERE
    if kind == "column" and column:
        has_it = is_front and column.id in _columns(site)
    if kind == "channel" and channel:
        has_it = site.channel(channel.id) is not None
    return address if has_it else ""


def _translations(page: PageContext, full: Full) -> tuple[Title, ...]:
    """The document in other languages: what it translates, and what translates the same."""
    written = full.matter.translates
    original = resolve(full.card.path, written) if written else full.card.path
    if not original:
        return ()
    source = page.recorder.ask(TitleOf(original)) if written else None
    translated: tuple[Title, ...] = page.recorder.ask(Referring("translates", original))
    return tuple(reversed((*((source,) if source else ()), *translated)))
