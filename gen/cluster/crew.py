"""The parent's side of a build on a cluster: a crew whose tasks Dask hands out.

A task names its job, the digest of what all tasks of a step share, and comes back as the digest of its result; the
bytes of both go through the shared store. Dask does a task again if its worker dies. Only this process writes state
and output, in the order in which a local crew's results come.
"""

import logging
import pickle
import platform
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from gen.cluster.checkout import origin, prefix
from gen.cluster.depot import Depot, DepotError, Ref
from gen.cluster.parcels import DATABASE, ROOT, Answer, Job, Packer, Task, fetch_folder, unpack
from gen.database import extract
from gen.errors import GenError, Issue
from gen.files import digest
from gen.version import full_version
from gen.workers import A, C, Local, R, T, Work, batches

FEWEST = 2_000
"""Fewer tasks than these are done on this machine before a cluster would have begun."""
TASK_SECONDS = 0.0004
"""Of CPU for a page or a search record, on average …"""
COPY_SECONDS, PACK_SECONDS = 2.5e-9, 11e-9
"""… and for a byte of the state that goes out: copying has one core, packing all. `benchmarks.cluster` measures both."""
BATCH = 256
CONNECT_SECONDS = 20.0
CLOSE_SECONDS = 5.0
LONELY_SECONDS = 120.0
"""So long without any worker, a build gives up."""
RETRIES = 3
"""How often a task is given to another hand after the one that did it died."""
_LOOK_SECONDS = 2.0
_LEAST_AHEAD = 64
_ANSWER = msgspec.msgpack.Decoder(Answer)


class Place(msgspec.Struct, frozen=True):
    """What is built: the group's folder, its state, the commit it is at, and the files that differ from that.

    `store` is an fsspec address, `repository` one of Git's, that all machines reach; empty: that of `origin`. `others`
    are the folders in which a local crew's workers would leave files, each with a name.
    """

    root: Path
    database: Path
    commit: str
    dirty: tuple[str, ...]
    store: str
    repository: str = ""
    others: dict[str, Path] = {}

    def named(self) -> dict[str, Path]:
        """All places, the inner before the outer."""
        return {DATABASE: self.database, **self.others, ROOT: self.root}


class Cluster:
    """A crew behind a Dask scheduler. What isn't worth the way is done on this machine, by `jobs` processes.

    `tasks` and `bytes` count what the cluster did, and what went through the store from here and to here.
    """

    def __init__(self, address: str, place: Place, jobs: int) -> None:
        self._address = address
        self._place = place
        self._local = Local(jobs)
        self._folder = f"gen-{digest(f'{platform.node()} {place.database.resolve()}'.encode())[:16]}"
        self.tasks = 0
        self.bytes = 0

    def run(self, work: Work[A, C, T, R]) -> Iterator[R]:
        """As `Local.run`. If the cluster can't do it, what was done until then stays done."""
        if not self._is_worth(work.size or len(work.items), work.asks):
            yield from self._local.run(work)
            return
        self._check()
        try:
            with self._depot() as depot, _connect(self._address) as client:
                job = self._put_job(depot, work)
                encode = _encoder(self._place.store, self._folder, job)
                step = _Step(self._address, client, depot, encode, self._place.named())
                for result in step.run(_batches(work, step.threads())):
                    yield result
                    self.tasks += 1
        except DepotError as error:
            params = {"where": platform.node(), "store": self._place.store, "problem": str(error)}
            raise GenError(Issue("", 0, "cluster.store", params)) from None

    def _is_worth(self, size: int, asks: tuple[str, ...]) -> bool:
        """Whether this machine would take longer for the work than for sending what it is done with."""
        if size < FEWEST:
            return False
        jobs = self._local.jobs
        shipped = self._place.database.stat().st_size if asks else 0
        return size * TASK_SECONDS / jobs >= shipped * (COPY_SECONDS + PACK_SECONDS / jobs)

    def _check(self) -> None:
        """Workers see what is committed and nothing else."""
        try:
            import distributed
            import fsspec
        except ImportError:
            raise GenError(Issue("", 0, "cluster.extra")) from None
        del distributed, fsspec
        if not self._place.commit:
            raise GenError(Issue("", 0, "cluster.no_git"))
        if self._place.dirty:
            shown = "、".join(self._place.dirty[:3])
            raise GenError(
                Issue("", 0, "cluster.dirty", {"count": str(len(self._place.dirty)), "paths": shown})
            )

    @contextmanager
    def _depot(self) -> Iterator[Depot]:
        """The store, and nothing left in it whatever happens to this step."""
        depot = Depot(self._place.store, self._folder)
        depot.prepare()
        try:
            yield depot
        finally:
            self.bytes += depot.bytes
            depot.clear()

    def _put_job(self, depot: Depot, work: Work[A, C, T, R]) -> Ref:
        place = self._place
        extracted = place.database.with_name(f"{place.database.stem}-answers.sqlite")
        try:
            extract(place.database, extracted, work.asks)
            answers = depot.put_file(extracted)
        finally:
            extracted.unlink(missing_ok=True)
        repository, subfolder = place.repository or origin(place.root), prefix(place.root)
        packed = Packer(place.named()).pack((work.open, work.argument, work.do))
        job = Job(packed, repository, place.commit, subfolder, answers, tuple(place.others))
        return depot.put(msgspec.msgpack.encode(job))


