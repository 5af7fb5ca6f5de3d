"""Whoosh's dictionary of terms, written a range of terms at a time. What Whoosh reads is its own format.

Its writer asks the disk for its place before each term, hashes by MD5 and fills hash tables one entry after the other.
"""

from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filetables import HashWriter, OrderedHashWriter
from whoosh.util.numlists import GrowableArray

from gen.search.rows import Pieces, interleaved

_CRC32 = 1
"""Whoosh's number for this hash."""
_TABLES = 256
_SIZES = np.dtype([("key", ">i4"), ("value", ">i4")])
_SLOT = np.dtype([("hash", ">u4"), ("place", ">u8")])


class TermsWriter(OrderedHashWriter):  # type: ignore[misc]  # whoosh3 types nothing here
    """Writes keys and values, and tables that find a key by its hash."""

    def __init__(self, file: Any) -> None:
        HashWriter.__init__(self, file, hashtype=_CRC32)
        self.index = GrowableArray("H")
        self._hashes: list[NDArray[np.uint32]] = []
        self._places: list[NDArray[np.int64]] = []

    def add_range(self, keys: Sequence[bytes], values: NDArray[Any]) -> None:
        """Adds rising `keys`, each with its row of `values`."""
        lengths = np.fromiter(map(len, keys), dtype=np.int64, count=len(keys))
        sizes = np.zeros(len(keys), dtype=_SIZES)
        sizes["key"], sizes["value"] = lengths, values.itemsize
        steps = lengths + (_SIZES.itemsize + values.itemsize)
        places = self.dbfile.tell() + np.cumsum(steps) - steps
        columns = (
            Pieces.of(sizes.tobytes(), np.full(len(keys), _SIZES.itemsize)),
            Pieces.of(b"".join(keys), lengths),
            Pieces.of(values.tobytes(), np.full(len(keys), values.itemsize)),
        )
        self.dbfile.write(interleaved(columns))
        self.index.extend(places.tolist())
        self._hashes.append(np.fromiter(map(crc32, keys), dtype=np.uint32, count=len(keys)))
        self._places.append(places)

    def _write_hashes(self) -> None:
        hashes = np.concatenate(self._hashes) if self._hashes else np.zeros(0, dtype=np.uint32)
        places = np.concatenate(self._places) if self._places else np.zeros(0, dtype=np.int64)
        numbers = hashes % _TABLES
        order = np.argsort(numbers, kind="stable")
        bounds = np.searchsorted(numbers[order], np.arange(_TABLES + 1)).tolist()
        for number in range(_TABLES):
            chosen = order[bounds[number] : bounds[number + 1]]
            table = _table(hashes[chosen], places[chosen])
            self.directory.append((self.dbfile.tell(), len(table)))
            self.dbfile.write(table.tobytes())


def _table(hashes: NDArray[np.uint32], places: NDArray[np.int64]) -> NDArray[Any]:
    """Twice as many slots as there are entries, each entry in the first free one from that of its hash on."""
    table = np.zeros(2 * len(hashes), dtype=_SLOT)
    if not len(hashes):
        return table
    wanted = ((hashes >> np.uint32(8)) % len(table)).astype(np.int64)
    order = np.argsort(wanted, kind="stable")
    numbers = np.arange(len(order))
    slots = np.maximum.accumulate(wanted[order] - numbers) + numbers
    fits = slots < len(table)
    table["hash"][slots[fits]], table["place"][slots[fits]] = hashes[order[fits]], places[order[fits]]
    free = iter(np.flatnonzero(table["place"] == 0).tolist())
    for entry in order[~fits].tolist():  # those that go on from the beginning
        slot = next(free)
        table["hash"][slot], table["place"][slot] = hashes[entry], places[entry]
    return table
