"""Tasks that do what tests want to see, in whatever process they land."""

import os
import signal
import time
from pathlib import Path

from gen.limits import TimeLimitError, time_limit


class Nothing:
    """A context that holds a value."""

    def __init__(self, value: object) -> None:
        self.value = value

    def close(self) -> None: ...


def slowly(_context: Nothing, numbers: tuple[int, ...]) -> list[int]:
    time.sleep(0.05)
    return [number * number for number in numbers]


def without_end(_context: Nothing, _numbers: tuple[int, ...]) -> str:
    try:
        with time_limit(0.3):
            while True:
                pass
    except TimeLimitError:
        return "stopped"


def end_the_process(_context: Nothing, _items: tuple[object, ...]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def end_once(context: Nothing, numbers: tuple[int, ...]) -> list[int]:
    """Ends the process that does the fifth task, the first time."""
    mark = Path(str(context.value))
    if 5 in numbers and not mark.exists():
        mark.touch()
        end_the_process(context, numbers)
    return list(numbers)


def stumble(_context: Nothing, _numbers: tuple[int, ...]) -> None:
    message = "a defect"
    raise KeyError(message)


def leave_files(context: Nothing, numbers: tuple[int, ...]) -> list[Path]:
    """Leaves a folder with files for each number, below the one that the context knows."""
    assert isinstance(context.value, Path)
    left = []
    for number in numbers:
        folder = context.value / str(number)
        (folder / "inner").mkdir(parents=True)
        (folder / "inner" / "file").write_bytes(bytes([number]))
        left.append(folder)
    return left
