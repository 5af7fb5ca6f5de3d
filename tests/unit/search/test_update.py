"""Indexes under edits: few segments, little work, no trace of what may no longer be read, and the clean bytes after a merge."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from gen import index
from gen.config.resolve import load_group
from gen.database import open_database, transaction
from gen.index import Indexed, Place
from gen.render import records
from gen.render.records import SearchRecord
from gen.search import update, vlq
from gen.search.engine import WhooshEngine
from gen.search.state import TABLES, Kept, SearchState
from gen.search.update import GROWTH, SMALL
from gen.workers import Local
from tests import groups
from tests.groups import Config, Files, difference, tree

OWN = ("hub", "edu", "jtj", "xiu")


def record(path: str, title: str, text: str = "", **more: Any) -> SearchRecord:
    """A document as the search sees it: `path` is `<site>/<column>/<name>.md`."""
    site, column, name = path.removesuffix(".md").split("/")
    numbers = tuple(more.pop("numbers", ()))
    given: dict[str, Any] = {
        "kind": column if column in ("notices", "policies") else "news",
        "headings": "",
        "attachments": "",
        "published": datetime(2026, 1, 2),
        "expired": False,
        "summary": "",
        **more,
    }
    return SearchRecord(
        path=path,
        site=site,
        place=f"{site}/{column}",
        address=f"{column}/{name}.html",
        url=f"https://{site}.test/{column}/{name}.html",
        title=title,
        text=text,
        numbers=numbers,
        number=numbers[0] if numbers else "",
        **given,
    )


class Shelf:
    """A group's indexes over records that are given, without pages: a state, an output folder, a Whoosh index."""

    def __init__(self, folder: Path, settings: Config | None = None, owners: Sequence[str] = OWN) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "sites.yaml").write_bytes(groups.dump(settings or groups.config()))
        self.group = load_group(folder)
        self.out = folder / "out"
        self.place = Place(
            self.out, folder, folder / "state.sqlite", folder / "engine", crew=Local(1), local=True
        )
        self.connection = open_database(self.place.database, "1", TABLES).connection
        self.state = SearchState(self.connection)
        self.held: dict[str, SearchRecord] = {}
        self.owners = owners

    def close(self) -> None:
        self.connection.close()

    def take(self, *found: SearchRecord, gone: Sequence[str] = (), merge: bool = False) -> Indexed:
        """One build: these records are new or changed, those of `gone` no more."""
        with transaction(self.connection):
            for one in found:
                self.held[one.path] = one
                self.state.put_records(one.site, {one.path: records.encode(one)}, {one.site, self.group.hub})
            for path in gone:
                del self.held[path]
                site = path.split("/")[0]
                self.state.drop_records(site, [path], {site, self.group.hub})
        return index.refresh(
            self.place, self.connection, self.group, self.owners, lambda *_: None, merge=merge
        )

    def tree(self) -> Files:
        return tree(self.out)

    def engine(self) -> WhooshEngine:
        return WhooshEngine(self.place.engine, self.group)

    def segments(self, owner: str = "hub") -> list[Kept]:
        return self.state.segments(owner)


def clean(folder: Path, found: Mapping[str, SearchRecord]) -> Files:
    """What a machine makes of these records that has never seen them."""
    shelf = Shelf(folder)
    shelf.take(*found.values())
    shelf.close()
    return shelf.tree()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf")


def many(count: int, column: str = "edu/news") -> list[SearchRecord]:
    return [
        record(f"{column}/m{number:04}.md", f"第{number}号题", f"内容{number}。") for number in range(count)
    ]


def manifest(files: Files, owner: str) -> dict[str, Any]:
    text = files[f"{owner}/search/index.js"].decode()
    found = re.fullmatch(r'genSearch\("index",(.*)\)\n', text, re.DOTALL)
    assert found
    value: dict[str, Any] = json.loads(found[1])
    return value


def named(files: Files, owner: str) -> set[str]:
    """The files that an index's manifest leads to."""
    value = manifest(files, owner)
    table, firsts = value["table"]
    names = {f"{owner}/search/{name}.js" for name in ("index", *(f"{table}-{n}" for n in range(len(firsts))))}
    folders = tuple(f"{owner}/search/{one['id']}/" for one in value["segments"])
    return names | {path for path in files if path.startswith(folders or ("\0",))}


# ---- segments ----


def test_documents_that_come_at_once_are_one_segment_of_each_index(shelf: Shelf) -> None:
    done = shelf.take(*many(3), *many(2, "jtj/news"))
    assert done.documents == 3 + 2 + 5
    assert {owner: [one.documents for one in shelf.segments(owner)] for owner in OWN} == {
        "hub": [5],
        "edu": [3],
        "jtj": [2],
        "xiu": [],
    }
    assert shelf.take().documents == 0


def test_index_is_left_alone_by_what_it_does_not_hold(shelf: Shelf) -> None:
    shelf.take(*many(3), *many(2, "jtj/news"))
    before = shelf.tree()
    shelf.take(record("edu/news/m0001.md", "改"))
    after = shelf.tree()
    jtj = {path for path in before if path.startswith("jtj/")}
    assert all(before[path] == after[path] for path in jtj)


