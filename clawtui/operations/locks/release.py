"""The release of a repository lock, and the watch over the repository after it (contract: Locks, the release)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from clawtui.model.documents.audit import Actor
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import Refused
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.consent import Consent, key_of, required_consent
from clawtui.model.liveness.verdict import MEANING, LockJudgement, judge
from clawtui.model.paths import LOCK_SUFFIX
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.operations.evidence.host import ThisHost
from clawtui.operations.evidence.lock_context import read_lock_context, standing_lock
from clawtui.operations.evidence.lock_evidence import gather
from clawtui.operations.locks.lock_places import LockPlaces
from clawtui.operations.locks.removal import RemovalRules, remove_lock
from clawtui.operations.locks.report import LockReport
from clawtui.storage.locks.audit_fields import grounds_of
from clawtui.storage.locks.lock_file import HeldLock
from clawtui.storage.locks.released_locks import ReleasedLock
from clawtui.storage.paths import LOCKS, StatePaths
from clawtui.storage.user.audit import Audit

WATCHED = 10.0
"""How many seconds the repository is watched after a release (step 7)."""

_POLL = 0.1
"""Seconds between two looks at the repository."""

ReadFleet = Callable[[StatePaths, RepositoryLock | None], Fleet]
"""Returns the current files that the verdict on a lock needs."""


class Target(Struct, frozen=True):
    """One version of one lock: the version that was shown, not a lock that replaced it."""

    path: str
    fingerprint: str


class Released(Struct, frozen=True):
    """A lock that was released."""

    reading: Reading[RepositoryLock]
    """The content of the lock."""
    judged: LockJudgement
    """The verdict on which it was released."""
    aside: ReleasedLock
    """Where the lock file is now, so that it can be restored."""
    at: datetime
    complaints: tuple[str, ...] = ()
    """Errors beside the release, one line each: it could not be logged, or old locks could not be removed."""

    @property
    def key(self) -> str:
        """The name of the lock in a command: the repository's key, or the path of the lock file."""
        return key_of(self.reading)


def target_of(report: LockReport) -> Target:
    """Return the version of the lock that ``report`` is about. Raises Refused where it has no fingerprint."""
    if report.fingerprint is None:
        why = report.reading.problem.message if report.reading.problem else "cannot be looked at"
        raise Refused(f"{report.reading.path} {why}; nothing was done")
    return Target(report.reading.path, report.fingerprint)


def release(
    paths: StatePaths,
    target: Target,
    consent: Consent,
    actor: Actor,
    clock: Callable[[], datetime],
    quiet_after: timedelta = QUIET_AFTER,
    *,
    read_fleet: ReadFleet = read_lock_context,
    audit: Audit | None = None,
    token: str | None = None,
    foreign_facts: tuple[str, ...] = (),
) -> Released:
    """Release the lock at ``target`` in the steps of the contract, where ``consent`` covers the current verdict.

    ``clock`` returns the current time with its zone, ``read_fleet`` the files that the verdict needs. ``token`` is the
    id of the act's records, eight hex digits, by default random. ``foreign_facts`` are those that another host
    gave; they are recorded beside the facts of this one.

    Raises Changed where the lock is gone or was replaced; Refused where the verdict demands more than the consent,
    where the file system could not give the lock its name back and the consent is less than TYPED, or where the path
    does not allow it; Overlap where a fresh lock was moved and could not be put back; Unwritable. Nothing was done
    then, except after Overlap. A release that cannot be recorded in the audit is not done.
    """
    _require_name_of_lock(target.path)

    def judged(held: HeldLock, now: datetime) -> LockJudgement:
        return _judge(paths, held, now, quiet_after, read_fleet)

    rules = RemovalRules(
        places=LockPlaces(paths, is_gateway=False),
        judge=judged,
        require=lambda held, judged: _require_consent(held.reading(), judged, consent),
        grounds=lambda judged: grounds_of(replace(judged, facts=(*judged.facts, *foreign_facts)), consent),
        reading=HeldLock.reading,
        after=lambda held: tuple(_under_other_name(paths, held)),
        final=consent >= Consent.TYPED,
        without_undo="--force releases it all the same.",
    )
    removed = remove_lock(rules, target.path, target.fingerprint, actor, clock, audit, token)
    return Released(removed.reading, removed.judged, removed.aside, removed.at, removed.complaints)


def _require_name_of_lock(path: str) -> None:
    if not (path.startswith(f"{LOCKS}/") and path.endswith(LOCK_SUFFIX)):
        raise Refused(f"{path} has not the name of a lock, and locks nothing; nothing was done")


def _judge(
    paths: StatePaths, held: HeldLock, now: datetime, quiet_after: timedelta, read_fleet: ReadFleet
) -> LockJudgement:
    reading = held.reading()
    return judge(gather(reading, read_fleet(paths, reading.value), ThisHost(patient=True), now, quiet_after))


def _require_consent(reading: Reading[RepositoryLock], judged: LockJudgement, consent: Consent) -> None:
    if required_consent(judged.verdict) > consent:
        raise Refused(
            f"{key_of(reading)} is {judged.verdict}: {MEANING[judged.verdict]}; that was not consented to\n"
            f"Nothing was done. {judged.facts[0][:1].upper()}{judged.facts[0][1:]}."
        )


def _under_other_name(paths: StatePaths, held: HeldLock) -> Iterator[str]:
    """Yield a complaint where a second file still locks the repository (errata 3)."""
    reading = held.reading()
    other = standing_lock(paths, reading.path, reading)
    if other is not None and other.path != reading.path:
        yield f"the repository is still locked: {other.path} locks it too"


class ReleaseOutcome(Struct, frozen=True):
    """The state of the repository after the release."""

    taken: Reading[RepositoryLock] | None
    """The lock on it now; None if it is free."""
    seconds: float
    """The seconds until it was locked, or during which it was watched."""


def watch_after(
    paths: StatePaths,
    released: Released,
    seconds: float = WATCHED,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    *,
    is_late: bool = False,
) -> ReleaseOutcome:
    """Watch the repository for ``seconds``, or until it is locked again.

    With ``is_late`` the files follow those of another host with a delay: until the released lock has gone from them,
    it is not taken for another one.
    """
    began, has_gone = monotonic(), not is_late
    while True:
        taken = standing_lock(paths, released.aside.lock, released.reading)
        if taken is None:
            has_gone = True
        elif not has_gone and taken.value == released.reading.value:
            taken = None
        if taken is not None or monotonic() - began >= seconds:
            return ReleaseOutcome(taken, monotonic() - began)
        sleep(_POLL)
