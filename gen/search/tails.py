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
HUGE_LONG_LIST, HUGE_INLINE = 600, 200
"""The same in a huge segment: shards are what a query loads most of there."""
_LAST_GROUP = re.compile("[A-Za-f]")
"""What a number ends with."""
_AS_BITS, _BITS = "8", 6
"""Says that documents follow as bits, so many a character."""
_DENSE = 5
"""Bits take less than numbers if one in so many documents is there."""
ALPHABET = np.frombuffer(vlq.ALPHABET.encode(), dtype=np.uint8)
"""The byte of each digit of a number."""


class Tails:
    """The tails of a segment of so many documents. It is huge if `young` is given: how many go first as the newest."""

    def __init__(self, documents: int, young: int | None) -> None:
        self._documents = documents
        self._young = young
        self.long_list, self._inline = (LONG_LIST, INLINE) if young is None else (HUGE_LONG_LIST, HUGE_INLINE)
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
        the top level has a tail of its own, and so have the newest of the other documents; the number of the rest follows.
        """
        head, rest = _cut(text.decode(), self._inline)
        if not rest:
            return text
        if len(docs) * SHARE < self._documents:
            return f"{head}>{_number(self._tails, rest)}".encode()
        order = np.lexsort((docs, -levels.astype(np.int64)))[len(_LAST_GROUP.findall(head)) :]
        is_sure = levels[order] == TOP_LEVEL
        titles, others = order[is_sure], np.sort(order[~is_sure])
        if self._young is None:
            return f"{head}{self._tail(docs[titles], docs[others], levels[others])}".encode()
        is_new, none = docs[others] < self._young, others[:0]
        new, old = others[is_new], others[~is_new]
        parts = ((titles, none), (none, new), (none, old))
        name = head + "".join(self._tail(docs[sure], docs[plain], levels[plain]) for sure, plain in parts)
        return (f"{name}>{len(old)}" if len(others) else name).encode()

    def _tail(self, sure: NDArray[np.uint32], plain: NDArray[np.uint32], levels: NDArray[np.uint8]) -> str:
        """The name of a tail of documents that have the top level and of others, with that of the true levels of these."""
        text = self._group(TOP_LEVEL, sure) + self._group(COMMON_LEVEL, plain)
        name = f">{_number(self._tails, text)}" if text else ""
        if len(plain):
            each = (levels + ord("0")).astype(np.uint8).tobytes().decode()
            name += f"l{_number(self._levels, each)}"
        return name

    def _group(self, level: int, docs: NDArray[np.uint32]) -> str:
        """Documents of a level, ascending: a bit for each up to the last of them if they are many."""
        if not len(docs):
            return ""
        first, last = int(docs[0]), int(docs[-1])
        if len(docs) * _DENSE < last - first + 1:
            return f"{level}{vlq.gaps(docs.tolist())}"
        row = np.zeros((last // _BITS + 1) * _BITS, dtype=np.uint8)
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
