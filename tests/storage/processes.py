"""Real processes for tests of what several writers do to one another."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn


@contextmanager
def forked(work: Callable[[], object]) -> Iterator[int]:
    """Yield the pid of a child that does ``work``, and kill it at the end if it still runs."""
    child = os.fork()
    if child == 0:
        _work_and_exit(work)
    try:
        yield child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def together(*works: Callable[[], object]) -> list[int]:
    """Do all of ``works`` at the same time, each in a process of its own; return their exit statuses."""
    start, shot = os.pipe()
    children = []
    for work in works:
        child = os.fork()
        if child == 0:
            os.close(shot)
            os.read(start, 1)
            _work_and_exit(work)
        children.append(child)
    os.close(start)
    os.close(shot)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def _work_and_exit(work: Callable[[], object]) -> NoReturn:
    """Exit with the number that ``work`` returns, else 0; 99 if it raises. Never returns to the test."""
    status = 99
    try:
        result = work()
        status = result if isinstance(result, int) else 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)
