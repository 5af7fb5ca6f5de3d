"""Cold builds in pairs: two processes of this machine, and two workers with one thread each behind a scheduler."""

import os
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec

from benchmarks.measure import Cost, FailureError, Sampler, tree
from benchmarks.noticing import BUILD, Checkout
from tests.cluster.machines import Machines

JOBS = 2
_TICK = os.sysconf("SC_CLK_TCK")


class Pair(msgspec.Struct, frozen=True):
    """Seconds and bytes, medians over the repetitions. `worker_memory` is that of the larger of two workers."""

    documents: int
    local_wall: float
    local_cpu: float
    local_memory: float
    wall: float
    parent_cpu: float
    parent_memory: float
    workers_cpu: float
    worker_memory: float
    ratio: float
    store_bytes: float


def compare(documents: int, site_count: int, disk: Path, repetitions: int) -> Pair:
    """Both kinds of builds of one corpus in turn, each from nothing; stops unless they come to the same bytes."""
    checkout = Checkout(disk / "group", documents, site_count)
    with Machines(disk / "machines") as machines:
        machines.work(JOBS)
        runs = [_once(checkout, machines, turn) for turn in range(repetitions)]
    found = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    return Pair(documents, **found)


def _once(checkout: Checkout, machines: Machines, turn: int) -> dict[str, float]:
    group = checkout.folder
    answers: dict[str, Cost] = {}
    workers_cpu, worker_memory, store_bytes = 0.0, 0, 0
    for kind in ("local", "cluster") if turn % 2 == 0 else ("cluster", "local"):
        shutil.rmtree(group / ".gen", ignore_errors=True)
        out = group.parent / f"out-{kind}"
        shutil.rmtree(out, ignore_errors=True)
        options = ("--committed", "--json", "--jobs", str(JOBS), "--out", str(out))
        if kind == "local":
            answers[kind] = checkout.run(*BUILD, *options)
            continue
        for cache in machines.folder.glob("worker*/cache"):
            shutil.rmtree(cache)
        before = sum(_cpu(worker.pid) for worker in machines.workers)
        there = (
            "--cluster",
            machines.address,
            "--store",
            machines.store.as_uri(),
            "--repository",
            str(group),
        )
        with ExitStack() as stack:
            samplers = [stack.enter_context(Sampler(worker.pid)) for worker in machines.workers]
            answers[kind] = checkout.run(*BUILD, *options, *there)
        workers_cpu = sum(_cpu(worker.pid) for worker in machines.workers) - before
        worker_memory = max(sampler.peak for sampler in samplers)
        store_bytes = _stats(group.parent / "log")["cluster_bytes"]
    same = subprocess.run(["diff", "-rq", "out-local", "out-cluster"], cwd=group.parent, check=False)
    if same.returncode:
        raise FailureError("a cluster made other bytes than this machine")
    local, cluster = answers["local"], answers["cluster"]
    return {
        "local_wall": local.wall,
        "local_cpu": local.cpu,
        "local_memory": local.memory,
        "wall": cluster.wall,
        "parent_cpu": cluster.cpu,
        "parent_memory": cluster.memory,
        "workers_cpu": workers_cpu,
        "worker_memory": worker_memory,
        "ratio": cluster.wall / local.wall,
        "store_bytes": store_bytes,
    }


def _stats(log: Path) -> dict[str, int]:
    stats: dict[str, int] = msgspec.json.decode(log.read_bytes())["stats"]
    return stats


def _cpu(root: int) -> float:
    """User and system seconds of a process, of its descendants, and of those of them that have ended."""
    return sum(_seconds(pid) for pid in tree(root))


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICK


def lines(pair: Pair) -> Iterator[str]:
    """For people."""
    mib = 1024 * 1024
    yield f"{pair.documents:,} documents, cold, the same bytes:"
    yield f"  here, {JOBS} processes     wall {pair.local_wall:6.2f} s  cpu {pair.local_cpu:6.2f} s  {pair.local_memory / mib:6.0f} MiB"
    yield f"  cluster, {JOBS} × 1 thread  wall {pair.wall:6.2f} s  cpu {pair.parent_cpu:6.2f} s  {pair.parent_memory / mib:6.0f} MiB (parent)"
    yield f"                                         cpu {pair.workers_cpu:6.2f} s  {pair.worker_memory / mib:6.0f} MiB (workers; larger of two)"
    yield f"  ratio of wall times {pair.ratio:.2f}; {pair.store_bytes / pair.documents:,.0f} bytes a document through the store"
