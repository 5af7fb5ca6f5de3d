"""Values travel; paths become those of the other machine."""

from pathlib import Path

import pytest

from gen.cluster.depot import Depot
from gen.cluster.parcels import DATABASE, ROOT, Packer, fetch_folder, ship_folder, unpack
from tests.groups import tree

HERE = {DATABASE: Path("/here/.gen/state.sqlite"), "out": Path("/here/out"), ROOT: Path("/here")}
THERE = {DATABASE: Path("/tmp/a.sqlite"), "out": Path("/tmp/out"), ROOT: Path("/srv/tree")}


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/here/content", "/srv/tree/content"),
        ("/here", "/srv/tree"),
        ("/here/.gen/state.sqlite", "/tmp/a.sqlite"),
        ("/here/out/edu/search", "/tmp/out/edu/search"),
    ],
)
def test_a_path_becomes_the_same_place_elsewhere(here: str, there: str) -> None:
    assert unpack(Packer(HERE).pack(("x", [Path(here)])), THERE.__getitem__) == ("x", [Path(there)])


def test_only_the_places_that_are_needed_are_looked_for() -> None:
    asked: list[str] = []

    def find(name: str) -> Path:
        asked.append(name)
        return THERE[name]

    unpack(Packer(HERE).pack((HERE["out"], 5)), find)
    assert asked == ["out"]


def test_relative_paths_are_known_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    packed = Packer({ROOT: Path()}).pack(Path("content"))
    assert unpack(packed, THERE.__getitem__) == Path("/srv/tree/content")


def test_a_path_of_one_machine_only_does_not_travel() -> None:
    with pytest.raises(ValueError, match="/elsewhere"):
        Packer(HERE).pack(Path("/elsewhere"))


def test_a_folder_travels_with_its_files_and_is_gone_where_it_was(tmp_path: Path) -> None:
    depot = Depot("memory://parcels", "group")
    files = {"a": b"1", "inner/b": b"2" * 100}
    for name, data in files.items():
        path = tmp_path / "there" / "edu" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "here" / "edu").mkdir(parents=True)
    (tmp_path / "here" / "edu" / "old").touch()
    packer = Packer({"out": tmp_path / "there"}, lambda folder: ship_folder(depot, folder))
    packed = packer.pack((tmp_path / "there", tmp_path / "there" / "edu"))
    found = unpack(packed, lambda _: tmp_path / "here", lambda refs, to: fetch_folder(depot, refs, to))
    assert found == (tmp_path / "here", tmp_path / "here" / "edu")
    assert tree(tmp_path / "here") == {f"edu/{name}": data for name, data in files.items()}
    assert not tree(tmp_path / "there")
