"""Crews: the same work, in the same order, in this process, in several, or (`gen.cluster`) on other machines.

A worker makes its own context once from an argument that can be sent to it, gets immutable tasks and returns values.
It writes nothing; only the parent does.
"""

import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from gen.errors import GenError, Issue

A = TypeVar("A")
C = TypeVar("C", bound="Context")
T = TypeVar("T")
R = TypeVar("R")


class Context(Protocol):
    """What a worker opens once and works with."""

    def close(self) -> None: ...


SERIAL_BELOW = 24
"""So few tasks are done before a pool would have started."""

_context: Any = None


def batches(items: Sequence[T], size: int) -> list[tuple[T, ...]]:
    return [tuple(items[start : start + size]) for start in range(0, len(items), size)]


class Work(msgspec.Struct, Generic[A, C, T, R], frozen=True):
    """`do(context, batch)` over all `items`; each worker makes its context by `open(argument)`, once."""

    open: Callable[[A], C]
    argument: A
    do: Callable[[C, tuple[T, ...]], R]
    items: Sequence[T]
    batch_size: int = 32
    """At most, for a local crew; batches of 1 are such everywhere."""
    serial_below: int = SERIAL_BELOW
    asks: tuple[str, ...] = ()
    """The tables of the state that the context reads, for crews that don't have it at hand."""
    size: int = 0
    """How many documents or pages the items are about, if not one each."""
    ordered: bool = True
    """Whether the order of the results matters; if not, they may come as they are done."""


class Crew(Protocol):
    """Who does the work of a step."""

    def run(self, work: Work[A, C, T, R]) -> Iterator[R]:
        """The results of all batches, in order if the work asks for it. Raises GenError if that can't be.

        Where there are other processes the work may begin before the first result is asked for: what else the caller
        has to do takes no time if it is done between.
        """
        ...


class Local(msgspec.Struct, frozen=True):
    """The processes of this machine."""

    jobs: int

    def run(self, work: Work[A, C, T, R]) -> Iterator[R]:
        if self.jobs <= 1 or len(work.items) < work.serial_below:
            return self._here(work)
        results = self._in_processes(work)
        next(results)
        return results

    def _here(self, work: Work[A, C, T, R]) -> Iterator[R]:
        with closing(work.open(work.argument)) as context:
            for batch in batches(work.items, work.batch_size):
                yield work.do(context, batch)

    def _in_processes(self, work: Work[A, C, T, R]) -> Iterator[Any]:
        """Nothing, once the work has begun; then the results."""
        # A fork starts in milliseconds with all that is loaded; where there is none, the platform's own way serves.
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
        size = max(1, min(work.batch_size, len(work.items) // (self.jobs * 4)))
        executor = ProcessPoolExecutor(
            self.jobs,
            multiprocessing.get_context(method),
            initializer=_start,
            initargs=(work.open, work.argument),
        )
        try:
            futures = [executor.submit(_Bound(work.do), batch) for batch in batches(work.items, size)]
            yield None
            if work.ordered:
                futures.reverse()
                while futures:  # no result is kept after it was handed on
                    yield futures.pop().result()
            else:
                for future in as_completed(futures):
                    yield future.result()
        except BrokenProcessPool:
            raise GenError(Issue("", 0, "worker.died")) from None
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def default_jobs() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start(make_context: Callable[[A], C], argument: A) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    global _context  # noqa: PLW0603 - a worker process has one context for its life
    _context = make_context(argument)


def _end_with_parent() -> None:
    """A worker whose parent was killed has nobody to work for."""
    parent = multiprocessing.parent_process()
    if parent:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


class _Bound:
    """Calls `work` with the worker's own context."""

    def __init__(self, work: Callable[[Any, Any], R]) -> None:
        self._work = work

    def __call__(self, batch: object) -> Any:
        return self._work(_context, batch)
