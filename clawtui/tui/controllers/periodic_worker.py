"""Work that is repeated in the background, one round at a time, with a shortest time between rounds."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from math import inf

from textual.app import App
from textual.timer import Timer

from clawtui.tui.controllers.background import in_background

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
