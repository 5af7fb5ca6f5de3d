"""A time limit stops what runs and leaves nothing behind."""

import signal
import time

import pytest

from gen.limits import TimeLimitError, time_limit


def test_what_runs_too_long_is_stopped() -> None:
    with pytest.raises(TimeLimitError), time_limit(0.05):  # noqa: PT012
        while True:
            pass


def test_what_ends_in_time_is_left_alone_and_the_alarm_is_off() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(0.05):
        pass
    time.sleep(0.08)
    assert signal.getsignal(signal.SIGALRM) == before


def test_an_alarm_that_is_swallowed_rings_again() -> None:
    """As one that rings while the collector calls back."""
    rung = 0
    with pytest.raises(TimeLimitError), time_limit(0.05):  # noqa: PT012
        while True:
            try:
                time.sleep(0.01)
            except TimeLimitError:
                rung += 1
                if rung == 2:
                    raise
    assert rung == 2
    time.sleep(0.6)  # no alarm is left over
