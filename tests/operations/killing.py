"""A process that is killed between any two steps of what it does: at the Nth line that it runs of some functions."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Collection
from types import CodeType, FrameType, FunctionType
from typing import Any


def killed_at(step: int, functions: Collection[Callable[..., object]], work: Callable[[], object]) -> bool:
    """Do ``work`` in a child, killed with SIGKILL before line ``step`` of ``functions``; return whether it was."""
    child = os.fork()
    if child == 0:
        _work_until(step, set(map(_code_of, functions)), work)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL), "the work itself failed; its traceback is on standard error"
    return status != 0


def _code_of(function: Callable[..., object]) -> CodeType:
    inner = getattr(function, "__wrapped__", function)
    assert isinstance(inner, FunctionType)
    return inner.__code__


def _work_until(step: int, codes: Collection[CodeType], work: Callable[[], object]) -> None:
    left = step

    def enter(frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
        return each_line if frame.f_code in codes else None

    def each_line(frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
        nonlocal left
        if event == "line":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return each_line

    status = 99
    try:
        sys.settrace(enter)
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)
