"""Does tasks in a process of its own: its main thread, where time limits work, and none of the threads of Dask.

A Dask worker starts it and speaks with it through its standard input and output (`relay.py`). It keeps a job's context
for the next task of the same job. What it shares with other hands of its machine is a cache: the repository's
checkout, and the catalogue's answers.
"""

import fcntl
import os
import pickle
import select
import shutil
import struct
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from gen.cluster.checkout import CheckoutError, check_out
from gen.cluster.depot import Depot, DepotError, Ref
from gen.cluster.parcels import ROOT, Answer, Job, Packer, Task, ship_folder, unpack
from gen.errors import GenError, Issue
from gen.files import digest
from gen.version import full_version
from gen.workers import Context

IDLE_SECONDS = 300.0
"""A hand that nobody needs for so long ends, and its memory with it."""
_LENGTH = struct.Struct(">Q")
_JOB = msgspec.msgpack.Decoder(Job)
_TASK = msgspec.msgpack.Decoder(Task)


def send(stream: IO[bytes], data: bytes) -> None:
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Raises EOFError if the other side is gone."""
    return _exactly(stream, _LENGTH.unpack(_exactly(stream, _LENGTH.size))[0])


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def cache_folder() -> Path:
    """Where a worker's machine keeps what it has fetched."""
    given = os.environ.get("GEN_CACHE")
    return Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gen"


class Hand:
    """Holds the context of the job at hand."""

    def __init__(self, name: str, cache: Path, scratch: Path) -> None:
        """`name` is what people know the worker by; `scratch` is this hand's own folder."""
        self._name = name
        self._cache = cache
        self._scratch = scratch
        self._version = full_version()
        self._job: Ref | None = None
        self._places: dict[str, Path] = {}
        self._context: Context | None = None
        self._work: Callable[[Any, Any], Any] = lambda *_: None

    def do(self, message: bytes) -> Answer:
        """Does a task; whatever goes wrong is told to the parent."""
        theirs = str(msgspec.msgpack.decode(message)[0])
        if theirs != self._version:
            return self._wrong("cluster.other_code", theirs=theirs, ours=self._version)
        task = _TASK.decode(message)
        try:
            depot = Depot(task.store, task.folder)
            if task.job != self._job:
                self._take_up(depot, task)
            result = self._work(self._context, pickle.loads(task.batch))  # noqa: S301 - from the parent, over Dask
            packer = Packer(self._places, lambda folder: ship_folder(depot, folder))
            return Answer(depot.put(packer.pack(result)))
        except GenError as error:
            return Answer(issues=error.issues)
        except DepotError as error:
            return self._wrong("cluster.store", store=task.store, problem=str(error))
        except Exception:  # noqa: BLE001 - a defect is the parent's to show
            return Answer(trace=f"{self._name}: {traceback.format_exc()}")

    def _take_up(self, depot: Depot, task: Task) -> None:
        """Makes the context of another job."""
        if self._context:
            self._context.close()
        self._job = self._context = None
        shutil.rmtree(self._scratch, ignore_errors=True)
        job = _JOB.decode(depot.get(task.job))
        self._places = {name: self._scratch / name for name in job.places}
        cache = self._cache / task.folder
        cache.mkdir(parents=True, exist_ok=True)
        with _alone(cache):
            open_context, argument, self._work = unpack(
                job.call, lambda place: self._find(place, job, depot, cache)
            )
            self._context = open_context(argument)
        self._job = task.job

    def _find(self, place: str, job: Job, depot: Depot, cache: Path) -> Path:
        if place == ROOT:
            return self._check_out(job, cache)
        return self._places[place] if place in self._places else _catalogue(job, depot, cache)

    def _check_out(self, job: Job, cache: Path) -> Path:
        try:
            check_out(cache / "tree", job.repository, job.commit)
        except CheckoutError as error:
            raise GenError(
                self._issue(
                    "cluster.commit", repository=job.repository, commit=job.commit, problem=str(error)
                )
            ) from None
        return cache / "tree" / job.subfolder

    def _wrong(self, code: str, **params: str) -> Answer:
        return Answer(issues=(self._issue(code, **params),))

    def _issue(self, code: str, **params: str) -> Issue:
        return Issue("", 0, code, {"where": self._name, **params})


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Holds off the machine's other hands; ends with the process, however that ends."""
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _catalogue(job: Job, depot: Depot, cache: Path) -> Path:
    """The catalogue, fetched by the first hand of the machine that needs it. Those of earlier steps go."""
    name = f"{digest(''.join(piece.digest for piece in job.database).encode())}.sqlite"
    path = cache / name
    if not path.exists():
        for old in cache.glob("*.sqlite"):
            old.unlink()
        depot.get_file(job.database, path)
    return path


def main() -> None:
    """Answers tasks until the worker is gone, or has had none for long."""
    tasks = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints must not speak in between
    name, scratch = sys.argv[1:]
    hand = Hand(name, cache_folder(), Path(scratch) / f"gen-{os.getpid()}")
    while select.select([tasks], [], [], IDLE_SECONDS)[0]:
        try:
            send(answers, msgspec.msgpack.encode(hand.do(receive(tasks))))
        except (EOFError, BrokenPipeError):
            return


if __name__ == "__main__":
    main()
