"""A build that is killed at any moment leaves nothing that the next one does not put right."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from gen.errors import GenError
from gen.search import update
from tests import groups
from tests.groups import Folder, clean_build, difference
from tests.property import edits
from tests.property.edits import Model, Pick

PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from gen.build import Options, build
from gen.plan import artifact
from gen.search import update
artifact.SITEMAP_BLOCK = artifact.FEED_LENGTH = 3
update.SMALL = 1_000_000
build(Options(Path(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3]), int(sys.argv[4])))
"""

pytestmark = pytest.mark.usefixtures("small_blocks")


@pytest.fixture(autouse=True)
def one_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change makes its indexes anew, so that whole trees can be compared; test_search.py has those in segments."""
    monkeypatch.setattr(update, "SMALL", 1_000_000)


def kill_builds(root: Path, seed: int, times: int) -> None:
    """Edits, and kills the build; sometimes takes the edits back; then builds in peace and compares."""
    random, model = Random(seed), Model.start()
    folder = Folder(root, model.files())
    start = time.monotonic()
    _start(folder, jobs=1).wait()
    full = time.monotonic() - start
    assert folder.tree()
    sound = model.copy()
    for _ in range(times):
        before = model.copy()
        for _ in range(random.randint(1, 3)):
            random.choice(
                (edits.add, edits.edit_field, edits.edit_tags, edits.edit_site, edits.edit_template)
            )(model, Pick(random.choice))
        folder.become(model.files())
        running = _start(folder, jobs=random.choice((1, 2)))
        time.sleep(random.uniform(full * 0.3, full))
        running.kill()
        running.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)  # its workers
        model = before if random.random() < 0.4 else model
        folder.become(model.files())
        if random.random() < 0.6:
            try:
                clean, expected = clean_build(model.files())
            except GenError:  # columns that collect from each other: no group to compare
                model = sound.copy()
                folder.become(model.files())
                continue
            sound = model.copy()
            result = folder.build()
            assert result.failed == clean.failed
            if not result.failed:
                assert folder.tree() == expected, difference(folder.tree(), expected)


def _start(folder: Folder, jobs: int) -> subprocess.Popen[bytes]:
    arguments = [str(folder.root), str(folder.out), groups.NOW.isoformat(), str(jobs)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )


def test_a_killed_build_is_made_good_by_the_next(tmp_path: Path) -> None:
    kill_builds(tmp_path / "root", seed=1, times=4)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_builds_killed_at_many_moments_are_made_good_by_the_next(tmp_path: Path, seed: int) -> None:
    kill_builds(tmp_path / "root", seed, times=12)


@pytest.mark.parametrize("edit", ["delete", "edit_site"])
def test_power_lost_at_any_moment_is_made_good_by_the_next(tmp_path: Path, edit: str) -> None:
    cut_everywhere(tmp_path, edit, every=40)


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    ["delete", "add", "edit_tags", "edit_share", "edit_site", "edit_template", "edit_column", "edit_collecting",
     "add_site", "remove_site", "remove_file", "delete,edit_site,edit_template"],
)  # fmt: skip
def test_power_lost_at_very_many_moments_is_made_good_by_the_next(tmp_path: Path, edit: str) -> None:
    cut_everywhere(tmp_path, edit, every=61)


def cut_everywhere(place: Path, edit: str, every: int) -> None:
    command = [sys.executable, "-m", "tests.property.power_cuts", str(place), edit, str(every)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert re.fullmatch(r"builds cut: ([3-9]|[1-9]\d+)\n", done.stdout), done.stdout + done.stderr
