"""Evidence that a run uses a workspace: the verdicts on the locks and slots of its automation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.concurrency import Slot
from clawtui.model.fleet import Workspace
from clawtui.model.liveness.slot_verdict import SlotJudgement
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.model.text.units import age_span
from clawtui.operations.evidence.lock_context import read_lock_context
from clawtui.operations.evidence.signs_of_life import signs_of
from clawtui.operations.locks.report import judged_locks
from clawtui.operations.slots.report import judged_slots
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspaces.claims import Claim, claims_on


def standing_claims(
    paths: StatePaths, workspace: Workspace, now: datetime, quiet_after: timedelta = QUIET_AFTER
) -> Iterator[str]:
    """Yield each claim on a workspace whose holder may be alive, with its verdict, as a clause.

    The verdicts are those of the lists of locks and slots. A claim that cannot be read counts.
    """
    claims = claims_on(paths, workspace.id, workspace)
    locks = {claim.lock.path: claim.lock for claim in claims if claim.lock is not None}
    holders = (claim.slot or (claim.lock and claim.lock.value) for claim in claims)
    context = read_lock_context(paths, next((holder for holder in holders if holder), None))
    fleet = replace(context, locks=locks, workspaces={workspace.id: workspace})
    by_path = judged_locks(fleet, now, quiet_after)
    by_slot = judged_slots(fleet, now, quiet_after, by_path)
    for claim in claims:
        verdict = _verdict_on(claim, by_path, by_slot)
        if verdict is None or verdict.verdict == "invalid":
            yield claim.text
        elif verdict.verdict != "orphaned":
            yield f"{claim.text}, which is {verdict.verdict}: {verdict.facts[0]}"


def sign_of_life(
    paths: StatePaths, workspace: Workspace, now: datetime, quiet_after: timedelta = QUIET_AFTER
) -> str | None:
    """Return the last sign of life of the run in a workspace as a clause; None where it is past the quiet time."""
    state = workspace.state.value if workspace.state else None
    if state is None or state.session_id is None:
        return None
    began = state.start_time or EPOCH
    session = Slot(automation_id=workspace.id, session_id=state.session_id, acquired_at=began, slot_number=1)
    signs = signs_of(session, read_lock_context(paths, session), workspace)
    fresh = [sign for sign in signs if abs(now - sign.at) <= quiet_after]
    if not fresh:
        return None
    last = max(fresh, key=lambda sign: sign.at)
    return f"its run showed life {age_span(abs(now - last.at))} ago, in {last.source}"


def _verdict_on(
    claim: Claim, by_path: Mapping[str, LockJudgement], by_slot: Iterable[SlotJudgement]
) -> LockJudgement | SlotJudgement | None:
    if claim.lock is not None:
        return by_path.get(claim.lock.path)
    return next((judged for judged in by_slot if judged.slot == claim.slot), None)
