"""Judging the locks and slots that are shown: when what bears on them changed, and now and then meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from textual.app import App
from textual.message import Message

from clawtui.model.fleet import Fleet
from clawtui.model.liveness.evidence import QUIET_AFTER
from clawtui.tui.controllers.periodic_worker import PeriodicWorker
from clawtui.tui.panes.locks.verdicts import Verdicts

_ANOTHER_LOCK: Final = 0.05
_ANOTHER_SIGN: Final = 1.0
"""Seconds between two rounds while the papers of runs change all the time."""
_MAY_DIE: Final = 3.0
"""A process can die without any file changing."""
_DEAD: Final = 10.0
"""What is dead may only be found alive after all: a log says so, or a clock was set."""


class LocksJudged(Message):
    """The verdicts on the locks and slots of one fleet. Only the newest matter."""

    def __init__(self, verdicts: Verdicts) -> None:
        super().__init__()
        self.verdicts = verdicts

    def can_replace(self, message: Message) -> bool:
        """Later verdicts say all that earlier ones did."""
        return isinstance(message, LocksJudged)


class VerdictMonitor:
    """Posts ``LocksJudged`` to the app after each round. Where nothing is held there is none."""

    def __init__(self, app: App[None], clock: Callable[[], datetime], quiet_after: timedelta = QUIET_AFTER) -> None:
        self._app = app
        self._clock = clock
        self._quiet_after = quiet_after
        self._fleet = Fleet("")
        self._rounds = PeriodicWorker(app, "judging the locks", self._judge)

    def consider(self, fleet: Fleet) -> None:
        """Another state of everything: judges anew where that may make a difference."""
        last, self._fleet = self._fleet, fleet
        if fleet.locks is not last.locks or fleet.slots is not last.slots or fleet.lock_timeout != last.lock_timeout:
            self._rounds.ask(_ANOTHER_LOCK)
        elif (fleet.locks or fleet.slots) and any(
            new is not old for new, old in zip(_papers(fleet), _papers(last), strict=True)
        ):
            self._rounds.ask(_ANOTHER_SIGN)

    def _judge(self) -> float | None:
        from clawtui.operations.locks.report import judged_locks
        from clawtui.operations.slots.report import judged_slots

        fleet, now = self._fleet, self._clock()
        locks = judged_locks(fleet, now, self._quiet_after, patient=False)
        slots = judged_slots(fleet, now, self._quiet_after, locks)
        self._app.post_message(LocksJudged(Verdicts(fleet.locks, locks, slots, now)))
        verdicts: set[str] = {judged.verdict for judged in locks.values()}
        verdicts |= {judged.verdict for judged in slots}
        if not verdicts:
            return None
        return _DEAD if verdicts <= {"orphaned", "invalid", "foreign"} else _MAY_DIE


def _papers(fleet: Fleet) -> tuple[object, ...]:
    return (fleet.workspaces, fleet.logs)