def test_edit_of_a_large_index_makes_a_small_segment(shelf: Shelf) -> None:
    shelf.take(*many(SMALL * GROWTH))
    done = shelf.take(record("edu/news/m0007.md", "改过的题", "改过的内容"))
    assert done.documents == 2, "in its site's index and in the hub's"
    whole = SMALL * GROWTH
    assert [(one.documents, one.live) for one in shelf.segments()] == [(whole, whole - 1), (1, 1)]
    value = manifest(shelf.tree(), "hub")
    assert value["live"] == whole
    assert [one["docs"] for one in value["segments"]] == [whole, 1]


def test_small_segments_are_always_merged_with_newer_ones(shelf: Shelf) -> None:
    shelf.take(*many(SMALL - 1))
    shelf.take(record("edu/news/new.md", "新"))
    assert [one.documents for one in shelf.segments()] == [SMALL]
    shelf.take(record("edu/news/newer.md", "新"))
    assert [one.documents for one in shelf.segments()] == [SMALL, 1]


def test_segment_takes_in_newer_ones_until_it_is_several_times_their_size(shelf: Shelf) -> None:
    shelf.take(*many(SMALL * GROWTH))
    shelf.take(*many(SMALL, "jtj/news"))
    assert [one.documents for one in shelf.segments()] == [SMALL * GROWTH, SMALL]
    shelf.take(*many(GROWTH + 1, "xiu/news"))
    assert [one.documents for one in shelf.segments()] == [SMALL * GROWTH + SMALL + GROWTH + 1]


@pytest.mark.parametrize("edits", [60, pytest.param(300, marks=pytest.mark.slow)])
def test_segments_stay_few_and_work_small_over_many_edits(tmp_path: Path, edits: int) -> None:
    """A document is written anew a few times at most, however many edits follow its own."""
    shelf, random = Shelf(tmp_path / "shelf", owners=["edu"]), Random(5)
    shelf.take(*many(1000))
    most = written = 0
    for number in range(edits):
        path = random.choice((f"edu/news/n{number}.md", f"edu/news/m{random.randrange(1000):04}.md"))
        done = shelf.take(record(path, f"改{number}", f"内容{number}"))
        segments = shelf.segments("edu")
        assert done.documents == segments[-1].documents
        assert sum(one.live for one in segments) == len(shelf.held)
        most = max(most, len(segments))
        written += done.documents
    assert most <= 3
    assert written < edits * 60


