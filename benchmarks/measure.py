"""Runs one command and says what it cost: wall time, CPU time, peak memory.

CPU is user and system time of the process and of all descendants it waited for, as the kernel counts it.
Memory is PSS (shared pages are divided among those who share them, so forked workers are not counted twice),
summed over the process tree and sampled; a peak between two samples is missed.
"""

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_INTERVAL = 0.020  # seconds between samples …
_SHARE = 0.1  # … or more, so that sampling takes at most this part of one core
_LOG_LINES = 30


class FailureError(Exception):
    """A measurement that must not be trusted, and why."""


@dataclass(frozen=True)
class Cost:
    """What one run cost: seconds, seconds, bytes."""

    wall: float
    cpu: float
    memory: int

    def __add__(self, later: "Cost") -> "Cost":
        """This run and another after it."""
        return Cost(self.wall + later.wall, self.cpu + later.cpu, max(self.memory, later.memory))


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> Cost:
    """Runs to the end; a non-zero exit is a `FailureError` with the end of what the command printed."""
    os.sync()  # the last run's pages must not be written out during this one
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        with Sampler(process.pid) as sampler:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
        message = f"{' '.join(command)} (in {folder}) ended with {process.returncode}\n" + "\n".join(lines)
        raise FailureError(message)
    return Cost(wall, usage.ru_utime + usage.ru_stime, sampler.peak)


class Sampler:
    """A thread that watches the memory of a process tree until it leaves the `with` block."""

    def __init__(self, root: int) -> None:
        self.peak = 0
        self._root = root
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        pause = 0.0
        while not self._over.wait(pause):
            began = time.thread_time()
            self.peak = max(self.peak, sum(_memory(pid) for pid in tree(self._root)))
            pause = max(_INTERVAL, (time.thread_time() - began) / _SHARE)


def tree(root: int) -> Iterator[int]:
    """The process and its descendants; those that end meanwhile are left out."""
    yield root
    for children in Path(f"/proc/{root}/task").glob("*/children"):
        try:
            pids = children.read_text(encoding="ascii").split()
        except OSError:
            continue
        for pid in pids:
            yield from tree(int(pid))


def _memory(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
