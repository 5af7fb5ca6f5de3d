"""Whoosh's own reader finds in a dictionary what was written a range at a time."""

from pathlib import Path
from zlib import crc32

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashReader

from gen.search import whoosh_terms
from gen.search.whoosh_terms import TermsWriter

keys = st.lists(st.binary(min_size=1, max_size=4), unique=True).map(sorted)


def test_every_key_is_found_and_no_other(tmp_path: Path) -> None:
    found = sorted({b"\0\0" + f"{number * 7}".encode() for number in range(3_000)})
    storage = FileStorage(str(tmp_path))
    writer = TermsWriter(storage.create_file("terms"))
    values = np.array([(number,) for number in range(len(found))], dtype=[("number", ">u4")])
    for start in range(0, len(found), 700):
        writer.add_range(found[start : start + 700], values[start : start + 700])
    writer.extras["fieldmap"] = {"terms": 0}
    writer.close()
    reader = OrderedHashReader(storage.open_file("terms"))
    assert reader.extras["fieldmap"] == {"terms": 0}
    assert [int.from_bytes(reader[key], "big") for key in found] == list(range(len(found)))
    assert list(reader.keys()) == found
    assert all(b"\0\0" + f"{number * 7 + 1}".encode() not in reader for number in range(3_000))
    assert reader.closest_key(b"\0\0" + b"7") == min(key for key in found if key >= b"\0\0" + b"7")
    reader.close()


@given(st.lists(st.integers(0, 5) | st.integers(0, 2**24 - 1), max_size=40))
def test_an_entry_lies_where_a_search_from_its_hash_meets_it(slots: list[int]) -> None:
    """Also where many have one hash, and behind the end of the table."""
    hashes = np.array([slot << 8 for slot in slots], dtype=np.uint32)
    places = np.arange(1, len(slots) + 1)
    table = whoosh_terms._table(hashes, places)
    assert len(table) == 2 * len(slots)
    for slot, place in zip(slots, places.tolist(), strict=True):
        at = slot % len(table)
        while table["place"][at] != place:
            assert table["place"][at], "a search ends at a free slot"
            at = (at + 1) % len(table)
        assert table["hash"][at] == slot << 8


@given(keys)
def test_keys_of_any_kind_come_back(found: list[bytes]) -> None:
    hashes = np.array([crc32(key) for key in found], dtype=np.uint32)
    table = whoosh_terms._table(hashes, np.arange(1, len(found) + 1))
    assert sorted(table["place"][table["place"] > 0].tolist()) == list(range(1, len(found) + 1))
