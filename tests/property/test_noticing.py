"""Whatever way changes reach the folder, through Git or past it, the output is that of the files there."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gen.outcome import Result
from gen.search import update
from tests import groups
from tests.groups import Files, Folder, clean_build, difference, document
from tests.property import edits
from tests.property.edits import Model, Pick

pytestmark = pytest.mark.usefixtures("small_blocks")

IGNORED = "content/edu/news/ignored.md"


@pytest.fixture(autouse=True)
def one_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change makes its indexes anew, so that whole trees can be compared; test_search.py has those in segments."""
    monkeypatch.setattr(update, "SMALL", 1_000_000)


class Checkout:
    """A group in a Git checkout, edited by a random editor who commits now and then."""

    def __init__(self, root: Path, seed: int) -> None:
        self.folder = Folder(root)
        self.random = Random(seed)
        self.model = Model.start()
        self.git("init", "-q")
        (root / ".gitignore").write_text(".gen/\n")

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=x", "-c", "user.email=x@x", "-c", "commit.gpgsign=false")
        command = ["git", *who, "-C", str(self.folder.root), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def edit(self) -> None:
        self.random.choice(edits.DOCUMENT_EDITS)(self.model, Pick(self.random.choice))
        self.folder.become(self.model.files())

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def there(self) -> Files:
        """What Git knows or would add."""
        names = self.git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        places = {name: self.folder.root / name for name in names if name and not name.startswith(".")}
        return {name: place.read_bytes() for name, place in places.items() if place.is_file()}

    def compare(self, result: Result | None = None) -> None:
        result = result or self.folder.build()
        clean, expected = clean_build(self.there())
        assert result.failed == clean.failed
        if not result.failed:
            assert self.folder.tree() == expected, difference(self.folder.tree(), expected)


def _leave_dirty(checkout: Checkout) -> None:
    checkout.edit()


def _commit(checkout: Checkout) -> None:
    checkout.edit()
    checkout.commit()


def _stage(checkout: Checkout) -> None:
    checkout.edit()
    checkout.git("add", "-A")


def _throw_away(checkout: Checkout) -> None:
    """Edits are taken back with Git's own means, whatever was built of them."""
    checkout.edit()
    checkout.folder.build()
    checkout.git("reset", "-q", "--hard")
    checkout.git("clean", "-fdq", "content")
    _take_over(checkout)


def _go_back(checkout: Checkout) -> None:
    _commit(checkout)
    checkout.folder.build()
    checkout.git("checkout", "-q", "HEAD~1")
    _take_over(checkout)


def _ignore(checkout: Checkout) -> None:
    """A file becomes ignored, or no longer is."""
    rule = checkout.folder.root / ".gitignore"
    checkout.model.docs[IGNORED.removeprefix("content/")] = edits.Doc(
        {"title": "忽略", "published": "2026-03-03"}, "x\n"
    )
    checkout.folder.become(checkout.model.files())
    rule.write_text(".gen/\n" if IGNORED in rule.read_text() else f".gen/\n{IGNORED}\n")


def _leave_git(checkout: Checkout) -> None:
    """Once built without Git, and then with it again."""
    hidden = checkout.folder.root / ".git"
    hidden.rename(checkout.folder.root.parent / "hidden")
    checkout.edit()
    checkout.folder.build()
    (checkout.folder.root.parent / "hidden").rename(hidden)


def _watch(checkout: Checkout) -> None:
    """Somebody saw which files changed."""
    before = dict(checkout.folder.files)
    checkout.edit()
    after = checkout.folder.files
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    checkout.compare(checkout.folder.build_watched(changed))


def _take_over(checkout: Checkout) -> None:
    """Lets the editor go on from what Git put there."""
    fresh = Model(
        other={path: data for path, data in checkout.there().items() if not path.startswith("content/")}
    )
    for path, data in checkout.there().items():
        if path.startswith("content/") and path.endswith(".md"):
            _, matter, body = data.decode().split("---\n", 2)
            fresh.docs[path.removeprefix("content/")] = edits.Doc(yaml.safe_load(matter) or {}, body)
        elif path.startswith("content/"):
            fresh.other[path] = data
    fresh.count = checkout.model.count
    checkout.model, checkout.folder.files = fresh, fresh.files()


STEPS = (_leave_dirty, _commit, _stage, _throw_away, _go_back, _ignore, _leave_git, _watch)


def _run(root: Path, seed: int, steps: list[Callable[[Checkout], None]]) -> None:
    checkout = Checkout(root, seed)
    checkout.commit()
    checkout.compare()
    for step in steps:
        step(checkout)
        checkout.compare()


_steps = st.lists(st.sampled_from(STEPS), min_size=2, max_size=5)


@settings(max_examples=6)
@given(seed=st.integers(0, 10_000), steps=_steps)
def test_git_tells_of_every_change(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: list[Callable[[Checkout], None]]
) -> None:
    _run(tmp_path_factory.mktemp("git") / "root", seed, steps)


@pytest.mark.slow
@settings(settings.get_profile("thorough"))
@given(seed=st.integers(0, 1_000_000), steps=_steps)
def test_git_tells_of_every_change_in_very_many_orders(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: list[Callable[[Checkout], None]]
) -> None:
    _run(tmp_path_factory.mktemp("git") / "root", seed, steps)


@pytest.mark.parametrize("step", STEPS)
def test_git_tells_of_a_change_of_this_kind(tmp_path: Path, step: Callable[[Checkout], None]) -> None:
    _run(tmp_path / "root", 7, [step, step, step])


def test_bytes_are_the_same_for_any_number_of_workers_order_of_files_and_time_stamps(tmp_path: Path) -> None:
    files = groups.group_files()
    expected = clean_build(files)[1]
    assert clean_build(files, jobs=2)[1] == expected
    assert clean_build(dict(reversed(files.items())))[1] == expected
    folder = Folder(tmp_path / "root", files)
    for number, path in enumerate(sorted(files)):
        os.utime(folder.root / path, (1_500_000_000 + number, 1_500_000_000 - number))
    folder.build()
    assert folder.tree() == expected


def test_a_folder_in_place_of_a_file_is_no_file(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "root", 1)
    checkout.folder.put({"content/edu/news/odd.md": document("怪", "2026-01-01")})
    checkout.commit()
    checkout.folder.build()
    checkout.folder.put({"content/edu/news/odd.md": None})
    checkout.folder.put({"content/edu/news/odd.md/x.md": document("怪", "2026-01-01")})
    result = checkout.folder.build()
    assert result.failed == clean_build(checkout.there())[0].failed


def test_a_name_that_is_no_utf_8_fails_its_site_until_it_is_gone(built: Folder) -> None:
    name = os.fsencode(built.root / "content/edu/news") + b"/\xd6\xd0.md"
    with open(name, "wb") as stream:
        stream.write(document("甲", "2026-01-01"))
    for _ in range(2):
        result = built.build()
        assert result.failed == {"edu"}
        assert [issue.code for issue in result.issues] == ["content.bad_name"]
    os.unlink(name)
    assert not built.build().issues
