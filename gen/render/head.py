"""What the head of every page says to browsers and machines, in one piece, so that no theme forgets a part of it."""

from collections.abc import Iterator
from functools import cache

from markupsafe import Markup, escape

from gen import policy
from gen.config.model import Channel
from gen.render.context import DocumentView, PageContext, PageInfo
from gen.render.feeds import stamp
from gen.render.linked_data import describe, script

_UNLISTED = frozenset({"404", "redirect", "search"})
"""Kinds of pages that nobody should find or quote."""


def head(
    page: PageContext,
    info: PageInfo,
    channel: Channel | None,
    document: DocumentView | None,
    content_policy: str,
) -> Markup:
    """Elements for `<head>`. What says how the page may be used comes first: it counts for what follows it only."""
    made = [_rules(content_policy)]
    if info.kind != "404":
        made.append(_link("canonical", href=info.canonical))
    if info.kind == "redirect":
        return Markup("".join(made))
    made += [
        _link("alternate", type=feed.type, title=feed.title, href=page.link(feed)) for feed in info.feeds
    ]
    if info.kind not in _UNLISTED:
        made += [_link("alternate", hreflang=language, href=url) for language, url in _languages(page, info)]
        made += [_meta("property", name, content) for name, content in _open_graph(page, info, document)]
        made.append(script(describe(page, info, channel, document)))
    return Markup("".join(made))


@cache
def _rules(content_policy: str) -> str:
    return _meta("http-equiv", "Content-Security-Policy", content_policy) + _meta(
        "name", "referrer", policy.REFERRER
    )


def _meta(attribute: str, name: str, content: str) -> str:
    return f'<meta {attribute}="{name}" content="{escape(content)}">\n'


def _link(rel: str, **attributes: str) -> str:
    inside = "".join([f' {key}="{escape(value)}"' for key, value in attributes.items()])
    return f'<link rel="{rel}"{inside}>\n'


def _languages(page: PageContext, info: PageInfo) -> Iterator[tuple[str, str]]:
    """The page in each of its languages, itself included, if there are several; the original serves all others."""
    found = {one.language: one.url for one in info.editions if one.exact}
    if not found:
        return
    found[page.site.language] = info.canonical
    original = page.group.editions(page.site)[0].language
    for language in sorted(found):
        yield language, found[language]
    if original in found:
        yield "x-default", found[original]


def _open_graph(
    page: PageContext, info: PageInfo, document: DocumentView | None
) -> Iterator[tuple[str, str]]:
    """What other sites show of a page that is shared there (ogp.me)."""
    yield "og:type", "article" if document else "website"
    yield "og:title", info.title or page.site.name
    if info.description:
        yield "og:description", info.description
    yield "og:url", info.canonical
    yield "og:site_name", page.site.name
    if "-" in page.site.language:
        yield "og:locale", page.site.language.replace("-", "_")
    if document is None:
        return
    yield "article:published_time", stamp(document.published, page.group.timezone)
    if document.updated:
        yield "article:modified_time", stamp(document.updated, page.group.timezone)
    picture = page.picture(document.card)
    if picture:
        yield "og:image", picture.url
        if picture.alt:
            yield "og:image:alt", picture.alt
