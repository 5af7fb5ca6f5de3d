"""Whatever is done to a group, its searches answer as if all were made anew; and merged they are the same bytes."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gen.build import Options, index_all
from gen.config.resolve import load_group
from gen.errors import GenError
from gen.search import commonness, segment, tails, update
from gen.search.engine import WhooshEngine
from gen.workspace import engine_path
from tests import groups
from tests.groups import Folder, difference
from tests.property import edits
from tests.property.edits import Model, Pick
from tests.search.test_client import Client
from tests.search.test_twins import Answer, Asked, ask_client, ask_engine

pytestmark = pytest.mark.usefixtures("small_blocks", "small_segments")

Edit = Callable[[Model, Pick], None]
DOCUMENTS: tuple[Edit, ...] = edits.DOCUMENT_EDITS
ALL: tuple[Edit, ...] = (*DOCUMENTS, *edits.CONFIG_EDITS)
QUERIES = (
    "新文",
    "开学",
    "通知",
    "放假 学校",
    "正文",
    "篇",
    "又1",
    "改题",
    "附件",
    "f.txt",
    "G00180",
    "词",
    "县里修路开学",
    "节2",
)


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dozen documents are in several segments, long lists and packs."""
    monkeypatch.setattr(update, "SMALL", 1)
    monkeypatch.setattr(update, "GROWTH", 2)
    monkeypatch.setattr(segment, "SHARD_CHARS", (400, 400))
    monkeypatch.setattr(segment, "PACK_CHARS", (30, 30))
    monkeypatch.setattr(commonness, "LEAST", 2)
    monkeypatch.setattr(tails, "LONG_LIST", 6)
    monkeypatch.setattr(tails, "INLINE", 3)


@dataclass
class Edited:
    """A group that a random editor changes; what would break a site is taken back."""

    root: Path
    seed: int
    model: Model = field(default_factory=Model.start)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.folder = Folder(self.root, self.model.files())
        self.folder.build()

    def edit(self, kinds: Sequence[Edit]) -> None:
        before = self.model.copy()
        try:
            self.random.choice(kinds)(self.model, Pick(self.random.choice))
            self.folder.become(self.model.files())
            broken = bool(self.folder.build().failed)
        except GenError:
            broken = True
        if broken:
            self.model = before
            self.folder.become(self.model.files())
            assert not self.folder.build().failed

    def queries(self) -> list[str]:
        """Those above, and phrases of documents."""
        texts = [doc.body for doc in self.model.docs.values()]
        texts += [str(doc.matter.get("title")) for doc in self.model.docs.values()]
        found = list(QUERIES)
        for text in self.random.sample(texts, 6):
            start = self.random.randrange(max(1, len(text) - 4))
            found.append(text[start : start + self.random.choice((2, 3, 5))])
        return found

    def merge(self) -> None:
        index_all(Options(self.folder.root, self.folder.out, groups.NOW, merge=True))


def answers(folder: Folder, queries: Sequence[str]) -> Iterator[tuple[str, Asked, Answer]]:
    """What Whoosh and the client say of each query: whose index, what was asked, the answer."""
    group = load_group(folder.root)
    with closing(WhooshEngine(engine_path(folder.root, "state"), group)) as engine:
        yield from ((f"whoosh {one}", one, ask_engine(engine, one)) for one in _asked(queries))
    for owner in sorted(group.sites):
        with closing(Client(folder.out / owner / "search")) as client:
            yield from ((f"{owner} {one}", one, ask_client(client, owner, one)) for one in _asked(queries))


def _asked(queries: Sequence[str]) -> Iterator[Asked]:
    for query in queries:
        yield Asked(query)
        yield Asked(query, sort="date")
        yield Asked(query, page=2)


def compare(edited: Edited, *, merge: bool) -> None:
    """Answers must be equal; when all has been merged, the bytes."""
    queries = edited.queries()
    with tempfile.TemporaryDirectory(prefix="gen-clean-") as place:
        clean = Folder(Path(place) / "root", edited.model.files())
        assert not clean.build().failed
        for mine, other in zip(answers(edited.folder, queries), answers(clean, queries), strict=True):
            assert mine == other
        if merge:
            edited.merge()
            assert edited.folder.tree() == clean.tree(), difference(edited.folder.tree(), clean.tree())


def check(root: Path, seed: int, steps: Sequence[Sequence[Edit]]) -> None:
    edited = Edited(root, seed)
    for place, kinds in enumerate(steps, 1):
        edited.edit(kinds)
        if place % 6 == 0 and place < len(steps):
            compare(edited, merge=False)
    compare(edited, merge=True)
    edited.edit(DOCUMENTS)
    compare(edited, merge=False)


_steps = st.lists(st.sampled_from((DOCUMENTS, DOCUMENTS, ALL)), min_size=1, max_size=12)


@settings(max_examples=4, phases=(Phase.explicit, Phase.generate))  # to shrink would take minutes
@given(seed=st.integers(0, 10_000), steps=_steps)
def test_search_after_any_edits_is_that_of_a_clean_build(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: list[Sequence[Edit]]
) -> None:
    check(tmp_path_factory.mktemp("search") / "root", seed, steps)


@pytest.mark.slow
@settings(settings.get_profile("thorough"))
@given(seed=st.integers(0, 1_000_000), steps=_steps)
def test_search_after_very_many_edits_is_that_of_a_clean_build(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: list[Sequence[Edit]]
) -> None:
    check(tmp_path_factory.mktemp("search") / "root", seed, steps)


@pytest.mark.slow
@pytest.mark.parametrize("edit", dict.fromkeys(ALL))
def test_search_after_edits_of_one_kind_is_that_of_a_clean_build(tmp_path: Path, edit: Edit) -> None:
    check(tmp_path / "root", 5, [[edit]] * 3)


def test_another_hub_has_all_documents_and_the_old_one_only_its_own(tmp_path: Path) -> None:
    edited = Edited(tmp_path / "root", 1)
    for hub in ("edu", "hub"):
        edited.model.config["group"]["hub"] = hub
        edited.folder.become(edited.model.files())
        assert not edited.folder.build().failed
        compare(edited, merge=hub == "hub")


def test_index_of_a_site_that_is_gone_or_comes_back_is_that_of_a_clean_build(tmp_path: Path) -> None:
    edited = Edited(tmp_path / "root", 1)
    sites = edited.model.config["sites"]
    for kept in (sites[:2] + sites[3:], sites):
        edited.model.config["sites"] = kept
        edited.folder.become(edited.model.files())
        assert not edited.folder.build().failed
        compare(edited, merge=kept is sites)


def test_search_of_the_hub_still_works_while_a_site_is_broken_and_keeps_its_output(tmp_path: Path) -> None:
    """Its documents are still found, though the column they lie in is no more."""
    edited = Edited(tmp_path / "root", 1)
    edited.model.config["sites"][2]["columns"] = {"notices": None}
    edited.folder.become(edited.model.files())
    assert edited.folder.build().failed == {"jtj"}
    found = {
        (name.split()[0], answer.total)
        for name, asked, answer in answers(edited.folder, ["封路"])
        if asked.page == 1
    }
    assert {("whoosh", 1), ("hub", 1), ("jtj", 1), ("edu", 0), ("xiu", 0)} == found
