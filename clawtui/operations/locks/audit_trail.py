"""Putting an act on a lock on record: the intent before it, how it ended after it, and an event that others can see."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal

from clawtui.model.documents.audit import Actor, AuditRecord
from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.log_entry import DispatcherLogEntry
from clawtui.model.errors import Changed, NoSuch, Refused, StorageError, Unwritable
from clawtui.model.fleet import Reading
from clawtui.model.liveness.consent import Consent
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.storage.locks.lock_file import Overlap
from clawtui.storage.locks.released_locks import ReleasedLock
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.logs import AutomationLogManager
from clawtui.storage.user.audit import Audit, why_unrecorded

Act = Literal["lock-release", "lock-restore"]

RELEASED_EVENT = "lock-force-released"
RESTORED_EVENT = "lock-restored"
_EVENTS: dict[Act, tuple[str, LogLevel]] = {
    "lock-release": (RELEASED_EVENT, "warn"),
    "lock-restore": (RESTORED_EVENT, "info"),
}
_OUTCOMES: tuple[tuple[type[StorageError], str], ...] = (
    (Overlap, "overlap"),
    (Changed, "changed"),
    (NoSuch, "changed"),
    (Refused, "refused"),
)


class LockAuditTrail:
    """The record of one act on one lock, in the audit and in the dispatcher's log."""

    def __init__(
        self,
        paths: StatePaths,
        audit: Audit,
        actor: Actor,
        clock: Callable[[], datetime],
        act: Act,
        aside: ReleasedLock,
    ) -> None:
        self._paths = paths
        self._audit = audit
        self._actor = actor
        self._clock = clock
        self._act = act
        self._aside = aside

    def intend(
        self,
        reading: Reading[RepositoryLock],
        raw: bytes | None,
        judged: LockJudgement | None = None,
        consent: Consent | None = None,
        fingerprint: str | None = None,
    ) -> None:
        """Writes what is about to be done. Raises Refused, Unwritable: then it must not be done."""
        known = {
            "actor": self._actor,
            "root": os.path.realpath(self._paths.automations),
            "path": self._aside.lock,
            "aside": self._aside.path,
            "repo_key": reading.value and reading.value.repo_key,
            "verdict": judged and judged.verdict,
            "expired": judged and judged.expired,
            "facts": judged and judged.facts,
            "consent": consent and consent.name.lower(),
            "fingerprint": fingerprint,
            "lock": None if raw is None else _as_text(raw),
        }
        try:
            self._write({name: value for name, value in known.items() if value is not None})
        except StorageError as error:
            kind = Refused if isinstance(error, Refused) else Unwritable
            raise kind(why_unrecorded(error)) from error

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Puts on record that the act failed, and why, and raises that again."""
        try:
            yield
        except StorageError as error:
            outcome = next((name for kind, name in _OUTCOMES if isinstance(error, kind)), "failed")
            try:
                self._write({"outcome": outcome, "message": str(error)})
            except StorageError as unrecorded:
                raise type(error)(f"{error}\nNor could that be put on record: {unrecorded}") from error
            raise

    def done(
        self, now: ReleasedLock, reading: Reading[RepositoryLock], judged: LockJudgement | None = None
    ) -> tuple[str, ...]:
        """Puts on record that it is done, where the lock was set aside as ``now``; what could not be written.

        Whoever looks after the gateway reads it in the dispatcher's log.
        """
        complaints = []
        try:
            AutomationLogManager(self._paths).write_dispatcher(self._event(now, reading, judged))
        except StorageError as error:
            complaints.append(f"the dispatcher's log does not tell of it: {error}")
        try:
            self._write({"outcome": "done", "aside": now.path, "message": "; ".join(complaints) or None})
        except StorageError as error:
            complaints.append(f"that it is done is not in the audit: {error}")
        return tuple(complaints)

    def _write(self, known: dict[str, object]) -> None:
        record = {"timestamp": self._clock(), "id": self._aside.token, "event": self._act, **known}
        self._audit.record(AuditRecord.model_validate(record))

    def _event(
        self, now: ReleasedLock, reading: Reading[RepositoryLock], judged: LockJudgement | None
    ) -> DispatcherLogEntry:
        lock = reading.value
        event, level = _EVENTS[self._act]
        known = {
            "timestamp": self._clock(),
            "level": level,
            "event": event,
            "automationId": lock and lock.automation_id,
            "sessionId": lock and lock.session_id,
            "reason": judged and judged.verdict,
            "repoKey": lock and lock.repo_key,
            "lock": now.lock,
            "aside": now.path,
            "facts": judged and list(judged.facts),
            "by": self._actor.text,
        }
        return DispatcherLogEntry.model_validate({name: value for name, value in known.items() if value is not None})


def _as_text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
