"""Evidence about the session that a lock names, from the slot and the documents in the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from clawtui.model.liveness.evidence import EvidenceItem, Proof
from clawtui.model.liveness.process_evidence import LOCK_RUN_ID
from clawtui.model.paths import INFO_NAME, STATE_NAME

if TYPE_CHECKING:
    from clawtui.model.documents.lock import RepositoryLock
    from clawtui.model.documents.workspace import RuntimeState, WorkspaceInfo
    from clawtui.model.fleet import Reading
    from clawtui.model.liveness.evidence import Evidence

SETTLING = timedelta(minutes=1)
"""How long after its end a session may still write, and the gateway may take to free its slot."""

ENDED = frozenset(
    {
        *("complete", "completed", "success", "partial", "done", "finished"),
        *("failed", "error", "cancelled", "canceled", "abandoned", "aborted", "stopped"),
    }
)
"""The statuses of a run that has ended. Any other status, except ``running``, is unknown."""


def session_evidence_of(facts: Evidence, lock: RepositoryLock) -> Iterator[EvidenceItem]:
    """Yield the evidence about the session: the holder of the slot and the workspace, and whether the session ended.

    A session that ended or lost its workspace holds no lock, unless it still has a slot. Documents that were written
    before the lock was taken are of an earlier run and are ignored. A lock of ``clawtui lock run`` has no session.
    """
    if lock.automation_id == LOCK_RUN_ID:
        return
    if not lock.knows("session_id"):
        yield EvidenceItem("of which session it is cannot be read")
        return
    yield _slot_evidence(facts)
    is_without_slot = facts.slots_known and facts.slot is None and lock.knows("acquired_at")
    gone = Proof.DEAD if is_without_slot else Proof.NOTHING
    workspace = facts.workspace
    if workspace is None:
        return
    if workspace.state is not None:
        yield from _state_evidence(facts, lock, workspace.state, gone)
    if workspace.info is not None:
        yield from _info_evidence(facts, lock, workspace.info, gone)


def _slot_evidence(facts: Evidence) -> EvidenceItem:
    if facts.slot is not None:
        return EvidenceItem(f"its session holds slot {facts.slot.slot_number}")
    return EvidenceItem("no slot is held by its session" if facts.slots_known else "who holds a slot is not known")


def _state_evidence(
    facts: Evidence, lock: RepositoryLock, reading: Reading[RuntimeState], gone: Proof
) -> Iterator[EvidenceItem]:
    state = reading.value
    if state is None:
        yield EvidenceItem(f"the state of its run is not known: {STATE_NAME} {_why(reading)}")
        return
    written = state.last_update or _modified(reading) or state.start_time
    if written is None or written < lock.acquired_at:
        return
    (at,) = facts.time_texts(written)
    if state.session_id is None:
        yield EvidenceItem(f"{STATE_NAME} of {at} says “{state.status}”, and not of which session")
    elif state.session_id != lock.session_id:
        began = state.start_time
        if state.running or (began is not None and began >= lock.acquired_at):
            text = f"another session, {state.session_id}, has the workspace: {STATE_NAME} of {at}"
            yield _unless_active(facts, lock, text, gone, began or written)
    elif state.status.casefold() in ENDED:
        text = f"its session has ended: {STATE_NAME} of {at} says “{state.status}”"
        yield _unless_active(facts, lock, text, gone, written)
    else:
        yield EvidenceItem(f"{STATE_NAME} of {at} says “{state.status}”")


def _info_evidence(
    facts: Evidence, lock: RepositoryLock, reading: Reading[WorkspaceInfo], gone: Proof
) -> Iterator[EvidenceItem]:
    info = reading.value
    if info is None or info.session_id is None or info.created is None:
        return
    if info.session_id != lock.session_id and info.created >= lock.acquired_at:
        (at,) = facts.time_texts(info.created)
        text = f"another session, {info.session_id}, made the workspace {at}: {INFO_NAME}"
        yield _unless_active(facts, lock, text, gone, info.created)


def _unless_active(facts: Evidence, lock: RepositoryLock, text: str, gone: Proof, since: datetime) -> EvidenceItem:
    """Return proof that the session ended at ``since``, unless it wrote something more than ``SETTLING`` later."""
    last = facts.last_sign(lock)
    if gone == Proof.DEAD and last is not None and last - since > SETTLING:
        (lived,) = facts.time_texts(last)
        return EvidenceItem(f"{text}, yet its own session showed life at {lived}")
    return EvidenceItem(text, gone)


def _modified(reading: Reading[RuntimeState]) -> datetime | None:
    return datetime.fromtimestamp(reading.stamp.mtime_ns / 1e9, UTC) if reading.stamp else None


def _why(reading: Reading[RuntimeState]) -> str:
    return reading.problem.message if reading.problem else "cannot be read"
