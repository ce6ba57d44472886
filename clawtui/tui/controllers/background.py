"""Work in threads whose failure does not end the app: it is reported, and the dashboard goes on."""

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
"""Seconds until a thread is started again that the system refused."""


class WorkFailed(Message):
    """Work in the background raised an error that it does not handle."""

    def __init__(self, what: str, error: Exception) -> None:
        super().__init__()
        self.what = what
        self.error = error


def in_background(app: App[None], what: str, work: Callable[[], object]) -> None:
    """Run `work` in a thread; an error in it is posted to `app` as `WorkFailed`.

    `what` names the work in a failure report. As long as the system can start no thread, that is tried again.
    """
    app.run_worker(_start(_Once(partial(_guarded, app, what, work))))


class _Once:
    """Run the work once. An executor may keep and run work that it could not start a thread for at first."""

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
    """Call `start`, which starts a thread, and again after `RETRY_AFTER` as long as the system can start none."""
    try:
        start()
    except RuntimeError as error:
        if not is_scarcity(error):
            raise
        app.set_timer(RETRY_AFTER, partial(start_when_possible, app, start))


def is_scarcity(error: BaseException) -> bool:
    """Return whether ``error`` says that the system has no more threads or memory for us, for now."""
    return isinstance(error, MemoryError) or "can't start new thread" in str(error)


def _guarded(app: App[None], what: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001  Textual ends the whole app for it
        app.post_message(WorkFailed(what, error))
