"""The concurrency slots, each with the verdict on its session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from clawtui.model.documents.concurrency import ConcurrencyState, Slot
from clawtui.model.errors import Invalid
from clawtui.model.fleet import Fleet
from clawtui.model.liveness.slot_verdict import SlotEvidence, SlotJudgement, judge_slot
from clawtui.model.liveness.verdict import LockJudgement, judge
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.operations.evidence.host import ThisHost
from clawtui.operations.evidence.lock_evidence import gather
from clawtui.operations.evidence.signs_of_life import signs_of
from clawtui.operations.locks.report import judged_locks
from clawtui.storage.paths import StatePaths

Released = Mapping[tuple[str, str], LockJudgement]
"""The verdicts on locks that were released and are still kept, by session and repository."""


class Slots(Struct, frozen=True):
    """The slots that are taken, and how many there are."""

    state: ConcurrencyState | None
    """None where no slot was ever taken."""
    max: int | float | None
    """From the concurrency state, else from the dispatcher's configuration; None where neither has it."""
    problem: str | None = None
    """Why not all slots that are taken are known; None where they are."""


def load_slots(paths: StatePaths) -> Slots:
    """Return the slots as they are on disk. Raises Invalid where their file cannot be read."""
    from clawtui.storage.stores.dispatcher import ConcurrencyStore, DispatcherStore

    reading = ConcurrencyStore(paths).load()
    if reading is None:
        dispatcher = DispatcherStore(paths).load()
        return Slots(None, dispatcher.value.max_concurrent if dispatcher and dispatcher.value else None)
    if reading.value is None:
        raise Invalid(reading.problem.message if reading.problem else "cannot be read", reading.path)
    known = reading.value.knows("active_slots")
    return Slots(reading.value, reading.value.max_slots, None if known else reading.fault_text)


def judged_slots(
    fleet: Fleet,
    now: datetime,
    quiet_after: timedelta = QUIET_AFTER,
    locks: Mapping[str, LockJudgement] | None = None,
    released: Released | None = None,
) -> tuple[SlotJudgement, ...]:
    """Return the verdict on each slot that is taken, in the order of the file, at ``now``.

    ``locks`` and ``released`` are the results of ``judged_locks`` and ``released_locks`` where the caller has them.
    Reads processes and times of logs: not for an event loop.
    """
    if not fleet.slots:
        return ()
    judged = judged_locks(fleet, now, quiet_after) if locks is None else locks
    released = released_locks(fleet, now, quiet_after) if released is None else released
    return tuple(judge_slot(_gather(slot, fleet, judged, released, now, quiet_after)) for slot in fleet.slots)


def released_locks(fleet: Fleet, now: datetime, quiet_after: timedelta) -> Released:
    """Return the verdicts on the locks that were released and are still kept, by session and repository."""
    from clawtui.operations.locks.restore import restorable  # not loaded where no run and no slot is open

    host = ThisHost()
    found = restorable(StatePaths(Path(fleet.root)), now)
    return {
        (lock.session_id, lock.repo_key): judge(gather(each.reading, fleet, host, now, quiet_after))
        for each in found
        if (lock := each.reading.value) is not None
    }


def _gather(
    slot: Slot,
    fleet: Fleet,
    judged: Mapping[str, LockJudgement],
    released: Released,
    now: datetime,
    quiet_after: timedelta,
) -> SlotEvidence:
    workspace = fleet.workspaces.get(slot.automation_id)
    config = next((automation.config.value for automation in fleet.automations_with(slot.automation_id)), None)
    return SlotEvidence(
        slot=slot,
        workspace=workspace,
        locks={
            reading.value.repo_key: judged[path]
            for path, reading in fleet.locks.items()
            if path in judged and reading.value is not None and reading.value.session_id == slot.session_id
        },
        released={repo_key: verdict for (session, repo_key), verdict in released.items() if session == slot.session_id},
        signs=tuple(signs_of(slot, fleet, workspace)),
        last_result=config.latest_run if config else None,
        now=now,
        quiet_after=quiet_after,
    )
