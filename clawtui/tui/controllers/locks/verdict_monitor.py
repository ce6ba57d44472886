"""Judging the shown locks, slots and runs in the background, after changes and at intervals."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.app import App
from textual.message import Message

from clawtui.model.connection import JudgedThere
from clawtui.model.fleet import Fleet, Workspace
from clawtui.model.liveness.judging_pace import ChangeGap, pause_after_round
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.liveness.workspace_guard import unfinished
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.model.versioned_map import Derived
from clawtui.tui.controllers.background import PeriodicWorker
from clawtui.tui.panes.locks.verdicts import Verdicts

if TYPE_CHECKING:
    from clawtui.model.documents.workspace import RuntimeState
    from clawtui.operations.locks.lock_judge import LockJudge, RoundPace
    from clawtui.roots.foreign_locks import JudgedElsewhere


class LocksJudged(Message):
    """Message that the locks and slots of a fleet were judged. Only the newest message counts."""

    def __init__(self, verdicts: Verdicts) -> None:
        super().__init__()
        self.verdicts = verdicts

    def can_replace(self, message: Message) -> bool:
        """Return whether `message` is an earlier one of the kind."""
        return isinstance(message, LocksJudged)


def with_other_hosts(app: App[None], foreign: JudgedElsewhere | None) -> Callable[[Verdicts], object] | None:
    """Return a callback that reports the verdicts after asking the hosts of other roots; None without other roots."""
    if foreign is None:
        return None
    from clawtui.tui.controllers.locks.foreign_locks import ForeignLockMonitor

    return ForeignLockMonitor(app, *foreign, lambda verdicts: app.post_message(LocksJudged(verdicts))).take


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
        self._gap = ChangeGap()
        self._unended: Derived[str, Workspace, RuntimeState] = Derived(unfinished)
        self._locks: LockJudge | None = None
        self._pace: RoundPace | None = None
        self._worker = PeriodicWorker(app, "judging the locks", self._judge)

    def observe(self, fleet: Fleet) -> None:
        """Judge again if `fleet` differs from the last one in a part that verdicts depend on."""
        last, self._fleet = self._fleet, fleet
        if fleet.connection is not None:  # its processes are not those of this host
            if fleet.judged is not None and fleet.judged is not last.judged:
                self._report(verdicts_there(fleet, fleet.judged, self._clock().tzinfo))
            return
        if (gap := self._gap.after_change(last, fleet)) is not None:
            self._worker.ask(gap)

    def _judge(self) -> float | None:
        from clawtui.operations.locks.lock_judge import LockJudge, RoundPace
        from clawtui.operations.runs.run_states import gather_run_context

        fleet, now = self._fleet, self._clock()
        self._locks, self._pace = self._locks or LockJudge(self._quiet_after), self._pace or RoundPace()
        depth, began = self._pace.depth(time.monotonic()), time.thread_time()
        locks = self._locks.judge(fleet, now, every=depth.every, signs=depth.signs)
        self._pace.note(depth, time.monotonic(), time.thread_time() - began)
        unended = self._unended.of(fleet.workspaces)
        runs = gather_run_context(fleet, now, self._quiet_after, locks, unended)
        self._report(Verdicts(fleet.locks, locks, runs.slots, runs, now))
        verdicts: set[str] = {judged.verdict for judged in locks.values()} | {judged.verdict for judged in runs.slots}
        return pause_after_round(verdicts, has_unended=bool(unended))


def verdicts_there(fleet: Fleet, judged: JudgedThere, zone: tzinfo | None) -> Verdicts:
    """Return the verdicts of a root on another host; the facts of each say on which host it was judged, and when."""
    at = judged.at.astimezone(zone)
    fact = f"judged on {judged.host} at {at:%H:%M:%S}, with the processes that it sees"

    def with_source(lock: LockJudgement) -> LockJudgement:
        return replace(lock, facts=(*lock.facts, fact))

    return Verdicts(
        readings={path: reading for path, reading in fleet.locks.items() if judged.stamps.get(path) == reading.stamp},
        judged={path: with_source(lock) for path, lock in judged.locks.items()},
        slots=tuple(replace(slot, facts=(*slot.facts, fact)) for slot in judged.slots),
        runs=judged.runs,
        at=at,
    )
