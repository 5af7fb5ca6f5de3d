"""What results show of documents: packs of title, address, date and text, as the browser fetches them (docs/search.md)."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gen.render.records import SearchRecord
from gen.search import words

NAME_LENGTH = 16
EXPIRED = 1
SUFFIX = ".js"
PART_CHARS = 1_600
"""Of a long text: how much of it is loaded at a time."""
SLACK = 1.2
"""A pack may become so many times as large as asked for, so that a document fits in whole."""
BLOCK = 1 << 19
"""About so many characters of text are coded at once; bounds the memory."""


def script(name: str, data: bytes) -> bytes:
    """A data file: a call that hands `data` (JSON) to whoever waits for `name`."""
    return (
        b'genSearch("'
        + name.encode()
        + b'",'
        + data.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")
        + b")\n"
    )


def pack_entry(record: SearchRecord, shown: Sequence[str]) -> list[object]:
    """What results show of a document; `shown` are its `texts_of`, coded."""
    day = record.published.date().isoformat()
    flags = EXPIRED if record.expired else 0
    return [shown[0], record.address, day, record.number, flags, shown[1], len(shown) - 2]


def plain_entry(record: SearchRecord) -> list[object]:
    """The same without any segment's words."""
    return pack_entry(record, words.code(texts_of(record), words.PLAIN))


def texts_of(record: SearchRecord) -> list[str]:
    """What of a document is coded: its title and the parts of its text."""
    return [record.title, *parts_of(record)]


def parts_of(record: SearchRecord) -> list[str]:
    """A document's text as results show it, cut at line ends or sentences where it is long."""
    text = "\n".join(part for part in (record.text, record.attachments) if part) or record.summary
    parts = []
    while len(text) > PART_CHARS:
        end = max(text.rfind(mark, PART_CHARS // 2, PART_CHARS) for mark in "\n。！？")
        end = end + 1 if end >= 0 else PART_CHARS
        parts.append(text[:end])
        text = text[end:]
    return [*parts, text]


class Coded(msgspec.Struct, frozen=True):
    """A document and its `texts_of` in the words of its segment."""

    ordinal: int
    record: SearchRecord
    texts: list[str]


def coded(records: Iterable[SearchRecord], known: words.Words) -> Iterator[Coded]:
    """All documents, some at a time."""
    waiting: list[tuple[SearchRecord, list[str]]] = []
    size = done = 0
    for record in records:
        waiting.append((record, texts_of(record)))
        size += len(record.text)
        if size >= BLOCK:
            yield from _coded(waiting, done, known)
            done += len(waiting)
            waiting, size = [], 0
    yield from _coded(waiting, done, known)


def _coded(
    waiting: Sequence[tuple[SearchRecord, list[str]]], first: int, known: words.Words
) -> Iterator[Coded]:
    found = iter(words.code([text for _, texts in waiting for text in texts], known))
    for ordinal, (record, texts) in enumerate(waiting, first):
        yield Coded(ordinal, record, [next(found) for _ in texts])


def packed(documents: Iterable[Coded], chars: int) -> Iterator[list[Coded]]:
    """The documents of each pack, of about `chars` characters; of 0, one each."""
    pack: list[Coded] = []
    size = 0
    for one in documents:
        length = len(one.texts[0]) + len(one.texts[1])
        if pack and (size + length > chars * SLACK or size >= chars):
            yield pack
            pack, size = [], 0
        pack.append(one)
        size += length
    if pack:
        yield pack
