"""Bounds on what one input may cost, so that a bad one harms only itself."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN = 0.5
"""Seconds between further alarms: one that rings in a finaliser or a callback of the collector is swallowed there."""


class TimeLimitError(Exception):
    """The work inside `time_limit` took too long."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TimeLimitError inside the block once `seconds` have passed.

    Works by an alarm signal, which reaches regular expressions too, and so only in a process's main thread; workers
    and the live preview work there. Elsewhere, and on systems without alarms, the block runs unbounded.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeLimitError

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        _silence()
        signal.signal(signal.SIGALRM, previous)


def _silence() -> None:
    """Ends the alarms, even if another one rings meanwhile."""
    while True:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0)
        except TimeLimitError:
            continue
        return
