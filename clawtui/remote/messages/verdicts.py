"""The message with the verdicts of the host of a root, made there and read here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import FailFast, Field

from clawtui.model.checked.field_types import Timestamp
from clawtui.model.connection import JudgedThere
from clawtui.model.documents.base import RunStatus, Stamp
from clawtui.model.fleet import Fleet
from clawtui.model.liveness.slot_verdict import SlotJudgement, SlotVerdict
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.model.runs.run_evidence import LogEnd, RunContext
from clawtui.model.text.cleaning import clean
from clawtui.remote.messages.fields import MAX_FACTS, MAX_TEXT_FIELD, Count, Facts, Message, Path, Seconds, Text
from clawtui.remote.messages.fields import Stamp as WireStamp


class LockVerdict(Message):
    """The verdict on a lock."""

    verdict: Verdict
    expired: bool = False
    facts: Facts = ()
    last_sign: Timestamp | None = None
    process_gone: bool = False


class LockFile(LockVerdict):
    """The verdict on the lock in a file."""

    path: Path
    stamp: WireStamp | None = None


class ReleasedLock(LockVerdict):
    """The verdict on a lock that an operator has released."""

    session: Text
    repository: Text


class SlotOfSession(Message):
    """The verdict on a slot."""

    session: Text
    number: Count
    verdict: SlotVerdict
    facts: Facts = ()
    last_sign: Timestamp | None = None


class WorkspaceRun(Message):
    """The facts about the run in a workspace besides its documents."""

    id: Path
    last_sign: Timestamp | None = None
    ended_at: Timestamp | None = None
    ended_as: RunStatus | None = None
    ended_with: Text = ""
    log: Path = ""


_MOST: Final = 1000
_MANY: Final = Field(max_length=_MOST)
_LONGEST: Final = 30 * 86400.0
"""The longest silence, in seconds, that a message may allow a run."""


class VerdictsMessage(Message):
    """The verdicts on all locks, slots and runs at one time of the clock there."""

    type: Literal["verdicts"] = "verdicts"
    at: Timestamp
    quiet_after: Seconds
    locks: Annotated[tuple[LockFile, ...], FailFast(), _MANY] = ()
    released: Annotated[tuple[ReleasedLock, ...], FailFast(), _MANY] = ()
    slots: Annotated[tuple[SlotOfSession, ...], FailFast(), _MANY] = ()
    runs: Annotated[tuple[WorkspaceRun, ...], FailFast(), _MANY] = ()


def verdicts_message(
    fleet: Fleet, locks: Mapping[str, LockJudgement], slots: tuple[SlotJudgement, ...], runs: RunContext, now: datetime
) -> VerdictsMessage:
    """Return the message with verdicts on a fleet. There is room for a bounded number of each kind."""
    workspaces = (runs.log_ends.keys() | runs.last_signs.keys()) & fleet.workspaces.keys()
    released = [(session, key, one) for session, each in runs.released.items() for key, one in each.items()]
    return VerdictsMessage(
        at=now,
        quiet_after=runs.quiet_after.total_seconds(),
        locks=tuple(
            LockFile(path=path, stamp=fleet.locks[path].stamp, **_fields(judged))
            for path, judged in list(locks.items())[:_MOST]
        ),
        released=tuple(
            ReleasedLock(session=session, repository=key, **_fields(one)) for session, key, one in released[:_MOST]
        ),
        slots=tuple(
            SlotOfSession(
                session=judged.slot.session_id,
                number=judged.slot.slot_number,
                verdict=judged.verdict,
                facts=_short(judged.facts),
                last_sign=judged.last_sign,
            )
            for judged in slots[:_MOST]
        ),
        runs=tuple(_run(id, runs) for id in sorted(workspaces)[:_MOST]),
    )


def lock_verdict(judged: LockJudgement) -> LockVerdict:
    """Return a verdict as it is sent."""
    return LockVerdict(**_fields(judged))


def _fields(judged: LockJudgement) -> dict[str, Any]:
    return {
        "verdict": judged.verdict,
        "expired": judged.expired,
        "facts": _short(judged.facts),
        "last_sign": judged.last_sign,
        "process_gone": judged.process_gone,
    }


def _short(facts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fact[:MAX_TEXT_FIELD] for fact in facts[:MAX_FACTS])


def _run(id: str, runs: RunContext) -> WorkspaceRun:
    end = runs.log_ends.get(id)
    last_sign = runs.last_signs.get(id)
    if end is None:
        return WorkspaceRun(id=id, last_sign=last_sign)
    return WorkspaceRun(
        id=id,
        last_sign=last_sign,
        ended_at=end.at,
        ended_as=end.status,
        ended_with=end.message[:MAX_TEXT_FIELD],
        log=end.path,
    )


def judged_there(message: VerdictsMessage, fleet: Fleet, host: str) -> JudgedThere:
    """Return the verdicts in a message on the things that are in the fleet, with all text cleaned."""
    locks = {each.path: judgement(each) for each in message.locks if each.path in fleet.locks}
    slots = {(slot.session_id, slot.slot_number): slot for slot in fleet.slots}
    judged_slots = tuple(
        SlotJudgement(slots[key], each.verdict, _cleaned(each.facts), each.last_sign)
        for each in message.slots
        if (key := (each.session, each.number)) in slots
    )
    released: dict[str, dict[str, LockJudgement]] = {}
    for one in message.released:
        released.setdefault(one.session, {})[clean(one.repository)] = judgement(one)
    runs = [run for run in message.runs if run.id in fleet.workspaces]
    context = RunContext(
        locks=locks,
        slots=judged_slots,
        released=released,
        log_ends={run.id: end for run in runs if (end := _log_end(run)) is not None},
        last_signs={run.id: run.last_sign for run in runs if run.last_sign is not None},
        quiet_after=timedelta(seconds=min(message.quiet_after, _LONGEST)),
    )
    stamps = {each.path: Stamp(*each.stamp) if each.stamp is not None else None for each in message.locks}
    return JudgedThere(host, message.at, locks, stamps, judged_slots, context)


def judgement(wire: LockVerdict) -> LockJudgement:
    """Return a verdict that was sent, with all text cleaned."""
    return LockJudgement(wire.verdict, wire.expired, _cleaned(wire.facts), wire.last_sign, wire.process_gone)


def _cleaned(facts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(clean, facts))


def _log_end(run: WorkspaceRun) -> LogEnd | None:
    if run.ended_at is None or run.ended_as is None:
        return None
    return LogEnd(run.ended_at, run.ended_as, clean(run.ended_with), run.log)
