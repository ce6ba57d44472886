"""The controllers that change locks and slots, which are created at their first use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from textual.app import App

from clawtui.operations.acts.protocol import RootActs
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.locks.free_slot import FreeSlotController
from clawtui.tui.controllers.locks.release_file import ReleaseLockFileController
from clawtui.tui.controllers.locks.release_lock import ReleaseLockController
from clawtui.tui.controllers.locks.restore_lock import RestoreLockController


class LockControllers(NamedTuple):
    """Controllers of the dialogs about locks and slots, each with at most one open dialog."""

    release: ReleaseLockController
    free: FreeSlotController
    restore: RestoreLockController
    release_file: ReleaseLockFileController
    """For the lock files of a stock gateway."""


def make_lock_controllers(
    app: App[None],
    acts: RootActs,
    paths: StatePaths,
    clock: Callable[[], datetime],
    quiet_after: timedelta,
    *,
    read_only: bool,
    heading: str = "",
) -> LockControllers:
    """Return the controllers for one root of any host; `acts` are those on the root.

    `clock` returns the time in the operator's zone; `quiet_after` is the time after which a run without a sign of life
    counts as quiet. With `read_only` each controller shows its facts, but refuses to act. `heading` begins each title
    and message, where several roots are shown.
    """
    restore = RestoreLockController(app, acts, clock, read_only=read_only)
    made = LockControllers(
        ReleaseLockController(app, acts, clock, restore.ask, read_only=read_only),
        FreeSlotController(app, paths, clock, quiet_after, read_only=read_only),
        restore,
        ReleaseLockFileController(app, paths, clock, restore.ask, quiet_after, read_only=read_only),
    )
    for each in made:
        each.messages.heading = heading
    return made
