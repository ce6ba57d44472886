"""Taking back an expired lock: a release that nobody is asked for, set aside, on record and restorable (errata 8)."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from clawtui.files.fs.append import append_line
from clawtui.files.json5.serialize import to_json, to_plain
from clawtui.model.documents.audit import Actor, AuditRecord
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.log_entry import DispatcherLogEntry
from clawtui.model.errors import Changed, Refused, StorageError, Unwritable
from clawtui.model.paths import DISPATCHER_LOGS, day_log_name
from clawtui.model.text.units import age_span
from clawtui.storage.locks.lock_file import HeldLock
from clawtui.storage.locks.released_locks import KEPT, ReleasedLock, named_aside, set_lock_aside, sweep_set_aside
from clawtui.storage.paths import LOGS, StatePaths
from clawtui.storage.user.audit import Audit, why_unrecorded

_AUDIT_EVENT = "lock-release"
_LOG_EVENT = "lock-force-released"
"""As of a release by an operator, so that whatever reads of those reads of these too."""
_REASON = "expired"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An expired lock that was taken back, and where it is now."""

    lock: RepositoryLock
    aside: ReleasedLock
    fact: str
    """Why it was taken back: its age, and the timeout."""
    complaints: tuple[str, ...] = ()
    """What could not be written about it, each a line."""


def take_back(
    paths: StatePaths,
    held: HeldLock,
    *,
    now: datetime,
    timeout: timedelta,
    actor: Actor,
    audit: Audit | None = None,
) -> TakenBack:
    """Set the held lock aside, which is older than ``timeout``, and put that on record.

    The intent is in the audit before anything is moved, and the outcome after it; the dispatcher's log has the event.
    Raises Unreadable where the file is no lock; Changed where it is another lock by now; Refused where the record
    cannot be written or the move could not be undone; Overlap; Unwritable. Nothing was done then, but for Overlap.
    """
    lock = held.value()
    reading = held.reading()
    aside = named_aside(reading.path, now, secrets.token_hex(4))
    fact = f"expired: {age_span(lock.age(now))} old, and the gateway takes locks back after {age_span(timeout)}"
    record = _Record(audit or Audit(), now, aside.token)
    record.intend(
        actor=actor,
        root=os.path.realpath(paths.automations),
        path=aside.lock,
        aside=aside.path,
        repo_key=lock.repo_key,
        expired=True,
        facts=(fact,),
        consent=_REASON,
        fingerprint=held.fingerprint,
        lock=(held.raw or b"").decode(errors="replace"),
    )
    try:
        kept = set_lock_aside(held, aside)
    except StorageError as error:
        record.end("changed" if isinstance(error, Changed) else "failed", str(error))
        raise
    complaints = [*_log(paths, _entry(lock, kept, fact, now, actor)), *record.end("done", aside=kept.path)]
    try:
        sweep_set_aside(paths.automations, now - KEPT)
    except StorageError as error:
        complaints.append(f"what was set aside more than a day ago could not be swept: {error}")
    return TakenBack(lock, kept, fact, tuple(complaints))


@dataclass(frozen=True, slots=True)
class _Record:
    """The two lines that the audit has of one act."""

    audit: Audit
    at: datetime
    token: str

    def intend(self, **known: object) -> None:
        try:
            self._write(known)
        except StorageError as error:
            kind = Refused if isinstance(error, Refused) else Unwritable
            raise kind(why_unrecorded(error)) from error

    def end(self, outcome: str, message: str | None = None, aside: str | None = None) -> list[str]:
        """Write how it ended; what could not be written, each a line."""
        try:
            self._write({"outcome": outcome, "message": message, "aside": aside})
        except StorageError as error:
            return [f"how it ended is not in the audit: {error}"]
        return []

    def _write(self, known: dict[str, object]) -> None:
        record = {"timestamp": self.at, "id": self.token, "event": _AUDIT_EVENT, **known}
        self.audit.record(AuditRecord.model_validate(record))


def _entry(lock: RepositoryLock, aside: ReleasedLock, fact: str, now: datetime, actor: Actor) -> DispatcherLogEntry:
    return DispatcherLogEntry.model_validate(
        {
            "timestamp": now,
            "level": "warn",
            "event": _LOG_EVENT,
            "automationId": lock.automation_id,
            "sessionId": lock.session_id,
            "reason": _REASON,
            "repoKey": lock.repo_key,
            "lock": aside.lock,
            "aside": aside.path,
            "facts": [fact],
            "by": actor.text,
        }
    )


def _log(paths: StatePaths, entry: DispatcherLogEntry) -> list[str]:
    log = f"{LOGS}/{DISPATCHER_LOGS}/{day_log_name(entry.timestamp)}"
    try:  # the log manager itself looks at locks, so it cannot be used here
        append_line(paths.automations, log, to_json(to_plain(entry)))
    except StorageError as error:
        return [f"the dispatcher's log does not tell of it: {error}"]
    return []
