"""Wait for a condition, with a deadline, in place of a sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import psutil

T = TypeVar("T")


def wait_until(condition: Callable[[], T], deadline: float = 30.0, what: str = "the condition") -> T:
    """Return the first truthy result of ``condition``; fail after ``deadline`` seconds."""
    end = time.monotonic() + deadline
    while not (result := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come within {deadline} s; last: {result!r}")
        time.sleep(0.005)
    return result


def has_ended(process: psutil.Process) -> bool:
    """Return whether `process` is gone or a zombie. It may end between any two looks at it."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
