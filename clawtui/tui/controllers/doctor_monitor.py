"""Keeping what ``doctor`` would find current while the dashboard is open, at a cost that nobody notices."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from textual.app import App
from textual.message import Message

from clawtui.model.findings.finding import SEVERITIES, Finding
from clawtui.model.fleet import Fleet
from clawtui.model.liveness.evidence import QUIET_AFTER
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.periodic_worker import PeriodicWorker

_FIRST: Final = 1.0
"""Seconds after everything was read: until then the screen comes first."""
_SHARE: Final = 50
"""A round waits for so many times as long as the last one took."""
_GAP: Final = 2.0
_AT_REST: Final = 60.0
"""Some findings come of time alone: what is overdue, a disk that fills."""


class FindingsChanged(Message):
    """What does not fit together, the most severe first. Only the newest matters."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__()
        self.findings = findings

    def can_replace(self, message: Message) -> bool:
        """A later examination says all that an earlier one did."""
        return isinstance(message, FindingsChanged)


class DoctorMonitor:
    """Posts ``FindingsChanged`` to the app whenever something else was found than before."""

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
        self._monotonic = monotonic
        self._fleet = Fleet("")
        self._found: tuple[Finding, ...] | None = None
        """None until the first round: that nothing was found is worth telling once."""
        self._gap = _GAP
        self._rounds = PeriodicWorker(app, "examining what fits together", self._examine, monotonic)

    def consider(self, fleet: Fleet) -> None:
        """Another state of everything: examines it in a while, where anything but a log is another."""
        last, self._fleet = self._fleet, fleet
        if not fleet.loaded:
            return
        if not last.loaded:
            self._rounds.ask_in(_FIRST)
        elif any(new is not old for new, old in zip(_parts(fleet), _parts(last), strict=True)):
            self._rounds.ask(self._gap)

    def _examine(self) -> float:
        from clawtui.operations.doctor.examine import examine

        began = self._monotonic()
        found = examine(self._fleet, self._paths, self._clock(), self._quiet_after)
        found = tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
        if found != self._found:
            self._found = found
            self._app.post_message(FindingsChanged(found))
        self._gap = max(_GAP, _SHARE * (self._monotonic() - began))
        return max(_AT_REST, self._gap)


def _parts(fleet: Fleet) -> tuple[object, ...]:
    return (
        *(fleet.dispatcher, fleet.concurrency, fleet.automations, fleet.workspaces, fleet.locks, fleet.problems),
        fleet.watch,
    )
