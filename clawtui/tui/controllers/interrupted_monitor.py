"""Noticing what a killed release or restore left, at the start and for as long as it is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.app import App
from textual.message import Message

from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.periodic_worker import PeriodicWorker

if TYPE_CHECKING:
    from clawtui.operations.doctor.interrupted import InterruptedWork

_FIRST: Final = 0.5
_ANOTHER_LOCK: Final = 2.0
_LEFT: Final = 5.0
"""Seconds between two looks while there is something: it may be mended by a command, which changes no lock."""


class InterruptedFound(Message):
    """What was cut short and stands unmended; nothing where all of it is mended."""

    def __init__(self, leftovers: tuple[InterruptedWork, ...]) -> None:
        super().__init__()
        self.leftovers = leftovers


class InterruptedMonitor:
    """Posts ``InterruptedFound`` to the app whenever it is something else than before."""

    def __init__(self, app: App[None], paths: StatePaths, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._paths = paths
        self._clock = clock
        self._fleet = Fleet("")
        self._found: tuple[InterruptedWork, ...] = ()
        self._rounds = PeriodicWorker(app, "looking for what was cut short", self._look)

    def consider(self, fleet: Fleet) -> None:
        """Another state of everything: looks once all has been read, and when a lock came or went."""
        last, self._fleet = self._fleet, fleet
        if fleet.loaded and not last.loaded:
            self._rounds.ask_in(_FIRST)
        elif fleet.loaded and fleet.locks is not last.locks:
            self._rounds.ask(_ANOTHER_LOCK)

    def _look(self) -> float | None:
        from clawtui.operations.doctor.interrupted import found_leftovers, found_workspaces_aside

        now = self._clock()
        found = (*found_leftovers(self._paths, now), *found_workspaces_aside(self._paths, now))
        if found != self._found:
            self._found = found
            self._app.post_message(InterruptedFound(found))
        return _LEFT if found else None
