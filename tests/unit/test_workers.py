"""Local crews: the same results in one process and in several, and nothing left behind."""

import multiprocessing
import os
import time
from pathlib import Path

import msgspec
import pytest

from gen.workers import Local, Work

PATIENCE = 10.0


class Folder(msgspec.Struct, frozen=True):
    """A context: where a worker leaves its traces."""

    path: Path

    def close(self) -> None:
        """Nothing to do."""


def leave(folder: Folder, batch: tuple[int, ...]) -> list[tuple[int, int]]:
    for number in batch:
        (folder.path / str(number)).touch()
    return [(number, os.getpid()) for number in batch]


def work(folder: Path, count: int = 40) -> Work[Path, Folder, int, list[tuple[int, int]]]:
    return Work(Folder, folder, leave, range(count))


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(jobs: int, tmp_path: Path) -> None:
    done = [one for batch in Local(jobs).run(work(tmp_path)) for one in batch]
    assert [number for number, _ in done] == list(range(40))
    assert (os.getpid() in {process for _, process in done}) is (jobs == 1)


def test_processes_begin_before_a_result_is_asked_for(tmp_path: Path) -> None:
    results = Local(2).run(work(tmp_path))
    end = time.monotonic() + PATIENCE
    while not list(tmp_path.iterdir()):
        assert time.monotonic() < end
        time.sleep(0.01)
    assert sum(len(batch) for batch in results) == 40


def test_work_that_nobody_wants_any_more_leaves_no_process(tmp_path: Path) -> None:
    results = Local(2).run(work(tmp_path))
    assert multiprocessing.active_children()
    del results
    assert not multiprocessing.active_children()
