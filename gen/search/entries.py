"""What results show of a document, and the form of data files (docs/search.md)."""

import re
from collections.abc import Sequence

from gen.render.records import SearchRecord

NAME_LENGTH = 16
EXPIRED = 1
SUFFIX = ".js"
PART_CHARS = 1_600
"""Of a long text: how much of it is loaded at a time."""
FIRST, END = 0x80, 0x800
"""Characters from the first on, below the second, stand for pairs in a segment's words; UTF-8 takes two bytes for each."""
KEPT = "\x7f"
"""Goes before a character below `END` that stands for itself."""
_OWN = re.compile(f"[{KEPT}-{chr(END - 1)}]")


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
    entry = [shown[0], record.address, day, record.number, flags, shown[1], len(shown) - 2]
    unseen = unseen_of(record)
    return [*entry, unseen] if unseen else entry


def plain_entry(record: SearchRecord) -> list[object]:
    """The same without any segment's words."""
    return pack_entry(record, [_OWN.sub(KEPT + r"\g<0>", text) for text in texts_of(record)])


def texts_of(record: SearchRecord) -> list[str]:
    """What of a document is coded: its title and the parts of its text."""
    return [record.title, *parts_of(record)]


def unseen_of(record: SearchRecord) -> str:
    """What a document is found by and neither its title nor its text shows: its subtitle, tags and keywords, where they don't."""
    shown = f"{record.title}\n{record.text}"
    return "\n".join(part for part in record.headings.split("\n") if part not in shown)


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
