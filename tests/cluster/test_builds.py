"""Builds on a cluster: the bytes of a local one, whatever happens to the machines."""

import shutil
import subprocess
from pathlib import Path

import dask
import pytest

from gen.cluster import crew
from gen.errors import GenError
from gen.search.results import Request
from gen.searching import look_up
from gen.text import message
from tests.cluster.conftest import more_documents
from tests.cluster.machines import REPOSITORY, Machines, Server, git
from tests.groups import Files, Folder, difference, document, group_files, picture, tree

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("everything_elsewhere")]


def same(server: Server, twin: Server) -> None:
    assert not difference(server.folder.tree(), twin.folder.tree())
    assert not difference(_engine(server), _engine(twin))


def grow(*servers: Server) -> None:
    for server in servers:
        server.folder.put(more_documents())
        server.commit()


def _engine(server: Server) -> Files:
    return tree(server.folder.root / ".gen" / "state-search")


def test_a_cluster_makes_the_bytes_and_answers_of_one_machine(
    machines: Machines, server: Server, twin: Server
) -> None:
    grow(server, twin)
    result = server.build(machines)
    assert not result.issues
    assert result.stats.cluster_tasks > 20
    assert result.stats.cluster_bytes
    assert twin.build().stats.written_bytes == result.stats.written_bytes
    same(server, twin)
    for words in ("示例第77号", "通知", "县里"):
        found = look_up(server.folder.root, Request(words))
        assert found.results.total
        assert found == look_up(twin.folder.root, Request(words))
    assert not list(machines.store.iterdir())


def test_edits_come_to_the_same_on_a_cluster(machines: Machines, server: Server, twin: Server) -> None:
    edits: tuple[dict[str, bytes | None], ...] = (
        {
            "content/edu/news/a.md": document("开学了", "2026-01-02"),
            "content/jtj/news/a/road.png": picture(9),
        },
        {"content/edu/news/b.md": None, "content/xiu/news/new.md": document("新的", "2026-05-01")},
        {
            "themes/small/templates/document.html": (
                server.folder.root / "themes/small/templates/document.html"
            ).read_bytes()
            + b"<!-- -->\n"
        },
    )
    for each in (server, twin):
        each.build(machines if each is server else None)
    for edit in edits:
        for each in (server, twin):
            each.folder.put(edit)
            each.commit()
        mine, other = server.build(machines), twin.build()
        assert mine.stats.rendered_pages == other.stats.rendered_pages
        assert mine.stats.cluster_tasks
        same(server, twin)


def test_a_worker_that_is_killed_in_the_middle_costs_nothing_but_time(
    own_machines: Machines, server: Server, twin: Server
) -> None:
    own_machines.work(2)
    grow(server, twin)
    killed_at: list[tuple[int, int]] = []

    def progress(step: str, done: int, total: int) -> None:
        if step == "render" and not killed_at:
            own_machines.kill_worker()
            killed_at.append((done, total))

    result = server.build(own_machines, progress)
    assert not result.issues
    assert killed_at[0][0] < killed_at[0][1] / 2
    twin.build()
    same(server, twin)


def test_a_scheduler_that_is_lost_is_told_and_the_next_build_goes_on(
    own_machines: Machines, server: Server, twin: Server
) -> None:
    own_machines.work(1)
    grow(server, twin)

    def progress(step: str, done: int, total: int) -> None:
        if step == "render" and done == total // 2:
            own_machines.scheduler.kill()

    with pytest.raises(GenError) as told:
        server.build(own_machines, progress)
    assert told.value.issues[0].code == "cluster.lost"
    assert not list(own_machines.store.iterdir())
    assert server.build().stats.read_files == 0
    twin.build()
    same(server, twin)


def test_a_build_goes_over_tls(
    server: Server, twin: Server, tmp_path: Path, everything_elsewhere: None
) -> None:
    """With Dask's own configuration, and nothing said to gen but the address."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    asked = (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    )
    files = ("-keyout", str(key), "-out", str(certificate))
    subprocess.run(["openssl", *asked.split(), *files], check=True, capture_output=True)
    settings: dict[str, object] = {"distributed.comm.tls.ca-file": str(certificate)}
    for side in ("client", "scheduler", "worker"):
        settings[f"distributed.comm.tls.{side}.cert"] = str(certificate)
        settings[f"distributed.comm.tls.{side}.key"] = str(key)
    with dask.config.set(settings):
        environment = {"DASK_INTERNAL_INHERIT_CONFIG": dask.config.serialize(dask.config.global_config)}
        with Machines(tmp_path / "machines", environment, "tls") as machines:
            machines.work(1)
            assert machines.address.startswith("tls://")
            assert server.build(machines).stats.cluster_tasks
    twin.build()
    same(server, twin)


def test_content_lies_where_the_repository_has_it(machines: Machines, tmp_path: Path) -> None:
    """The group may be a folder of its repository."""
    server = Server(
        Folder(
            tmp_path / "server",
            {"readme.md": b"", **{f"group/{path}": data for path, data in group_files().items()}},
        )
    )
    server.folder.root = server.folder.root / "group"
    assert not server.build(machines).issues
    assert (server.folder.out / "jtj" / "news" / "a" / "road.png").exists()


def test_a_commit_that_was_not_pushed_is_told(machines: Machines, server: Server) -> None:
    server.folder.put({"content/edu/news/late.md": document("晚", "2026-01-02")})
    server.commit(push=False)
    with pytest.raises(GenError) as told:
        server.build(machines)
    issue = told.value.issues[0]
    assert issue.code == "cluster.commit"
    assert git(server.folder.root, "rev-parse", "HEAD") in message(issue.code, issue.params, "en")[0]
    git(server.folder.root, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    assert not server.build(machines).issues


def test_a_worker_with_other_code_is_refused(own_machines: Machines, server: Server, tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "gen", tmp_path / "other" / "gen")
    with (tmp_path / "other" / "gen" / "urls.py").open("a", encoding="utf-8") as stream:
        stream.write("# other\n")
    own_machines.work(1, tmp_path / "other")
    with pytest.raises(GenError) as told:
        server.build(own_machines)
    assert told.value.issues[0].code == "cluster.other_code"
    assert "127.0.0.1" in told.value.issues[0].params["where"]


def test_a_repository_that_was_not_cloned_is_told(machines: Machines, server: Server) -> None:
    git(server.folder.root, "remote", "remove", "origin")
    with pytest.raises(GenError) as told:
        server.build(machines)
    assert told.value.issues[0].code == "cluster.no_repository"


def test_a_cluster_without_workers_is_told(
    own_machines: Machines, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "LONELY_SECONDS", 0.5)
    with pytest.raises(GenError) as told:
        server.build(own_machines)
    assert told.value.issues[0].code == "cluster.no_workers"


def test_a_store_that_workers_do_not_share_is_told(machines: Machines, server: Server) -> None:
    with pytest.raises(GenError) as told:
        server.build(machines, store="memory://here-only")
    assert told.value.issues[0].code == "cluster.store"
    assert "127.0.0.1" in told.value.issues[0].params["where"]
