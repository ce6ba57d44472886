"""What is done to locks and slots from the dashboard. Loaded when it is first wanted, not at the start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from textual.app import App

from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.locks.free_slot import FreeSlotController
from clawtui.tui.controllers.locks.release_lock import ReleaseLockController
from clawtui.tui.controllers.locks.restore_lock import RestoreLockController


class LockActs:
    """Releases, restores and frees, one thing at a time."""

    def __init__(
        self,
        app: App[None],
        paths: StatePaths,
        clock: Callable[[], datetime],
        quiet_after: timedelta,
        *,
        read_only: bool,
    ) -> None:
        self._restoring = RestoreLockController(app, paths, clock, read_only=read_only)
        self._freeing = FreeSlotController(app, paths, clock, quiet_after, read_only=read_only)
        self._releasing = ReleaseLockController(
            app, paths, clock, self._restoring.ask, quiet_after, read_only=read_only
        )

    def consider(self, fleet: Fleet) -> None:
        """Another state of everything."""
        self._releasing.consider(fleet)
        self._freeing.consider(fleet)

    def release(self, path: str) -> None:
        """Asks whether to release the lock at ``path``."""
        self._releasing.ask(path)

    def free(self) -> None:
        """Asks whether to free the slot that most needs a hand."""
        self._freeing.ask()

    def undo(self) -> None:
        """Asks whether to restore what was released last."""
        self._restoring.ask()

    def stop(self) -> None:
        """The dashboard ends: nothing is waited for."""
        self._releasing.stop()
        self._freeing.stop()
        self._restoring.stop()
