"""When a cluster is asked, and what is said when it can't be."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from gen.build import Options, build
from gen.cli import main
from gen.cluster import crew
from gen.errors import GenError
from tests.cluster.machines import Server, send_everything
from tests.groups import NOW, Folder

NOWHERE = "tcp://127.0.0.1:9"
STORE = "memory://crew"


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(Folder(tmp_path / "root"))


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    send_everything(monkeypatch)


def code(folder: Folder, store: str = STORE, address: str = NOWHERE) -> str:
    """What a build on a cluster ends with."""
    with pytest.raises(GenError) as told:
        build(Options(folder.root, folder.out, NOW, cluster=address, store=store))
    (issue,) = told.value.issues
    return issue.code


def test_little_work_stays_here_and_needs_no_cluster(server: Server) -> None:
    result = build(Options(server.folder.root, server.folder.out, NOW, cluster=NOWHERE, store=STORE))
    assert not result.issues
    assert result.stats.rendered_pages
    assert result.stats.cluster_tasks == 0


def test_a_catalogue_goes_out_only_for_as_much_work_as_it_is_large(
    server: Server, everything: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(Options(server.folder.root, server.folder.out, NOW))
    server.folder.put({"themes/small/templates/404.html": b"x"})
    server.commit()
    monkeypatch.setattr(crew, "TASK_SECONDS", 0.0)
    assert not build(Options(server.folder.root, server.folder.out, NOW, cluster=NOWHERE, store=STORE)).issues


@pytest.mark.usefixtures("everything")
def test_a_store_must_be_named(server: Server) -> None:
    assert code(server.folder, store="") == "cluster.no_store"


@pytest.mark.usefixtures("everything")
def test_content_must_be_in_git(tmp_path: Path) -> None:
    assert code(Folder(tmp_path / "root")) == "cluster.no_git"


@pytest.mark.usefixtures("everything")
def test_content_must_be_committed(server: Server) -> None:
    server.folder.put({"content/edu/news/new.md": b"x"})
    assert code(server.folder) == "cluster.dirty"


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("store", ["nonsense://x", "file:///proc/here/nobody/can/write"])
def test_a_store_that_can_not_be_used_is_told(store: str, server: Server) -> None:
    assert code(server.folder, store=store) == "cluster.store"


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("address", [NOWHERE, "nonsense://x", "tls://127.0.0.1:9", "127.0.0.1:nonsense"])
def test_a_scheduler_that_is_not_there_is_told(
    address: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "CONNECT_SECONDS", 0.3)
    assert code(server.folder, address=address) == "cluster.unreachable"


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("library", ["distributed", "fsspec"])
def test_missing_libraries_are_told(library: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert code(server.folder) == "cluster.extra"


def test_commands_that_need_no_cluster_load_none_of_its_libraries() -> None:
    program = "import sys, gen.cli.sites, gen.build; print([n for n in sys.modules if n in ('dask', 'distributed', 'fsspec')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.usefixtures("everything")
def test_the_command_line_says_what_to_do(server: Server) -> None:
    arguments = ("build", "--root", str(server.folder.root), "--cluster", NOWHERE)
    done = CliRunner(env={"LC_ALL": "zh_CN.UTF-8"}).invoke(main, arguments)
    assert (done.exit_code, "--store" in done.output) == (2, True)
