"""Finding releases, restores and removals that a killed process left unfinished."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.app import App

from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.background import PeriodicWorker
from clawtui.tui.panes.banner import InterruptedNotices

if TYPE_CHECKING:
    from clawtui.model.gateway.ownership import OwnedLock
    from clawtui.operations.doctor.interrupted import InterruptedWork

_FIRST: Final = 0.5
"""Seconds from the first complete fleet to the first look."""
_ANOTHER_LOCK: Final = 2.0
"""Seconds between two looks while locks change."""
_AGAIN: Final = 5.0
"""Seconds between two looks while there are unfinished operations, which may end without a change of a lock."""


class InterruptedMonitor:
    """Monitor that looks in the background, and calls `show` on the event loop when the notices have changed."""

    def __init__(
        self,
        app: App[None],
        paths: StatePaths,
        clock: Callable[[], datetime],
        show: Callable[[InterruptedNotices], None],
    ) -> None:
        self._app = app
        self._paths = paths
        self._clock = clock
        self._show = show
        self._fleet = Fleet("")
        self._found: tuple[InterruptedWork, ...] = ()
        self._worker = PeriodicWorker(app, "looking for interrupted work", self._look)

    def observe(self, fleet: Fleet) -> None:
        """Look when the first fleet is complete, and after each change of the locks."""
        last, self._fleet = self._fleet, fleet
        if fleet.connection is not None:
            return
        if fleet.loaded and not last.loaded:
            self._worker.ask_in(_FIRST)
        elif fleet.loaded and (fleet.locks is not last.locks or _lock_files(fleet) != _lock_files(last)):
            self._worker.ask(_ANOTHER_LOCK)

    def _look(self) -> float | None:
        from clawtui.operations.doctor.interrupted import find_interrupted, find_interrupted_removals

        now = self._clock()
        found = (*find_interrupted(self._paths, now), *find_interrupted_removals(self._paths, now))
        if found != self._found:
            self._found = found
            self._app.call_later(self._show, tuple((each.text, each.fix) for each in found))
        return _AGAIN if found else None


def _lock_files(fleet: Fleet) -> tuple[OwnedLock, ...]:
    """Return the lock files of a stock gateway."""
    return fleet.gateway.locks if fleet.gateway is not None else ()
