"""Work in threads whose failure is reported and does not end the app."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from typing import Final

from textual.app import App
from textual.message import Message

RETRY_AFTER: Final = 0.5
"""Seconds until the next attempt to start a thread that the system refused."""


class WorkFailed(Message):
    """Message that background work raised an error that it does not handle."""

    def __init__(self, what: str, error: Exception) -> None:
        super().__init__()
        self.what = what
        self.error = error


def in_background(app: App[None], what: str, work: Callable[[], object]) -> None:
    """Run `work` in a thread; an error in it is posted to `app` as `WorkFailed`.

    `what` names the work in a failure report. While the system can start no thread, the start is tried again.
    """
    # A coroutine would be left over if the app ended before its worker starts. The type of a worker's result is
    # ambiguous for mypy where a function returns a coroutine.
    app.run_worker(partial(_start, _Once(partial(_guarded, app, what, work))))  # type: ignore[arg-type]


class _Once:
    """Callable that runs the work once, because an executor may run work later whose thread it could not start."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self.begun = False

    def __call__(self) -> None:
        with self._lock:
            if self.begun:
                return
            self.begun = True
        self._work()


async def _start(once: _Once) -> None:
    context = copy_context()
    while True:
        try:
            await asyncio.get_running_loop().run_in_executor(None, context.copy().run, once)
        except (RuntimeError, MemoryError) as error:
            if once.begun or not is_scarcity(error):
                raise
            await asyncio.sleep(RETRY_AFTER)
        else:
            return


def start_when_possible(app: App[None], start: Callable[[], None]) -> None:
    """Call `start`, which starts a thread; repeat it every `RETRY_AFTER` seconds while the system can start none."""
    try:
        start()
    except RuntimeError as error:
        if not is_scarcity(error):
            raise
        app.set_timer(RETRY_AFTER, partial(start_when_possible, app, start))


def is_scarcity(error: BaseException) -> bool:
    """Return whether ``error`` means that the process can get no more threads or memory at the moment."""
    return isinstance(error, MemoryError) or "can't start new thread" in str(error)


def _guarded(app: App[None], what: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001  Textual ends the whole app for it
        app.post_message(WorkFailed(what, error))
