"""Long posting lists: the best part stays in the shard, the rest is a file that lists which go on alike share (docs/search.md)."""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gen.search import vlq
from gen.search.commonness import COMMON_LEVEL, SHARE
from gen.search.postings import TOP_LEVEL

LONG_LIST, INLINE = 2_000, 1_000
"""From how many characters on a posting list is cut, and how much of it then stays in its shard."""
HUGE = 50_000
"""Documents from which on a first page does without the tails of common terms."""
HUGE_LONG_LIST, HUGE_INLINE = 600, 200
"""The same in a segment of so many: shards are what a query loads most of there."""
_LAST_GROUP = re.compile("[A-Za-f]")
"""What a number ends with."""
_AS_BITS, _BITS = "8", 6
"""Says that documents follow as bits, so many a character."""
_DENSE = 5
"""Bits take less than numbers if one in so many documents is there."""
ALPHABET = np.frombuffer(vlq.ALPHABET.encode(), dtype=np.uint8)
"""The byte of each digit of a number."""


class Tails:
    """The tails of a segment of so many documents."""

    def __init__(self, documents: int) -> None:
        self._documents = documents
        self._is_huge = documents >= HUGE
        self.long_list, self._inline = (HUGE_LONG_LIST, HUGE_INLINE) if self._is_huge else (LONG_LIST, INLINE)
        """From how many characters on a list is cut, and how much of it then stays."""
        self._tails: dict[str, int] = {}
        self._levels: dict[str, int] = {}

    def files(self) -> Iterator[tuple[str, str]]:
        """All tails, and the levels of those that have none, under their names in the segment's folder."""
        for text, number in self._tails.items():
            yield f"t{number}", text
        for text, number in self._levels.items():
            yield f"l{number}", text

    def cut(self, text: bytes, docs: NDArray[np.uint32], levels: NDArray[np.uint8]) -> bytes:
        """What of a posting list stays in its shard, with the names of its tails; `text` is the list of `docs` and `levels`.

        A list that makes its term common, if the index is like the segment, has a tail without levels. In a huge segment
        the top level has a tail of its own, and the number of documents follows that of the rest.
        """
        head, rest = _cut(text.decode(), self._inline)
        if not rest:
            return text
        if len(docs) * SHARE < self._documents:
            return f"{head}>{_number(self._tails, rest)}".encode()
        order = np.lexsort((docs, -levels.astype(np.int64)))[len(_LAST_GROUP.findall(head)) :]
        is_sure = levels[order] == TOP_LEVEL
        sure, others = docs[order[is_sure]], np.sort(order[~is_sure])
        titles, plain = self._group(TOP_LEVEL, sure), self._group(COMMON_LEVEL, docs[others])
        tails = (titles, plain) if self._is_huge else (titles + plain,)
        name = head + "".join(f">{_number(self._tails, tail)}" for tail in tails if tail)
        if plain:
            each = (levels[others] + ord("0")).astype(np.uint8).tobytes().decode()
            name += f"l{_number(self._levels, each)}"
            if self._is_huge:
                name += f">{len(others)}"
        return name.encode()

    def _group(self, level: int, docs: NDArray[np.uint32]) -> str:
        """Documents of a level, ascending: a bit for each of the segment's if they are many."""
        if not len(docs):
            return ""
        if len(docs) * _DENSE < self._documents:
            return f"{level}{vlq.gaps(docs.tolist())}"
        row = np.zeros(-(-self._documents // _BITS) * _BITS, dtype=np.uint8)
        row[docs] = 1
        return f"{level}{_AS_BITS}{ALPHABET[row.reshape(-1, _BITS) @ (1 << np.arange(_BITS))].tobytes().decode()}"


def _number(known: dict[str, int], text: str) -> int:
    return known.setdefault(text, len(known))


def _cut(text: str, inline: int) -> tuple[str, str]:
    """A long list's best part, of about so many characters, and the rest of it."""
    end = _LAST_GROUP.search(text, inline - 1)
    if end is None or end.end() == len(text):
        return text, ""
    head, rest = text[: end.end()], text[end.end() :]
    if rest[0].isdigit():
        return head, rest
    level = next(place for place in range(len(head) - 1, -1, -1) if head[place].isdigit())
    first = _LAST_GROUP.search(rest)
    assert first is not None, "a number ends"
    gaps = vlq.decode(head[level + 1 :]) + vlq.decode(rest[: first.end()])
    return head, head[level] + vlq.encode([sum(gaps)]) + rest[first.end() :]
