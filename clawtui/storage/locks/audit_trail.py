"""The record of an act on a lock: released, taken back when expired, or restored (contract: the release)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from clawtui.model.documents.audit import Actor
from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.model.liveness.consent import Consent
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.storage.locks.released_locks import ReleasedLock
from clawtui.storage.user.audit import Audit
from clawtui.storage.user.audit_trail import AuditTrail

LockAct = Literal["lock-release", "lock-restore"]

RELEASED_EVENT = "lock-force-released"
RESTORED_EVENT = "lock-restored"
_EVENTS: dict[LockAct, tuple[str, LogLevel]] = {
    "lock-release": (RELEASED_EVENT, "warn"),
    "lock-restore": (RESTORED_EVENT, "info"),
}


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


class LockAuditTrail:
    """The record of one act on one lock. It is used like ``AuditTrail``."""

    def __init__(
        self,
        base: Path,
        audit: Audit,
        actor: Actor,
        clock: Callable[[], datetime],
        act: LockAct,
        aside: ReleasedLock,
        *,
        has_dispatcher: bool = True,
    ) -> None:
        """Begin the record, as that of ``AuditTrail``.

        ``aside`` is the name under which the lock is set aside; its token is the record's id.
        """
        self._trail = AuditTrail(base, audit, actor, clock, act, aside.token, has_dispatcher=has_dispatcher)
        self._act = act
        self._aside = aside

    def intend(
        self,
        reading: Reading[RepositoryLock],
        raw: bytes | None,
        grounds: Grounds | None = None,
        fingerprint: str | None = None,
    ) -> None:
        """Write the intent. ``raw`` is the content of the lock's file, if it was read.

        Raises Refused or Unwritable if it cannot be written: the lock must not be moved then.
        """
        facts = {
            "aside": self._aside.path,
            "repo_key": reading.value and reading.value.repo_key,
            "verdict": grounds and grounds.verdict,
            "expired": grounds and grounds.expired,
            "facts": grounds and grounds.facts,
            "consent": grounds and grounds.consent,
            "fingerprint": fingerprint,
            "lock": None if raw is None else _as_text(raw),
        }
        self._trail.intend(self._aside.lock, facts)

    def failures(self) -> AbstractContextManager[None]:
        """Write the outcome of an act that raises a ClawtuiError, and raise that error again."""
        return self._trail.failures()

    def done(
        self, now: ReleasedLock, reading: Reading[RepositoryLock], grounds: Grounds | None = None
    ) -> tuple[str, ...]:
        """Write that the act is done, and that the lock is set aside as ``now``.

        Returns a line for each record that could not be written.
        """
        lock = reading.value
        event, level = _EVENTS[self._act]
        facts = {
            "automationId": lock and lock.automation_id,
            "sessionId": lock and lock.session_id,
            "reason": grounds and grounds.reason,
            "repoKey": lock and lock.repo_key,
            "lock": now.lock,
            "aside": now.path,
            "facts": grounds and list(grounds.facts),
        }
        return self._trail.done(event, level, facts, now.path)


def _as_text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
