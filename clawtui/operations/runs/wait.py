"""Waiting for the end of the run in progress, or else of the next run, for scripts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from clawtui.model.runs.judgement import GOING
from clawtui.model.runs.run import SLACK
from clawtui.operations.runs.follow_progress import Pause

WaitCondition = Literal["success", "completed", "end", "start"]
"""The event to wait for: a success; a successful or partial end; any end; the start."""

INTERVAL: Final = 0.25
"""Seconds between two looks."""
SETTLING: Final = 10.0
"""Seconds after the end of a run in which its result may still be written."""

_STATUSES: Final[dict[WaitCondition, frozenset[str]]] = {
    "success": frozenset({"success"}),
    "completed": frozenset({"success", "partial"}),
}
LOST: Final = "lost"
"""The status of a run whose process is dead, or that ended without a result."""


class WaitedRun(Struct, frozen=True):
    """One run, on either kind of root."""

    automation_id: str
    name: str
    started: datetime
    status: str | None
    """None while it is not known how the run ended."""
    took: timedelta | None = None
    summary: str | None = None
    why: str | None = None
    """Why it is lost."""

    @property
    def is_going(self) -> bool:
        """Whether it has not ended."""
        return self.status in GOING

    def meets(self, condition: WaitCondition) -> bool:
        """Return whether a run that has ended or started is the awaited event."""
        if condition in _STATUSES:
            return self.status in _STATUSES[condition]
        return condition == "start" or self.status != LOST


Look = Callable[[], Sequence[WaitedRun]]
"""Returns the runs of the automation as they are now, in any order."""


def wait_for_run(
    look: Look,
    condition: WaitCondition,
    timeout: float | None = None,
    *,
    only_next: bool = False,
    pause: Pause = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> WaitedRun | None:
    """Wait until the run in progress has ended; without one, until the next run has.

    Args:
        look: Reads the runs.
        condition: With ``start`` the run only has to begin; otherwise it has to end.
        timeout: Seconds; None waits without end.
        only_next: Wait for the next run even if one is in progress.
        pause: Waits between two looks.
        monotonic: The clock of ``timeout``, in seconds.

    Returns:
        The run as it ended; it is lost where no result was written within ``SETTLING`` seconds. None where ``timeout``
        passed before.
    """
    began = monotonic()
    choice = _Choice(look(), only_next)
    gone_since: float | None = None
    while True:
        runs = look()
        run = choice.among(runs)
        if run is not None and (run.is_going or run.status is not None):
            choice.last = run
            if condition == "start" or not run.is_going:
                return run
            gone_since = None
        elif choice.last is not None:
            now = monotonic()
            gone_since = now if gone_since is None else gone_since
            if now - gone_since >= SETTLING:
                return replace(choice.last, status=LOST, why="it ended without a result")
        left = None if timeout is None else began + timeout - monotonic()
        if left is not None and left <= 0:
            return None
        pause(INTERVAL if left is None else min(INTERVAL, left))


class _Choice:
    """The run that is waited for, found again although its start differs a little once it has ended."""

    def __init__(self, runs: Sequence[WaitedRun], only_next: bool) -> None:
        going = [] if only_next else [run for run in runs if run.is_going or run.status == LOST]
        self.last = max(going, key=lambda run: run.started, default=None)
        self._known = {run.started for run in runs if run is not self.last}
        newest = max(self._known, default=None)
        self._floor = self.last.started - SLACK if self.last is not None else newest

    def among(self, runs: Sequence[WaitedRun]) -> WaitedRun | None:
        fresh = [
            run
            for run in runs
            if run.started not in self._known and (self._floor is None or run.started >= self._floor)
        ]
        return min(fresh, key=lambda run: run.started, default=None)
