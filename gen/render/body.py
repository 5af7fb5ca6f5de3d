"""Closes the open references of a document's body: links get their addresses, pictures their markup."""

import posixpath
from typing import Protocol

from markupsafe import Markup, escape

from gen.catalogue.queries import File, LinkTarget, Query
from gen.catalogue.values import FileFacts, Target
from gen.content.document import SUFFIX, resolve
from gen.content.markdown import Body, ImageRef, LinkRef, WordRef
from gen.plan.artifact import variants
from gen.render import images
from gen.text import Language, text


class Page(Protocol):
    """What filling a body needs of the page it is for."""

    @property
    def words(self) -> Language:
        """The language in which the page speaks."""
        ...

    def ask(self, query: Query) -> object: ...

    def href(self, site: str, address: str) -> str:
        """The href to an address of the page's own site, or of another by its id."""
        ...

    def href_of(self, target: Target) -> str: ...


def fill(body: Body, path: str, page: Page) -> Markup:
    """The body's HTML on `page`; `path` is that of the document whose body it is."""
    out: list[str] = []
    after_link = ""
    for part in body.parts:
        if isinstance(part, str):
            out.append(part.replace("</a>", f"</a>{after_link}", 1) if after_link else part)
            after_link = ""
        elif isinstance(part, LinkRef):
            opening, after_link = _link(part, path, page)
            out.append(opening)
        elif isinstance(part, WordRef):
            out.append(escape(text(f"content.{part.key}", page.words, number=part.number)))
        else:
            out.append(_image(part, path, page))
    return Markup("".join(out))


def _link(link: LinkRef, path: str, page: Page) -> tuple[str, str]:
    """The opening tag, and what follows the closing one. A link that leads nowhere keeps its words only."""
    nowhere = f"<a{link.attributes}>", ""
    target = resolve(path, link.target)
    if target is None:
        return nowhere
    anchor = f"#{link.anchor}" if link.anchor else ""
    if target.endswith(SUFFIX):
        found = page.ask(LinkTarget(target))
        if not isinstance(found, Target):
            return nowhere
        return f'<a href="{escape(page.href_of(found) + anchor)}"{link.attributes}>', ""
    facts = page.ask(File(target))
    if not isinstance(facts, FileFacts):
        return nowhere
    note = f' <small class="g-file">({file_type(facts.path)}, {file_size(facts.size)})</small>'
    return f'<a href="{escape(page.href(facts.site, facts.address))}"{link.attributes}>', note


def _image(image: ImageRef, path: str, page: Page) -> str:
    target = resolve(path, image.target)
    facts = page.ask(File(target)) if target else None
    if not isinstance(facts, FileFacts):
        return f"<em>{image.alt}</em>"
    return picture(facts, Markup(image.alt), page, image.attributes)


def picture(facts: FileFacts, alt: str, page: Page, attributes: str = "", sizes: str = "") -> Markup:
    hrefs = [(width, page.href(facts.site, address)) for width, address in variants(facts)]
    return images.markup(facts, page.href(facts.site, facts.address), hrefs, alt, attributes, sizes)


def file_type(path: str) -> str:
    return posixpath.splitext(path)[1].lstrip(".").upper()


def file_size(size: int) -> str:
    """A file's size for people, in steps of 1,000."""
    if size < 1_000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1_000:.0f} KB"
    return f"{size / 1_000_000:.1f} MB"
