"""The outcome of an act whose process ended before recording it, from the audit and the lock's name."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from clawtui.model.documents.audit import AuditRecord
from clawtui.model.errors import ClawtuiError
from clawtui.operations.locks.lock_places import lock_places
from clawtui.remote.agent.answers import set_aside
from clawtui.remote.messages.acts import ActOutcome, State
from clawtui.remote.messages.fields import MAX_TEXT_FIELD
from clawtui.storage.locks.released_locks import list_set_aside
from clawtui.storage.paths import StatePaths
from clawtui.storage.user.audit import Audit

_STATE: Final[dict[str, State]] = {
    "done": "done",
    "overlap": "overlap",
    "changed": "changed",
    "refused": "refused",
    "failed": "unwritable",
}


def outcome_by_traces(paths: StatePaths, id: str, token: str, now: datetime) -> ActOutcome | None:
    """Return the outcome of an act on a lock whose process has ended; None if it is unknown.

    ``token`` is the id of its records in the audit. A release that was set aside is done; one that has only an intent
    on record is not, because the lock is moved after that and its name keeps the token.
    """
    places = lock_places(paths)
    aside = next((each for each in list_set_aside(places.base, places.directories) if each.token == token), None)
    if aside is not None:
        return ActOutcome(id=id, state="done", at=aside.at, message="released", aside=set_aside(aside))
    try:
        records = [record for record in Audit().recent() if record.id == token]
    except ClawtuiError:
        return None
    if not records:
        return None
    last: AuditRecord = records[-1]
    if last.outcome is not None:
        state = _STATE.get(last.outcome, "unknown")
        return ActOutcome(id=id, state=state, at=last.timestamp, message=(last.message or "")[:MAX_TEXT_FIELD])
    if last.event == "lock-release":
        why = "clawtui there ended before it was released; nothing was done"
        return ActOutcome(id=id, state="unwritable", at=now, message=why)
    return None
