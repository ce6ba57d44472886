"""Judging the shown locks, slots and runs in the background, after changes and at intervals."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from textual.app import App
from textual.message import Message

from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.fleet import Fleet, Workspace
from clawtui.model.liveness.evidence import QUIET_AFTER
from clawtui.model.liveness.workspace_guard import unfinished
from clawtui.model.versioned_map import Derived
from clawtui.tui.controllers.locks.verdicts_there import verdicts_there
from clawtui.tui.controllers.periodic_worker import PeriodicWorker
from clawtui.tui.panes.locks.verdicts import Verdicts

if TYPE_CHECKING:
    from clawtui.operations.locks.lock_judge import LockJudge
    from clawtui.operations.locks.round_pace import RoundPace

_ANOTHER_LOCK: Final = 0.05
_ANOTHER_SIGN: Final = 1.0
"""Seconds between two rounds while only workspaces and logs change."""
_MAY_DIE: Final = 3.0
"""Seconds to the next round while a holder is alive, because a process can die without a change of a file."""
_DEAD: Final = 10.0
"""Seconds to the next round while no holder is alive: a log can still show activity, and clocks can be set."""


class LocksJudged(Message):
    """Message that the locks and slots of a fleet were judged. Only the newest message counts."""

    def __init__(self, verdicts: Verdicts) -> None:
        super().__init__()
        self.verdicts = verdicts

    def can_replace(self, message: Message) -> bool:
        """Return whether `message` is an earlier one of the kind."""
        return isinstance(message, LocksJudged)


class VerdictMonitor:
    """Monitor that repeats rounds while locks or slots are held.

    It posts `LocksJudged` to the app after each round, or calls `report` on the thread of the round.
    """

    def __init__(
        self,
        app: App[None],
        clock: Callable[[], datetime],
        quiet_after: timedelta = QUIET_AFTER,
        report: Callable[[Verdicts], object] | None = None,
    ) -> None:
        self._report = report or (lambda verdicts: app.post_message(LocksJudged(verdicts)))
        self._clock = clock
        self._quiet_after = quiet_after
        self._fleet = Fleet("")
        self._unended: Derived[str, Workspace, RuntimeState] = Derived(unfinished)
        """The states of runs that have not ended by their own state."""
        self._locks: LockJudge | None = None
        self._pace: RoundPace | None = None
        self._worker = PeriodicWorker(app, "judging the locks", self._judge)

    def consider(self, fleet: Fleet) -> None:
        """Judge again if `fleet` differs from the last one in a part that verdicts depend on."""
        last, self._fleet = self._fleet, fleet
        if fleet.connection is not None:  # its processes are not those of this host
            if fleet.judged is not None and fleet.judged is not last.judged:
                self._report(verdicts_there(fleet, fleet.judged, self._clock().tzinfo))
            return
        if fleet.locks is not last.locks or fleet.slots is not last.slots or fleet.lock_timeout != last.lock_timeout:
            self._worker.ask(_ANOTHER_LOCK)
        elif (fleet.workspaces is not last.workspaces or fleet.logs is not last.logs) and (
            fleet.locks or fleet.slots or self._unended.of(fleet.workspaces)
        ):
            self._worker.ask(_ANOTHER_SIGN)

    def _judge(self) -> float | None:
        from clawtui.operations.locks.lock_judge import LockJudge
        from clawtui.operations.locks.round_pace import RoundPace
        from clawtui.operations.runs.run_states import gather_run_context
        from clawtui.operations.slots.report import judged_slots

        fleet, now = self._fleet, self._clock()
        self._locks, self._pace = self._locks or LockJudge(self._quiet_after), self._pace or RoundPace()
        depth, began = self._pace.depth(time.monotonic()), time.thread_time()
        locks = self._locks.judge(fleet, now, every=depth.every, signs=depth.signs)
        self._pace.note(depth, time.monotonic(), time.thread_time() - began)
        slots = judged_slots(fleet, now, self._quiet_after, locks)
        runs = gather_run_context(fleet, now, self._quiet_after, locks, slots)
        self._report(Verdicts(fleet.locks, locks, slots, runs, now))
        verdicts: set[str] = {judged.verdict for judged in locks.values()}
        verdicts |= {judged.verdict for judged in slots}
        if not verdicts:
            return _DEAD if any(map(unfinished, fleet.workspaces.values())) else None
        return _DEAD if verdicts <= {"orphaned", "invalid", "foreign"} else _MAY_DIE
