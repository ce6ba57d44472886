"""Work in threads, once or periodically. Its failure is reported and does not end the app."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from math import inf
from typing import Final

from textual.app import App
from textual.message import Message
from textual.timer import Timer

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


_RETRY = 15.0
"""Seconds until the next round after one that failed."""


class PeriodicWorker:
    """Worker that runs `work` in a thread repeatedly. While no round is due, it has no thread and no timer.

    `work` returns the seconds until its next round; None means that the next round has to be asked for. `what` names
    it in a failure report.
    """

    def __init__(
        self,
        app: App[None],
        what: str,
        work: Callable[[], float | None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._what = what
        self._work = work
        self._clock = monotonic
        self._timer: Timer | None = None
        self._due = inf
        self._ended = -inf
        self._gap = inf
        """The pause after the current round that was asked for, in seconds from its end."""
        self._running = False
        self._stopped = False
        """Whether the current round is the last one, also if it returns a number."""

    def ask(self, gap: float) -> None:
        """Start a round `gap` seconds after the end of the last one, or earlier if one is due earlier."""
        self._stopped = False
        if self._running:
            self._gap = min(self._gap, gap)
        else:
            self._ask_at(max(self._clock(), self._ended + gap))

    def ask_in(self, seconds: float) -> None:
        """Start a round in `seconds`, or earlier if one is due earlier."""
        self._ask_at(self._clock() + seconds)

    def stop(self) -> None:
        """Start no further round until one is asked for."""
        self._due = self._gap = inf
        self._stopped = True
        self._wait()

    def _ask_at(self, due: float) -> None:
        self._stopped = False
        if due < self._due:
            self._due = due
            self._wait()

    def _wait(self) -> None:
        """Set the timer for the next round; during a round, leave that to its end."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._running or self._due == inf:
            return
        left = self._due - self._clock()
        if left > 0:
            self._timer = self._app.set_timer(left, self._begin)
        else:
            self._begin()

    def _begin(self) -> None:
        self._timer = None
        self._due = inf
        self._running = True
        in_background(self._app, self._what, self._run)

    def _run(self) -> None:
        pause: float | None = _RETRY
        try:
            pause = self._work()
        finally:
            self._app.call_later(partial(self._end, pause))

    def _end(self, pause: float | None) -> None:
        self._running = False
        self._ended = self._clock()
        by_itself = inf if pause is None or self._stopped else pause
        self._due = min(self._due, self._ended + min(self._gap, by_itself))
        self._gap = inf
        self._wait()
