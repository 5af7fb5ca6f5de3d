"""The Dask side of a worker: passes each task on to a hand, a process of this package that no Dask is in.

Dask runs tasks in threads, where no alarm can end a text that takes for ever, and its processes may not have
`multiprocessing` children. So each thread has a program to speak with, and the worker is always free to say that it is alive.
"""

import subprocess
import sys
import threading

from distributed import get_worker

from gen.cluster.hand import receive, send

_idle: list["_Hand"] = []
_lock = threading.Lock()


class HandDiedError(Exception):
    """A hand ended in the middle of a task: killed, or out of memory."""


class _Hand:
    def __init__(self, name: str, scratch: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gen.cluster.hand", name, scratch],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def do(self, task: bytes) -> bytes:
        assert self._process.stdin
        assert self._process.stdout
        try:
            send(self._process.stdin, task)
            return receive(self._process.stdout)
        except (EOFError, OSError):
            self._process.kill()
            raise HandDiedError(f"exit code {self._process.wait()}") from None


def relay(task: bytes) -> bytes:
    """Has a task done. Raises HandDiedError if its hand ends instead."""
    hand = _take()
    answer = hand.do(task)
    with _lock:
        _idle.append(hand)
    return answer


def _take() -> _Hand:
    with _lock:
        while _idle:
            hand = _idle.pop()
            if hand.is_alive():
                return hand
    worker = get_worker()
    return _Hand(worker.address, worker.local_directory)  # which Dask tidies up
