"""The packs of a segment: which documents share one, and their texts in its words (docs/search.md)."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gen.render.records import SearchRecord
from gen.search import words
from gen.search.entries import texts_of

SLACK = 1.2
"""A pack may become so many times as large as asked for, so that a document fits in whole."""
BLOCK = 1 << 19
"""About so many characters of text are coded at once; bounds the memory."""


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