@contextmanager
def _connect(address: str) -> Iterator[Any]:
    """A client of the scheduler for one step: none of its threads is there when a local crew forks."""
    from distributed import Client

    connect: Any = Client
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is told as an issue
    try:
        client = connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
        params = {"address": address, "problem": str(error)}
        raise GenError(Issue("", 0, "cluster.unreachable", params)) from None
    try:
        yield client
    finally:
        client.close(timeout=CLOSE_SECONDS)


def _batches(work: Work[A, C, T, R], threads: int) -> list[tuple[T, ...]]:
    """Larger ones than a local crew's, as long as every thread gets several."""
    items, size = work.items, work.batch_size
    return batches(items, 1 if size == 1 else max(1, min(BATCH, len(items) // (threads * 4))))


def _encoder(store: str, folder: str, job: Ref) -> Callable[[object], bytes]:
    def encode(batch: object) -> bytes:
        packed = pickle.dumps(batch, pickle.HIGHEST_PROTOCOL)
        return msgspec.msgpack.encode(Task(full_version(), store, folder, job, packed))

    return encode


class _Step:
    """The tasks of one step, while they are under way."""

    def __init__(
        self,
        address: str,
        client: Any,
        depot: Depot,
        encode: Callable[[object], bytes],
        places: Mapping[str, Path],
    ) -> None:
        self._address = address
        self._client = client
        self._depot = depot
        self._encode = encode
        self._places = places

    def run(self, todo: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        """The results, in order. So many tasks are given out ahead that no worker waits for another."""
        from gen.cluster.relay import relay

        waiting: deque[tuple[Any, tuple[Any, ...]]] = deque()
        ahead = max(_LEAST_AHEAD, 4 * self.threads())
        try:
            for batch in todo:
                future = self._client.submit(relay, self._encode(batch), pure=False, retries=RETRIES)
                waiting.append((future, batch))
                if len(waiting) >= ahead:
                    yield self._take(*waiting.popleft())
            while waiting:
                yield self._take(*waiting.popleft())
        finally:
            for future, _ in waiting:
                future.release()

    def threads(self) -> int:
        """How many tasks are done at the same time. Raises GenError if there is no worker for long."""
        deadline = time.monotonic() + LONELY_SECONDS
        while True:
            with self._while_there():
                found = sum(self._client.nthreads().values())
            if found:
                return int(found)
            if time.monotonic() > deadline:
                self._fail("cluster.no_workers", seconds=f"{LONELY_SECONDS:g}")
            time.sleep(_LOOK_SECONDS / 4)

    def _take(self, future: Any, batch: tuple[Any, ...]) -> Any:
        answer = _ANSWER.decode(self._wait(future, batch))
        if answer.issues:
            raise GenError(*answer.issues)
        if answer.result is None:
            raise RuntimeError(answer.trace)
        data = self._depot.get(answer.result)
        result = unpack(data, self._places.__getitem__, lambda refs, to: fetch_folder(self._depot, refs, to))
        self._depot.drop(answer.result)
        return result

    def _wait(self, future: Any, batch: tuple[Any, ...]) -> bytes:
        from distributed import KilledWorker

        from gen.cluster.relay import HandDiedError

        while True:
            try:
                with self._while_there():
                    return bytes(future.result(timeout=_LOOK_SECONDS))
            except TimeoutError:
                self.threads()
            except (KilledWorker, HandDiedError):
                self._fail("cluster.killed", what=_name(batch[0]), last=_name(batch[-1]))
            except ImportError as error:
                self._fail("cluster.no_gen", problem=str(error))

    @contextmanager
    def _while_there(self) -> Iterator[None]:
        """A scheduler that is gone shows in many ways."""
        from distributed import CancelledError
        from distributed.comm.core import CommClosedError

        try:
            yield
        except TimeoutError:
            raise
        except (CancelledError, CommClosedError, ConnectionError):
            self._fail("cluster.lost")

    def _fail(self, code: str, **params: str) -> NoReturn:
        raise GenError(Issue("", 0, code, {"address": self._address, **params})) from None


def _name(item: object) -> str:
    """What people know a task's item by."""
    return str(getattr(item, "output", None) or getattr(item, "owner", None) or item)[:200]
