"""The fields of the records of an act on a lock: a release, a take-back or a restoration (contract: the release).

``AuditTrail`` writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.model.liveness.consent import Consent
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.storage.locks.released_locks import ReleasedLock

LockAct = Literal["lock-release", "lock-restore"]

RELEASED_EVENT = "lock-force-released"
RESTORED_EVENT = "lock-restored"
_EVENTS: dict[LockAct, tuple[str, LogLevel]] = {
    "lock-release": (RELEASED_EVENT, "warn"),
    "lock-restore": (RESTORED_EVENT, "info"),
}


class LogEvent(NamedTuple):
    """An event in the dispatcher's log: its name, its level, and its fields by their names on disk."""

    name: str
    level: LogLevel
    fields: Mapping[str, object]


class Grounds(NamedTuple):
    """The grounds on which a lock is moved: the verdict with its facts, and the consent."""

    facts: tuple[str, ...]
    consent: str
    """``asked``, ``typed`` and so on for an operator's; ``expired`` if the gateway takes the lock back itself."""
    expired: bool
    verdict: Verdict | None = None
    """None if the holder was not judged."""

    @property
    def reason(self) -> str:
        """The word for the dispatcher's log: the verdict, or else the consent."""
        return self.verdict or self.consent


def grounds_of(judged: LockJudgement, consent: Consent) -> Grounds:
    """Return the grounds of an operator's release, with the verdict that was shown."""
    return Grounds(judged.facts, consent.name.lower(), judged.expired, judged.verdict)


def intent_fields(
    aside: ReleasedLock,
    reading: Reading[RepositoryLock],
    raw: bytes | None,
    grounds: Grounds | None = None,
    fingerprint: str | None = None,
) -> dict[str, object]:
    """Return the fields of ``AuditRecord`` for the intent of an act on a lock, for ``AuditTrail.intend``.

    ``aside`` is the name under which the lock is set aside; ``raw`` the content of the lock's file, if it was read.
    """
    return {
        "aside": aside.path,
        "repo_key": reading.value and reading.value.repo_key,
        "verdict": grounds and grounds.verdict,
        "expired": grounds and grounds.expired,
        "facts": grounds and grounds.facts,
        "consent": grounds and grounds.consent,
        "fingerprint": fingerprint,
        "lock": None if raw is None else _as_text(raw),
    }


def event_of(
    act: LockAct, aside: ReleasedLock, reading: Reading[RepositoryLock], grounds: Grounds | None = None
) -> LogEvent:
    """Return the event for the dispatcher's log after ``act``; the lock is, or was, set aside as ``aside``."""
    lock = reading.value
    event, level = _EVENTS[act]
    fields = {
        "automationId": lock and lock.automation_id,
        "sessionId": lock and lock.session_id,
        "reason": grounds and grounds.reason,
        "repoKey": lock and lock.repo_key,
        "lock": aside.lock,
        "aside": aside.path,
        "facts": grounds and list(grounds.facts),
    }
    return LogEvent(event, level, fields)


def _as_text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
