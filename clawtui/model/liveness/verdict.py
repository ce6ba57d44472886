"""The verdict on a lock: whether its holder can be alive, and the facts that decide (contract: Locks).

Times in sentences are in the zone of ``now``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from clawtui.model.documents.base import Problem
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.liveness.evidence import Evidence, EvidenceItem, Proof
from clawtui.model.liveness.process_evidence import LOCK_RUN_ID, holder_evidence
from clawtui.model.liveness.session_evidence import session_evidence_of
from clawtui.model.text.cleaning import clean
from clawtui.model.text.units import age_span, short_span

Verdict = Literal["orphaned", "live", "quiet", "foreign", "invalid"]

MEANING: Mapping[Verdict, str] = {
    "orphaned": "the holder cannot be alive",
    "invalid": "this is no readable lock",
    "foreign": "from here it is not known whether the holder is alive",
    "quiet": "the holder may be alive, and its run has long been silent",
    "live": "its run is going, as far as is known",
}
"""Each verdict as a sentence, those that need the operator first."""


class LockJudgement(Struct, frozen=True):
    """The verdict on one lock, with its reasons."""

    verdict: Verdict
    expired: bool
    """Whether it is older than the gateway's timeout, so that the next dispatch that wants the repository takes it."""
    facts: tuple[str, ...]
    """The reasons, each a cleaned line; the decisive one comes first."""
    last_sign: datetime | None = None
    """The time of the last sign of life of its run; None if there was none."""
    process_gone: bool = False
    """Whether the process that took it has certainly ended, and so has its run."""
    foreign_facts: tuple[str, ...] = ()
    """The reasons that another host gave, on which the verdict is based; empty if none did."""


def judge(facts: Evidence) -> LockJudgement:
    """Return the verdict on a lock, by the table in the contract; in doubt it is the more cautious one."""
    lock = facts.lock.value
    if lock is None:
        return LockJudgement("invalid", False, (_unreadable(facts.lock.problem),))
    of_process = tuple(holder_evidence(facts, lock))
    items = (*of_process, *session_evidence_of(facts, lock))
    proofs = {item.proof for item in items}
    fresh = facts.is_fresh(lock)
    if Proof.DEAD in proofs:
        verdict: Verdict = "orphaned"
    elif Proof.UNREACHABLE in proofs:
        verdict = "foreign"
    else:
        verdict = "live" if fresh or Proof.ALIVE in proofs else "quiet"
    if len(lock.invalid_fields) > 1 and verdict != "live":
        verdict = "invalid"
    life = () if lock.automation_id == LOCK_RUN_ID else (_life(facts, lock),)
    lines = (*_deciding_first(items), *life, *_remarks(facts, lock))
    if (fault := lock.fault_text) is not None:
        judged_by = f"not understood: {fault}; judged by the rest"
        lines = (f"not a readable lock: {fault}", *lines) if verdict == "invalid" else (*lines, judged_by)
    return LockJudgement(
        verdict,
        lock.expired(facts.now, facts.timeout),
        tuple(map(clean, lines)),
        facts.last_sign(lock),
        process_gone=any(item.proof == Proof.DEAD for item in of_process),
    )


def _deciding_first(items: Iterable[EvidenceItem]) -> list[str]:
    return [item.text for item in sorted(items, key=lambda item: item.proof)]


def _unreadable(problem: Problem | None) -> str:
    return clean(f"not a readable lock: {problem.message if problem else 'for an unknown reason'}")


def _life(facts: Evidence, lock: RepositoryLock) -> str:
    quiet = age_span(facts.quiet_after)
    signs = facts.believable_signs(lock)
    if signs:
        last = max(signs, key=lambda sign: sign.at)
        ago = facts.now - last.at
        (at,) = facts.time_texts(last.at)
        silence = "" if ago <= facts.quiet_after else f": silent for longer than {quiet}"
        return f"last sign of life {_ago(ago)}, at {at}, in {last.source}{silence}"
    if facts.is_young(lock):
        return f"no sign of life yet; the lock is {_ago(lock.age(facts.now), 'old')}, not older than {quiet}"
    return "no sign of life since the lock was taken"


def _remarks(facts: Evidence, lock: RepositoryLock) -> Iterable[str]:
    if not lock.knows("acquired_at"):
        yield "how old it is cannot be read, so it never expires"
        return
    age = lock.age(facts.now)
    if facts.timeout is None:
        yield "whether it has expired is not known: config/dispatcher.json, which has the timeout, cannot be read"
    elif lock.expired(facts.now, facts.timeout):
        timeout = age_span(facts.timeout)
        yield f"expired: {age_span(age)} old, and the gateway takes locks back after {timeout}"
    if age < -facts.slack:
        (at,) = facts.time_texts(lock.acquired_at)
        yield f"taken at {at}, which is {short_span(-age)} from now: the clocks do not agree"
    for sign in facts.signs:
        if not facts.is_believable(sign.at):
            (at,) = facts.time_texts(sign.at)
            yield f"{sign.source} bears the time {at}, which is yet to come: it counts for nothing"


def _ago(span: timedelta, word: str = "ago") -> str:
    return f"{age_span(abs(span))} {word if span >= timedelta(0) else 'from now'}"
