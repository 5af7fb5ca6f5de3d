"""The shared store gives back what was put in, or says that it can't."""

from pathlib import Path

import fsspec
import pytest

from gen.cluster import depot as module
from gen.cluster.depot import Depot, DepotError, Ref

STORE = "memory://depot"


@pytest.fixture
def depot() -> Depot:
    made = Depot(STORE, "group")
    made.prepare()
    return made


def test_what_is_put_is_got_until_it_is_dropped(depot: Depot) -> None:
    ref = depot.put(b"data")
    assert Depot(STORE, "group").get(ref) == b"data"
    depot.drop(ref)
    with pytest.raises(DepotError):
        depot.get(ref)


def test_what_was_changed_in_the_store_is_refused(depot: Depot) -> None:
    mine, other = depot.put(b"mine"), depot.put(b"other")
    with pytest.raises(DepotError, match="digest"):
        depot.get(Ref(other.name, mine.digest))
    fsspec.filesystem("memory").pipe_file(f"/depot/group/{mine.name}", b"no archive")
    with pytest.raises(DepotError):
        depot.get(mine)


def test_a_large_file_travels_in_pieces(
    depot: Depot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PIECE", 10)
    data = bytes(range(95))
    (tmp_path / "file").write_bytes(data)
    pieces = depot.put_file(tmp_path / "file")
    assert len(pieces) == 10
    depot.get_file(pieces, tmp_path / "new" / "copy")
    assert (tmp_path / "new" / "copy").read_bytes() == data


def test_a_file_that_lacks_a_piece_does_not_appear(depot: Depot, tmp_path: Path) -> None:
    with pytest.raises(DepotError):
        depot.get_file([depot.put(b"one"), Ref("two", "")], tmp_path / "copy")
    assert not list(tmp_path.iterdir())


def test_what_a_killed_build_left_goes_and_other_groups_stay(depot: Depot) -> None:
    left, other = depot.put(b"left"), Depot(STORE, "other").put(b"other")
    depot.prepare()
    with pytest.raises(DepotError):
        depot.get(left)
    assert Depot(STORE, "other").get(other) == b"other"
    depot.clear()


def test_bytes_are_counted_as_they_travel(depot: Depot) -> None:
    depot.get(depot.put(b"0" * 10_000))
    assert 0 < depot.bytes < 200


@pytest.mark.parametrize("url", ["nonsense://x", "file:///proc/here/nobody/can/write"])
def test_a_store_that_can_not_be_is_told(url: str) -> None:
    with pytest.raises(DepotError):
        Depot(url, "group").prepare()
