"""The verdict on a slot: whether its session can be at work, and the facts that decide.

A slot names no process, so the evidence is the session's lock and the documents of its run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

from clawtui.model.documents.automation import RunResult
from clawtui.model.documents.concurrency import Slot
from clawtui.model.fleet import Workspace
from clawtui.model.liveness.evidence import SLACK, EvidenceItem, Proof, SignOfLife
from clawtui.model.liveness.session_evidence import ENDED, SETTLING
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.model.paths import INFO_NAME, STATE_NAME
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.model.text.cleaning import clean
from clawtui.model.text.units import age_span

if TYPE_CHECKING:
    from clawtui.model.documents.workspace import RuntimeState

SlotVerdict = Literal["orphaned", "quiet", "live"]

SLOT_MEANING: Mapping[SlotVerdict, str] = {
    "orphaned": "its session is over: nothing will ever free it",
    "quiet": "its session may be at work, and has long been silent",
    "live": "its session is at work, as far as is known",
}
"""Each verdict as a sentence, those that need the operator first."""

_PROOFS: Mapping[Verdict, Proof] = {"live": Proof.ALIVE, "orphaned": Proof.DEAD, "foreign": Proof.UNREACHABLE}
"""The strength of a verdict on a session's lock as evidence about the session."""


class SlotEvidence(Struct, frozen=True):
    """All facts on which the verdict on a slot rests."""

    slot: Slot
    workspace: Workspace | None
    """The workspace of the automation that the slot names."""
    locks: Mapping[str, LockJudgement]
    """By repository: the verdicts on the locks that the session holds."""
    signs: tuple[SignOfLife, ...]
    """Times of files that the session may have written."""
    last_result: RunResult | None
    """How the automation's last run ended, from its configuration."""
    now: datetime
    quiet_after: timedelta = QUIET_AFTER
    released: Mapping[str, LockJudgement] = field(default_factory=dict)
    """By repository: the verdicts on locks of the session that an operator has released."""

    @property
    def last_sign(self) -> SignOfLife | None:
        """The last sign of life since the slot was taken; times far in the future are ignored."""
        latest = self.now + self.quiet_after
        signs = [sign for sign in self.signs if self.slot.acquired_at <= sign.at <= latest]
        return max(signs, key=lambda sign: sign.at, default=None)

    @property
    def is_fresh(self) -> bool:
        """Whether the session shows life, or the slot is younger than the quiet time."""
        last = self.last_sign
        shows_life = last is not None and self.now - last.at <= self.quiet_after
        return shows_life or abs(self.now - self.slot.acquired_at) <= self.quiet_after


class SlotJudgement(Struct, frozen=True):
    """The verdict on one slot, with its reasons."""

    slot: Slot
    verdict: SlotVerdict
    facts: tuple[str, ...]
    """The reasons, each a cleaned line; the decisive one comes first."""
    last_sign: datetime | None = None
    """The time of the last sign of life of its session; None if there was none."""


def judge_slot(facts: SlotEvidence) -> SlotJudgement:
    """Return the verdict on a slot. A lock with the verdict ``live`` outweighs all other evidence."""
    items = (*_lock_evidence(facts), *_workspace_evidence(facts), *_result_evidence(facts))
    proofs = {item.proof for item in items}
    if Proof.ALIVE in proofs:
        verdict: SlotVerdict = "live"
    elif Proof.DEAD in proofs:
        verdict = "orphaned"
    else:
        verdict = "live" if facts.is_fresh else "quiet"
    decides = Proof.ALIVE if verdict == "live" else Proof.DEAD
    lines = sorted(items, key=lambda item: item.proof != decides)
    texts = (*(item.text for item in lines), _life(facts), _age(facts))
    last = facts.last_sign
    return SlotJudgement(facts.slot, verdict, tuple(map(clean, texts)), last.at if last else None)


def _lock_evidence(facts: SlotEvidence) -> Iterator[EvidenceItem]:
    if not facts.locks:
        yield EvidenceItem("its session holds no lock")
    for repository, lock in facts.locks.items():
        why = f": {lock.facts[0]}" if lock.facts else ""
        proof = _PROOFS.get(lock.verdict, Proof.NOTHING)
        yield EvidenceItem(f"it holds the lock on {repository}, which is {lock.verdict}{why}", proof)
    for repository, lock in facts.released.items():
        why = f": {lock.facts[0]}" if lock.facts else ""
        proof = Proof.DEAD if lock.verdict == "orphaned" else Proof.NOTHING
        yield EvidenceItem(f"its lock on {repository} was released by hand, and is {lock.verdict}{why}", proof)


