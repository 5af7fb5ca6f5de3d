"""Many short texts as one row of bytes, so that no Python code runs for each of them."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray


class Pieces(msgspec.Struct, frozen=True):
    """Texts that lie one after the other in `row`; `sizes` in bytes, `ends[i]` where text i ends."""

    row: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, row: bytes | NDArray[np.uint8], sizes: NDArray[np.int64]) -> "Pieces":
        return cls(np.frombuffer(row, dtype=np.uint8), sizes, np.cumsum(sizes))

    @classmethod
    def alike(cls, text: bytes, count: int) -> "Pieces":
        """`count` times the same text."""
        return cls.of(text * count, np.full(count, len(text), dtype=np.int64))

    def __getitem__(self, at: int) -> bytes:
        return self.row[self.ends[at] - self.sizes[at] : self.ends[at]].tobytes()

    def replace(self, others: Mapping[int, bytes]) -> "Pieces":
        """The same with `others` in their places."""
        if not others:
            return self
        sizes = self.sizes.copy()
        parts = []
        done = 0
        for at, text in sorted(others.items()):
            parts += [self.row[done : self.ends[at] - sizes[at]].tobytes(), text]
            done = int(self.ends[at])
            sizes[at] = len(text)
        return Pieces.of(b"".join([*parts, self.row[done:].tobytes()]), sizes)


def interleaved(columns: Sequence[Pieces]) -> bytes:
    """The first text of each column, then the second of each, and so on, in one row."""
    sizes = np.stack([column.sizes for column in columns], axis=1)
    owners = np.repeat(np.tile(np.arange(len(columns), dtype=np.uint8), len(sizes)), sizes.ravel())
    row = np.empty(len(owners), dtype=np.uint8)
    for owner, column in enumerate(columns):
        row[owners == owner] = column.row
    return row.tobytes()
