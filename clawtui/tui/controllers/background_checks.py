"""All that looks after locks and findings, for the app: it tells every state, and passes on what is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.app import App

from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.doctor_monitor import DoctorMonitor
from clawtui.tui.controllers.interrupted_monitor import InterruptedMonitor
from clawtui.tui.controllers.locks.verdict_monitor import VerdictMonitor

if TYPE_CHECKING:
    from clawtui.tui.controllers.locks.lock_acts import LockActs


class BackgroundChecks:
    """``clock`` tells the time in the operator's zone, in which sentences tell theirs."""

    def __init__(
        self,
        app: App[None],
        paths: StatePaths,
        clock: Callable[[], datetime],
        quiet_after: timedelta,
        *,
        read_only: bool,
    ) -> None:
        self._app = app
        self._paths = paths
        self._clock = clock
        self._quiet_after = quiet_after
        self._read_only = read_only
        self._fleet = Fleet(str(paths.root))
        self._watchers = (
            VerdictMonitor(app, clock, quiet_after),
            DoctorMonitor(app, paths, clock, quiet_after),
            InterruptedMonitor(app, paths, clock),
        )
        self._surgery: LockActs | None = None

    def consider(self, fleet: Fleet) -> None:
        """Another state of everything."""
        self._fleet = fleet
        for watcher in self._watchers:
            watcher.consider(fleet)
        if self._surgery is not None:
            self._surgery.consider(fleet)

    @property
    def surgery(self) -> LockActs:
        """What is done to locks; loaded when it is first wanted."""
        if self._surgery is None:
            from clawtui.tui.controllers.locks.lock_acts import LockActs

            self._surgery = LockActs(self._app, self._paths, self._clock, self._quiet_after, read_only=self._read_only)
            self._surgery.consider(self._fleet)
        return self._surgery

    def stop(self) -> None:
        """The dashboard ends: nothing is waited for."""
        if self._surgery is not None:
            self._surgery.stop()
