"""What results show of documents: packs of title, address, date and text, as the browser fetches them (docs/search.md)."""

from collections.abc import Iterable, Iterator

from gen.render.records import SearchRecord

NAME_LENGTH = 16
EXPIRED = 1
SUFFIX = ".js"
PART_CHARS = 3_000
"""Of a long text: how much of it is loaded at a time."""


def script(name: str, data: bytes) -> bytes:
    """A data file: a call that hands `data` (JSON) to whoever waits for `name`."""
    return (
        b'genSearch("'
        + name.encode()
        + b'",'
        + data.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")
        + b")\n"
    )


def pack_entry(record: SearchRecord) -> list[object]:
    """What results show of a document."""
    day = record.published.date().isoformat()
    parts = parts_of(record)
    return [
        record.title,
        record.address,
        day,
        record.number,
        EXPIRED if record.expired else 0,
        parts[0],
        len(parts) - 1,
    ]


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


def packed(records: Iterable[SearchRecord], chars: int) -> Iterator[list[tuple[int, SearchRecord]]]:
    """The documents of each pack, with their ordinals."""
    pack: list[tuple[int, SearchRecord]] = []
    size = 0
    for ordinal, record in enumerate(records):
        length = len(parts_of(record)[0]) + len(record.title)
        if pack and (size + length > chars * 1.2 or size >= chars):
            yield pack
            pack, size = [], 0
        pack.append((ordinal, record))
        size += length
    if pack:
        yield pack
