"""A Dask cluster on this machine: a scheduler and workers that share nothing but TCP, a Git repository and a store."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import pytest

from gen.build import Options, build
from gen.cluster import crew
from gen.cluster.crew import Cluster, Place
from gen.outcome import Result
from gen.workspace import Progress
from tests.groups import NOW, Folder

REPOSITORY = Path(__file__).parents[2]
_PATIENCE = 30.0


class Machines:
    """The processes. Each worker has one thread, a cache and a folder of its own."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str] | None = None, protocol: str = "tcp"
    ) -> None:
        self.folder = folder
        self.store = folder / "store"
        self.workers: list[subprocess.Popen[bytes]] = []
        self._environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "True", **(environment or {})}
        self._protocol = protocol
        self.store.mkdir(parents=True)
        address = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--protocol", protocol, "--scheduler-file", str(address)
        )
        _wait_for(address)
        self._file = str(address)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for process in (*self.workers, self.scheduler):
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()

    @property
    def address(self) -> str:
        text = Path(self._file).read_text(encoding="utf-8")
        return text.split('"address": "')[1].split('"')[0]

    def work(self, count: int, source: Path = REPOSITORY) -> None:
        """Starts workers; `source` is where their gen is."""
        for _ in range(count):
            own = self.folder / f"worker{len(self.workers)}"
            own.mkdir()
            options = ("--nthreads", "1", "--no-nanny", "--memory-limit", "0", "--local-directory", str(own))
            cache = {"GEN_CACHE": str(own / "cache"), "PYTHONPATH": f"{source}{os.pathsep}{REPOSITORY}"}
            self.workers.append(self._start("worker", "--scheduler-file", self._file, *options, **cache))

    def kill_worker(self) -> None:
        process = self.workers.pop()
        process.kill()
        process.wait()

    def said(self) -> str:
        """What all processes wrote."""
        return "\n".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))

    def _start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{arguments[0]}{len(self.workers)}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--no-dashboard", "--host", "127.0.0.1"],
                env={**self._environment, **environment},
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not (path.exists() and path.stat().st_size):
        assert time.monotonic() < deadline, f"{path} didn't come"
        time.sleep(0.05)


class Server:
    """A build server: a group's folder in Git, with an origin that others can fetch from."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.origin = folder.root.with_name(f"{folder.root.name}.git")
        git(self.origin.parent, "init", "--quiet", "--bare", str(self.origin))
        git(folder.root, "init", "--quiet")
        git(folder.root, "remote", "add", "origin", str(self.origin))
        self.commit()

    def commit(self, *, push: bool = True) -> None:
        git(self.folder.root, "add", "--all")
        git(self.folder.root, "commit", "--quiet", "--message", "示例")
        if push:
            git(self.folder.root, "push", "--quiet", "origin", "HEAD:refs/heads/main")

    def build(
        self, machines: Machines | None = None, progress: Progress = lambda *_: None, store: str = ""
    ) -> Result:
        """With the machines, or alone."""
        cluster = machines.address if machines else ""
        store = store or (machines.store.as_uri() if machines else "")
        return build(Options(self.folder.root, self.folder.out, NOW, cluster=cluster, store=store), progress)

    def crew(self, machines: Machines) -> Cluster:
        """A crew for tasks of any kind, all of them done elsewhere."""
        state = self.folder.root / ".gen" / "state.sqlite"
        head = git(self.folder.root, "rev-parse", "HEAD")
        others = {"left": self.folder.out / "left"}
        place = Place(self.folder.root, state, head, (), machines.store.as_uri(), others=others)
        return Cluster(machines.address, place, 1)


def send_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little there is to do, the cluster does it, in small tasks."""
    monkeypatch.setattr(crew, "FEWEST", 1)
    monkeypatch.setattr(crew, "TASK_SECONDS", 1_000.0)
    monkeypatch.setattr(crew, "BATCH", 8)


def git(folder: Path, *arguments: str) -> str:
    name = ("-c", "user.name=示例", "-c", "user.email=example@example.gov.cn", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *name, "-C", str(folder), *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()
