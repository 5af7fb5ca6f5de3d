"""What becomes of single tasks on a cluster, and of what can't become one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from gen.errors import GenError
from gen.workers import R, Work
from tests.cluster import jobs
from tests.cluster.machines import Machines, Server
from tests.groups import Folder, tree

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("everything_elsewhere")]


@pytest.fixture
def server(tmp_path: Path, everything_elsewhere: None) -> Server:
    """A small group that was built here."""
    made = Server(Folder(tmp_path / "server"))
    made.build()
    return made


def done(
    machines: Machines,
    server: Server,
    do: Callable[[jobs.Nothing, tuple[Any, ...]], R],
    items: Sequence[Any],
    argument: object = 0,
) -> list[R]:
    """What comes of tasks of one item each."""
    return list(server.crew(machines).run(Work(jobs.Nothing, argument, do, items, 1)))


def test_results_come_in_order(machines: Machines, server: Server) -> None:
    assert done(machines, server, jobs.slowly, range(30)) == [[number * number] for number in range(30)]


def test_a_time_limit_holds_on_a_cluster(machines: Machines, server: Server) -> None:
    assert done(machines, server, jobs.without_end, [1]) == ["stopped"]


def test_a_process_that_ends_is_replaced(machines: Machines, server: Server, tmp_path: Path) -> None:
    found = done(machines, server, jobs.end_once, range(8), str(tmp_path / "mark"))
    assert found == [[number] for number in range(8)]
    assert (tmp_path / "mark").exists()


def test_a_task_that_ends_every_process_is_named(machines: Machines, server: Server) -> None:
    with pytest.raises(GenError) as told:
        done(machines, server, jobs.end_the_process, ["edu/a.html", "edu/b.html"])
    assert (told.value.issues[0].code, told.value.issues[0].params["what"]) == (
        "cluster.killed",
        "edu/a.html",
    )


def test_a_defect_is_shown_with_its_traceback(machines: Machines, server: Server) -> None:
    with pytest.raises(RuntimeError, match=r"(?s)stumble.*a defect"):
        done(machines, server, jobs.stumble, [1])


def test_files_that_workers_leave_lie_where_local_ones_would_leave_them(
    machines: Machines, server: Server
) -> None:
    place = server.folder.out / "left"
    found = done(machines, server, jobs.leave_files, range(3), place)
    assert found == [[place / "0"], [place / "1"], [place / "2"]]
    assert tree(place) == {f"{number}/inner/file": bytes([number]) for number in range(3)}