def _workspace_evidence(facts: SlotEvidence) -> Iterator[EvidenceItem]:
    workspace, slot = facts.workspace, facts.slot
    if workspace is None:
        yield EvidenceItem("its automation has no workspace")
        return
    if workspace.state is None:
        yield EvidenceItem(f"its workspace has no {STATE_NAME}")
    elif workspace.state.value is None:
        yield EvidenceItem(f"the state of its run is not known: {STATE_NAME} cannot be read")
    else:
        yield from _state_evidence(facts, workspace.state.value)
    info = workspace.info.value if workspace.info else None
    if info is None or info.session_id is None or info.created is None:
        return
    if info.session_id != slot.session_id and info.created > slot.acquired_at + SLACK:
        text = f"another session, {info.session_id}, made the workspace since: {INFO_NAME}"
        yield _unless_active(facts, text, info.created)


def _state_evidence(facts: SlotEvidence, state: RuntimeState) -> Iterator[EvidenceItem]:
    """Yield what ``state.json`` says; one that was written before the slot was taken is of an earlier run."""
    slot = facts.slot
    written = state.last_update or state.start_time
    if written is None or written < slot.acquired_at:
        return
    ago = _ago(facts.now - written)
    if state.session_id is None:
        yield EvidenceItem(f"{STATE_NAME} says “{state.status}”, {ago}, and not of which session")
    elif state.session_id != slot.session_id:
        began = state.start_time
        if state.running or (began is not None and began > slot.acquired_at + SLACK):
            text = f"another session, {state.session_id}, has the workspace: {STATE_NAME}, {ago}"
            yield _unless_active(facts, text, began or written)
    elif state.status.casefold() in ENDED:
        text = f"its session has ended: {STATE_NAME} says “{state.status}”, {ago}"
        yield _unless_active(facts, text, written) if facts.now - written > SETTLING else EvidenceItem(text)
    else:
        yield EvidenceItem(f"{STATE_NAME} says “{state.status}”, {ago}")


def _unless_active(facts: SlotEvidence, text: str, since: datetime) -> EvidenceItem:
    """Return proof that the session ended at ``since``, unless it wrote something more than ``SETTLING`` later."""
    last = facts.last_sign
    if last is not None and last.at - since > SETTLING:
        return EvidenceItem(f"{text}, yet its own session showed life {_ago(facts.now - last.at)}, in {last.source}")
    return EvidenceItem(text, Proof.DEAD)


def _result_evidence(facts: SlotEvidence) -> Iterator[EvidenceItem]:
    """Yield whether a run that began after the slot was taken has ended: an automation has one run at a time."""
    result, last = facts.last_result, facts.last_sign
    if result is None or result.timestamp < facts.slot.acquired_at:
        return
    ended = _end_of(result)
    settled = facts.now - ended > SETTLING and (last is None or last.at <= ended + SETTLING)
    text = f"a run that began since is on record as over: “{result.status}”, {_ago(facts.now - result.timestamp)}"
    yield EvidenceItem(text, Proof.DEAD if settled else Proof.NOTHING)


def _end_of(result: RunResult) -> datetime:
    try:
        return result.timestamp + result.took
    except OverflowError:
        return result.timestamp


def _life(facts: SlotEvidence) -> str:
    last = facts.last_sign
    quiet = age_span(facts.quiet_after)
    if last is None:
        return "no sign of life since the slot was taken"
    silent = facts.now - last.at > facts.quiet_after
    return f"last sign of life {_ago(facts.now - last.at)}, in {last.source}" + (
        f": silent for longer than {quiet}" if silent else ""
    )


def _age(facts: SlotEvidence) -> str:
    age = facts.now - facts.slot.acquired_at
    return f"taken {_ago(age)}" + (": the clocks do not agree" if age < -SLACK else "")


def _ago(span: timedelta) -> str:
    return f"{age_span(span)} ago" if span >= -SLACK else f"{age_span(-span)} from now"
