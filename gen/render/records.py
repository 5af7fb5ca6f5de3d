"""What the search knows of a document: made like a page, from the same answers, so that it is remade when they change."""

import html
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from gen import urls
from gen.catalogue.queries import DocumentFull, File
from gen.catalogue.sharing import list_key
from gen.catalogue.values import FileFacts, Full
from gen.config.model import Group
from gen.content.document import SUFFIX, resolve
from gen.content.front_matter import FrontMatter
from gen.content.markdown import Body, LinkRef
from gen.plan.artifact import SearchEntry
from gen.plan.dependencies import Recorder

_BLOCK_END = re.compile(
    r"</(?:p|h[1-6]|li|td|th|dt|dd|pre|blockquote|caption|figcaption|summary|div)>|<(?:br|hr)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*")


class SearchRecord(msgspec.Struct, frozen=True):
    """A document as the search sees it. `headings`, `attachments` and `text` are plain, blocks parted by line ends.

    `place` is `<site>/<column>`; `number` is what results show, `numbers` what is found as a whole. `text` holds the
    headings at their places too; `headings` names what counts more, with tags and keywords.
    """

    path: str
    site: str
    place: str
    kind: str
    address: str
    url: str
    title: str
    headings: str
    attachments: str
    text: str
    numbers: tuple[str, ...]
    number: str
    published: datetime
    expired: bool
    summary: str


class Placed(Protocol):
    """What of a record decides its place in the order."""

    @property
    def path(self) -> str: ...

    @property
    def place(self) -> str: ...

    @property
    def published(self) -> datetime: ...


P = TypeVar("P", bound=Placed)


def month_of(record: Placed) -> int:
    """The month of publication, counted from the year 0."""
    return record.published.year * 12 + record.published.month - 1


def key_of(record: Placed) -> str:
    return list_key(record.published, record.path)


def in_order(found: Iterable[P]) -> list[P]:
    """By place, then newest first."""
    newest_first = sorted(found, key=key_of, reverse=True)
    return sorted(newest_first, key=lambda record: record.place)


encode = msgspec.msgpack.Encoder().encode
_DECODER = msgspec.msgpack.Decoder(SearchRecord)
decode = _DECODER.decode


def make_record(group: Group, entry: SearchEntry, recorder: Recorder) -> bytes:
    full: Full = recorder.ask(DocumentFull(entry.path))
    card, matter = full.card, full.matter
    names = [*_attachment_names(matter, card.path, recorder), *_linked_names(full.body, card.path, recorder)]
    numbers = tuple(number for number in (card.document_number, card.index_number) if number)
    record = SearchRecord(
        path=card.path,
        site=card.site.id,
        place=f"{card.site.id}/{card.column.id}",
        kind=card.kind,
        address=card.address,
        url=urls.absolute(group.sites[card.site.id].url, card.address),
        title=card.title,
        headings="\n".join(
            dict.fromkeys(
                part
                for part in (
                    card.subtitle,
                    *(h.text for h in full.body.headings),
                    *card.tags,
                    *matter.keywords,
                )
                if part
            )
        ),
        attachments="\n".join(dict.fromkeys(names)),
        text="\n".join(part for part in (_words(full.body), *_front_matter_texts(matter)) if part),
        numbers=numbers,
        number=numbers[0] if numbers else "",
        published=card.published,
        expired=full.expired,
        summary=card.summary,
    )
    return encode(record)


def _words(body: Body) -> str:
    return plain("".join(part if isinstance(part, str) else getattr(part, "alt", "") for part in body.parts))


def plain(markup: str) -> str:
    """The words of a text, a line for each block."""
    lines = _BLOCK_END.sub("\n", markup.replace("↩", ""))
    plain = _SPACES.sub(" ", html.unescape(_TAG.sub("", lines)))
    return _BREAKS.sub("\n", plain).strip()


def _attachment_names(matter: FrontMatter, path: str, recorder: Recorder) -> Iterator[str]:
    yield from _file_names((resolve(path, written) for written in matter.attachments), recorder)


def _linked_names(body: Body, path: str, recorder: Recorder) -> Iterator[str]:
    targets = (part.target for part in body.parts if isinstance(part, LinkRef))
    found = (resolve(path, target) for target in targets if not target.endswith(SUFFIX))
    yield from _file_names(found, recorder)


def _file_names(paths: Iterable[str | None], recorder: Recorder) -> Iterator[str]:
    for path in paths:
        if path and isinstance(recorder.ask(File(path)), FileFacts):
            yield path.rpartition("/")[2]


def _front_matter_texts(matter: FrontMatter) -> Iterator[str]:
    """What a page shows of its front matter besides title and text."""
    if service := matter.service:
        for name in service.__struct_fields__:
            yield from getattr(service, name)
    if matter.interview:
        yield from (*matter.interview.guests, matter.interview.host, matter.interview.place)
    if matter.consultation:
        yield matter.consultation.contact
    if matter.survey:
        for question in matter.survey.results:
            yield question.question
            yield from (answer.label for answer in question.answers)
    if letter := matter.letter:
        yield from (letter.question, letter.category, letter.replier)
