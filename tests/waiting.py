"""Waiting for a condition, with a deadline: what stands where a sleep would."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(condition: Callable[[], T], deadline: float = 30.0, what: str = "the condition") -> T:
    """The first truthy result of ``condition``; fails after ``deadline`` seconds."""
    end = time.monotonic() + deadline
    while not (result := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come within {deadline} s; last: {result!r}")
        time.sleep(0.005)
    return result
