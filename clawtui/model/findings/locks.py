"""Locks that are orphaned, expired or unreadable, and acts on locks that were interrupted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.findings.context import FindingContext
from clawtui.model.findings.finding import Finding, command
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.text.units import age_span
from clawtui.model.versioned_map import changed_keys

ORPHANED = "lock-orphaned"
EXPIRED = "lock-expired"
INVALID = "lock-invalid"
CUT_SHORT = "lock-cut-short"
REMOVAL_CUT_SHORT = "workspace-cut-short"


class LockFindings:
    """The findings about the locks of successive fleets. An update costs the number of locks that changed."""

    def __init__(self) -> None:
        self._locks: Mapping[str, Reading[RepositoryLock]] = {}
        self._judged: Mapping[str, LockJudgement] = {}
        self._found: dict[str, Finding] = {}
        self._expired: dict[str, tuple[Reading[RepositoryLock], RepositoryLock, LockJudgement]] = {}
        """The locks whose finding names an age."""

    def update(self, locks: Mapping[str, Reading[RepositoryLock]], judged: Mapping[str, LockJudgement]) -> None:
        """Examine `locks` instead of the last ones; `judged` has the verdicts, by path."""
        for path in dict.fromkeys((*changed_keys(locks, self._locks), *changed_keys(judged, self._judged))):
            self._found.pop(path, None)
            self._expired.pop(path, None)
            if (reading := locks.get(path)) is not None:
                self._examine(path, reading, judged.get(path))
        self._locks, self._judged = locks, judged

    def at(self, now: datetime, timeout: timedelta | None) -> Iterator[Finding]:
        """Yield at most one finding for each lock, in the order of their paths, with ages at `now`."""
        expired = {path: _expired(timeout, *known, now) for path, known in self._expired.items()}
        return (finding for _, finding in sorted((self._found | expired).items()))

    def _examine(self, path: str, reading: Reading[RepositoryLock], judged: LockJudgement | None) -> None:
        if reading.value is None or (judged is not None and judged.verdict == "invalid"):
            why = _why_invalid(reading)
            message = f"Not a readable lock: {why}. While it is there, the repository that it is for stays locked."
            self._found[path] = Finding(INVALID, "error", path, message, command("lock", "release", path))
        elif judged is not None and judged.verdict == "orphaned":
            self._found[path] = _orphaned(reading, reading.value, judged)
        elif judged is not None and judged.expired:
            self._expired[path] = (reading, reading.value, judged)


def lock_findings(fleet: Fleet, context: FindingContext, known: LockFindings, now: datetime) -> Iterator[Finding]:
    """Yield at most one finding for each lock, and one for each interrupted act on a lock."""
    yield from known.at(now, fleet.lock_timeout)
    for cut in context.cut_short:
        code = REMOVAL_CUT_SHORT if cut.lock.startswith("workspaces/") else CUT_SHORT
        yield Finding(code, "warning", cut.lock or "locks", f"{cut.text[:1].upper()}{cut.text[1:]}.", cut.mend)


def release_command(reading: Reading[RepositoryLock]) -> str | None:
    """Return the command that releases the lock: by its key, or by its path if the key cannot be typed."""
    lock = reading.value
    by_key = command("lock", "release", lock.repo_key) if lock is not None and lock.repo_key else None
    return by_key or command("lock", "release", reading.path)


def _why_invalid(reading: Reading[RepositoryLock]) -> str:
    if reading.problem is not None:
        return reading.problem.message
    return (reading.value.fault_text if reading.value is not None else None) or "cannot be read"


def _orphaned(reading: Reading[RepositoryLock], lock: RepositoryLock, judged: LockJudgement) -> Finding:
    why = judged.facts[0] if judged.facts else "the holder cannot be alive"
    then = (
        "It has expired: the gateway takes it back once it wants to."
        if judged.expired
        else "No automation can use the repository until it is released."
    )
    message = f"{lock.repo_key} is locked by {lock.automation_id}, which cannot be alive: {why}. {then}"
    return Finding(ORPHANED, "error", reading.path, message, release_command(reading))


def _expired(
    timeout: timedelta | None,
    reading: Reading[RepositoryLock],
    lock: RepositoryLock,
    judged: LockJudgement,
    now: datetime,
) -> Finding:
    held = f"{lock.automation_id} has held {lock.repo_key} for {age_span(lock.age(now))}"
    if timeout is not None:
        held += f", and the gateway takes locks back after {age_span(timeout)}"
    if judged.verdict == "live":
        message = f"{held}: the next dispatch that wants it deletes the clone of a run that is still going."
        return Finding(EXPIRED, "warning", reading.path, message)
    return Finding(
        EXPIRED, "warning", reading.path, f"{held}; its verdict is {judged.verdict}.", release_command(reading)
    )