def test_segment_of_edited_documents_is_made_anew_when_few_are_left(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dead documents are no heap that grows for ever."""
    monkeypatch.setattr(update, "SMALL", 10)
    found = many(40)
    shelf.take(*found)
    for one in found:
        shelf.take(msgspec.structs.replace(one, text="全改"))
        assert sum(held.documents for held in shelf.segments("edu")) <= 2 * len(found)


# ---- files ----


def test_nothing_lies_there_that_no_manifest_names_and_nothing_named_is_missing(shelf: Shelf) -> None:
    random = Random(3)
    shelf.take(*many(150))
    for number in range(25):
        gone = random.sample(sorted(shelf.held), random.choice((0, 0, 1, 3)))
        changed = [path for path in random.sample(sorted(shelf.held), 2) if path not in gone]
        shelf.take(
            *(record(path, f"改{number}", "长文。" * random.choice((1, 2000))) for path in changed), gone=gone
        )
        files = shelf.tree()
        assert set(files) == set().union(*(named(files, owner) for owner in OWN))
        for owner in OWN:
            assert set(files) >= {f"{owner}/search/{name}" for name in shelf.state.files(owner)}
            value = manifest(files, owner)
            for one in value["segments"]:
                pack = len([1 for name in files if name.startswith(f"{owner}/search/{one['id']}/p")])
                gone_packs = sum(not name for name in one["packs"].values())
                head = files[f"{owner}/search/{one['id']}/head.js"]
                packs = json.loads(head[head.index(b",") + 1 : -2])["packs"]
                assert pack + gone_packs == len(vlq.decode(packs)), "each pack once"


# ---- what may no longer be read ----


def holders(files: Files, *rare: str) -> list[str]:
    return [path for path, data in files.items() if any(word.encode() in data for word in rare)]


RARE = "饕餮貔貅"
SECRET = record("edu/news/secret.md", "魑魅", f"{RARE}的事。", numbers=["魍魉〔2026〕7号"])
TRACES = ("饕", "餮", "貔", "貅", "魑魅", "魍魉")


@pytest.mark.parametrize("before", [3, 150])
def test_document_that_is_no_more_leaves_no_trace(shelf: Shelf, before: int) -> None:
    shelf.take(*many(before), SECRET)
    shelf.take(*many(2, "jtj/news"))
    assert holders(shelf.tree(), *TRACES)
    shelf.take(gone=[SECRET.path])
    assert not holders(shelf.tree(), *TRACES)
    assert not holders(tree(shelf.place.engine), *TRACES)


def test_document_that_was_edited_before_leaves_no_trace_of_any_version(shelf: Shelf) -> None:
    shelf.take(*many(150), SECRET)
    shelf.take(msgspec.structs.replace(SECRET, title="另题", text="另文。", numbers=(), number=""))
    assert [one.documents for one in shelf.segments("edu")] == [151, 1]
    shelf.take(gone=[SECRET.path])
    assert not holders(shelf.tree(), *TRACES)


def test_document_that_moved_leaves_no_trace_at_its_old_place(shelf: Shelf) -> None:
    shelf.take(*many(150), SECRET)
    moved = msgspec.structs.replace(
        SECRET, path="jtj/news/s.md", site="jtj", place="jtj/news", address="news/s.html"
    )
    shelf.take(moved, gone=[SECRET.path])
    files = shelf.tree()
    assert not holders({path: data for path, data in files.items() if path.startswith("edu/")}, *TRACES)
    assert holders(files, *TRACES)
    assert not holders(files, "secret")


def test_text_that_was_edited_stands_in_no_pack_any_more(shelf: Shelf) -> None:
    long = msgspec.structs.replace(SECRET, text=f"{RARE}的事。" * 3000)
    shelf.take(*many(150), long)
    shelf.take(msgspec.structs.replace(SECRET, title="另题", text="另文。", numbers=(), number=""))
    assert len(shelf.segments("edu")) == 2
    assert not holders(shelf.tree(), RARE, "魍魉〔2026〕7号")


def test_pack_without_living_documents_is_gone(shelf: Shelf) -> None:
    chars = [chr(code) for code in range(0x4E00, 0x9000)]
    texts = ["".join(Random(number).choices(chars, k=1500)) for number in range(150)]
    found = [record(f"edu/news/m{number}.md", f"题{number}", text) for number, text in enumerate(texts)]
    shelf.take(*found)
    shelf.take(record("edu/news/m7.md", "短"))
    (first, _) = manifest(shelf.tree(), "edu")["segments"]
    assert list(first["packs"].values()) == [""]
    (gone,) = first["packs"]
    assert f"edu/search/{first['id']}/p{gone}.js" not in shelf.tree()


# ---- law: results equal, bytes equal after a merge ----


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_merged_index_is_the_clean_one_byte_for_byte(tmp_path: Path, seed: int) -> None:
    shelf, random = Shelf(tmp_path / "shelf"), Random(seed)
    shelf.take(*many(130), *many(30, "jtj/news"))
    for number in range(12):
        gone = random.sample(sorted(shelf.held), random.choice((0, 1, 5)) if number < 10 else 0)
        paths = [path for path in random.sample(sorted(shelf.held), 4) if path not in gone]
        paths.append(f"xiu/news/x{number}.md")
        shelf.take(
            *(record(path, f"改{number}", "字" * random.choice((1, 4000))) for path in paths), gone=gone
        )
    assert len(shelf.segments()) > 1
    shelf.take(merge=True)
    expected = clean(tmp_path / "clean", dict(random.sample(sorted(shelf.held.items()), len(shelf.held))))
    assert shelf.tree() == expected, difference(shelf.tree(), expected)
    again = shelf.take(merge=True)
    assert (again.documents, again.written_files) == (0, 0)


def test_segments_without_dead_documents_are_merged_too(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    shelf.take(*many(SMALL * GROWTH))
    shelf.take(record("edu/news/new.md", "新"))
    assert len(shelf.segments()) == 2
    shelf.take(merge=True)
    assert len(shelf.segments()) == 1
    assert shelf.tree() == clean(tmp_path / "clean", shelf.held)


def test_segment_and_file_names_are_those_of_their_contents(tmp_path: Path) -> None:
    one, other = Shelf(tmp_path / "a"), Shelf(tmp_path / "b")
    one.take(*many(5))
    other.take(*many(6))
    other.take(gone=["edu/news/m0005.md"])
    assert one.tree() == other.tree()


def test_segment_is_made_anew_once_its_newest_document_is_so_much_older_that_months_count_which_it_lacks(
    shelf: Shelf, tmp_path: Path
) -> None:
    def dated(name: str, year: int, month: int) -> SearchRecord:
        return record(f"edu/news/{name}.md", "题", published=datetime(year, month, 2))

    shelf.take(
        *(dated(f"old{month}", 2024, month) for month in range(1, 13)), *many(30), dated("slip", 2027, 12)
    )
    before = shelf.segments("edu")
    shelf.take(dated("slip", 2026, 12))
    assert [one.id for one in shelf.segments("edu")][:1] == [one.id for one in before], "a year is spare"
    shelf.take(dated("slip", 2026, 11))
    assert len(shelf.segments("edu")) == 1
    assert shelf.tree() == clean(tmp_path / "clean", shelf.held)


def test_last_document_of_an_index_goes(shelf: Shelf) -> None:
    shelf.take(*many(1))
    shelf.take(gone=["edu/news/m0000.md"])
    value = manifest(shelf.tree(), "edu")
    assert (value["live"], value["newest"], value["segments"]) == (0, 0, [])
    assert set(shelf.tree()) == set().union(*(named(shelf.tree(), owner) for owner in OWN))
