"""Examining the state directory in the background, for the same findings as those of `clawtui doctor`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from math import inf
from typing import TYPE_CHECKING, Final

from textual.app import App
from textual.message import Message

from clawtui.model.fleet import Fleet
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.background import PeriodicWorker

if TYPE_CHECKING:
    from clawtui.model.findings.finding import Finding
    from clawtui.operations.doctor.examine import Examiner

_FIRST: Final = 1.0
"""Seconds from the first complete fleet to the first examination, which would delay the first frame."""
_SHARE: Final = 200
"""The pause after an examination is at least this many times the CPU time that it took."""
_SHARE_OF_SIGNS: Final = 1200
"""The same for those that examine logs and processes for each lock."""
_SHARE_OF_WALK: Final = 3000
"""The same for walks over all files: what they find is old, as a temp file of a day ago."""
_SHARE_AT_REST: Final = 400
"""The same while nothing changes."""
_GAP: Final = 2.0
_LONGEST_GAP: Final = 10.0
"""The longest pause while something changes, whatever an examination costs; walks over all files have no such limit."""
_AT_REST: Final = 60.0
"""Seconds to the next examination without a change, because some findings depend on the time or on the disk."""


class FindingsChanged(Message):
    """Message that the findings have changed; the most severe come first. Only the newest message counts."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__()
        self.findings = findings

    def can_replace(self, message: Message) -> bool:
        """Return whether `message` is an earlier one of the kind."""
        return isinstance(message, FindingsChanged)


class DoctorMonitor:
    """Monitor that posts `FindingsChanged` to the app when the findings have changed."""

    def __init__(
        self,
        app: App[None],
        paths: StatePaths,
        clock: Callable[[], datetime],
        quiet_after: timedelta = QUIET_AFTER,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._paths = paths
        self._clock = clock
        self._quiet_after = quiet_after
        self._fleet = Fleet("")
        self._found: tuple[Finding, ...] | None = None
        """None until the first examination, so that an empty result is reported too."""
        self._gap = _GAP
        self._examiner: Examiner | None = None
        self._monotonic = monotonic
        self._walk_due = self._signs_due = -inf
        self._worker = PeriodicWorker(app, "examining everything", self._examine, monotonic)

    def observe(self, fleet: Fleet) -> None:
        """Examine again after a pause if anything but logs differs from the last fleet."""
        last, self._fleet = self._fleet, fleet
        if not fleet.loaded or fleet.gateway is not None or fleet.connection is not None:
            return
        if not last.loaded:
            self._worker.ask_in(_FIRST)
        elif any(new is not old for new, old in zip(_parts(fleet), _parts(last), strict=True)):
            self._worker.ask(self._gap)

    def _examine(self) -> float:
        from clawtui.operations.doctor.examine import Examiner

        examiner = self._examiner = self._examiner or Examiner(self._paths, self._quiet_after)
        now, began, walk_cost = self._clock(), time.thread_time(), 0.0
        if self._monotonic() >= self._walk_due:
            examiner.walk(now)
            walk_cost = time.thread_time() - began
            self._walk_due = self._monotonic() + max(_GAP, _SHARE_OF_WALK * walk_cost)
        signs = self._monotonic() >= self._signs_due
        found = examiner.examine(self._fleet, now, signs=signs)
        if found != self._found:
            self._found = found
            self._app.post_message(FindingsChanged(found))
        took = time.thread_time() - began - walk_cost
        if signs:
            self._signs_due = self._monotonic() + gap_after(took, _SHARE_OF_SIGNS)
        else:
            self._gap = gap_after(took)
        return max(_AT_REST, _SHARE_AT_REST * (took + walk_cost))


def gap_after(took: float, share: int = _SHARE) -> float:
    """Return the pause while something changes after an examination that took so many seconds of CPU time."""
    return min(max(_GAP, share * took), _LONGEST_GAP)


def _parts(fleet: Fleet) -> tuple[object, ...]:
    return (
        *(fleet.dispatcher, fleet.concurrency, fleet.automations, fleet.workspaces, fleet.locks, fleet.problems),
        fleet.watch,
    )
