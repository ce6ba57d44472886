"""The locks, each with its verdict; and the verdict on the holder of a lock in another root that names this host."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from clawtui.files.json5.document import parse_document
from clawtui.model.documents.lock import RepositoryLock, normalize_repo_key
from clawtui.model.errors import ClawtuiError, NoSuch, Refused
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.evidence import Proof
from clawtui.model.liveness.process_evidence import holder_evidence
from clawtui.model.liveness.verdict import MEANING, LockJudgement, Verdict, judge
from clawtui.model.paths import LOCK_SUFFIX
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.model.search.names import unique_part, with_suggestion
from clawtui.model.text.cleaning import clean
from clawtui.operations.evidence.host import ThisHost
from clawtui.operations.evidence.lock_evidence import gather
from clawtui.operations.state.incomplete import hiding_locks, require_nothing_hidden, require_readable_parents
from clawtui.storage.locks.capture import capture, lock_path
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for

_URGENCY = tuple(MEANING)


class LockReport(Struct, frozen=True):
    """One lock as it is now. The verdict is on exactly the version that the fingerprint identifies."""

    reading: Reading[RepositoryLock]
    judged: LockJudgement
    fingerprint: str | None
    """None where even ``stat`` fails on the file."""


def judged_locks(
    fleet: Fleet, now: datetime, quiet_after: timedelta = QUIET_AFTER, *, patient: bool = True
) -> Mapping[str, LockJudgement]:
    """Return the verdict on each lock of the fleet, by path, at ``now``. ``patient`` is as in ``ThisHost``."""
    host = ThisHost(patient=patient)
    return {path: judge(gather(reading, fleet, host, now, quiet_after)) for path, reading in fleet.locks.items()}


def judge_holder(paths: StatePaths, text: str, now: datetime) -> LockJudgement | None:
    """Return what this host knows about the process of the lock with the content ``text``; None if that is no lock.

    The verdict is ``orphaned`` if the process is certainly gone, ``live`` if one with that pid may be it, else
    ``foreign``: the files that its run writes are in the other root, and say more. ``paths`` are those of the root
    here.
    """
    try:
        lock = parse_document(text.encode("utf-8", "replace"), RepositoryLock)
    except ClawtuiError:
        return None
    facts = gather(Reading("", lock, None, None), Fleet(str(paths.root)), ThisHost(), now)
    items = sorted(holder_evidence(facts, lock), key=lambda item: item.proof)
    proofs = {item.proof for item in items}
    is_gone = Proof.DEAD in proofs
    verdict: Verdict = "orphaned" if is_gone else "foreign" if Proof.UNREACHABLE in proofs else "live"
    return LockJudgement(verdict, False, tuple(clean(item.text) for item in items), process_gone=is_gone)


def report_locks(fleet: Fleet, now: datetime, quiet_after: timedelta = QUIET_AFTER) -> tuple[LockReport, ...]:
    """Return all locks of the fleet that still exist, read again: the most urgent verdict first, then the oldest."""
    host = ThisHost(patient=True)
    reports = (_report(path, fleet, host, now, quiet_after) for path in fleet.locks)
    return by_urgency(report for report in reports if report is not None)


def by_urgency(reports: Iterable[LockReport]) -> tuple[LockReport, ...]:
    """Return locks in the order of `report_locks`."""
    return tuple(sorted(reports, key=_urgency))


def report_lock(
    key: str, fleet: Fleet, now: datetime, quiet_after: timedelta = QUIET_AFTER, *, takes_parts: bool = False
) -> LockReport:
    """Return the lock that ``key`` means: a repo key, a repository address in any form, or the path of a lock file.

    With ``takes_parts`` also a part of a repo key or path that only one lock has.

    Raises NoSuch; Refused where two files lock the repository, or where the lock of another repository has its name
    (errata 3); Unreadable where it may be in a directory that cannot be read.
    """
    path = _find_lock(key, fleet)
    if path:
        require_readable_parents(path, fleet)
    report = report_at(path, fleet, now, quiet_after) if path else None
    if report is None:
        require_nothing_hidden(hiding_locks(fleet))
        keys = {each.value.repo_key if each.value else path: path for path, each in fleet.locks.items()}
        part = unique_part(key, keys, "locks") if takes_parts else None
        found = None if part is None else report_at(keys[part], fleet, now, quiet_after)
        if found is not None:
            return found
        listing = command_line_for(Path(fleet.root)).hint("lock", "list")
        hint = with_suggestion(key, keys, f"{listing} shows what is.")
        raise NoSuch(f"nothing is locked that is called “{key}”", hint=hint)
    return report


def report_at(path: str, fleet: Fleet, now: datetime, quiet_after: timedelta = QUIET_AFTER) -> LockReport | None:
    """Return the lock at ``path``, relative to ``automations/``; None where nothing is there."""
    return _report(path, fleet, ThisHost(patient=True), now, quiet_after)


def _find_lock(key: str, fleet: Fleet) -> str | None:
    paths = StatePaths(Path(fleet.root))
    if key.endswith(LOCK_SUFFIX) and (path := lock_path(paths.automations, key)) is not None:
        return path
    repo_key = normalize_repo_key(key)
    own = [path for path, reading in fleet.locks.items() if reading.value and reading.value.repo_key == repo_key]
    if len(own) > 1:
        files = " and ".join(map(shlex.quote, own))
        raise Refused(f"{repo_key} is locked twice, by {files}", hint="Name one of them by its path.")
    if own:
        return own[0]
    from clawtui.storage.locks.manager import RepositoryLockManager  # not loaded where locks are only judged

    standing = RepositoryLockManager(paths).get(key)
    if standing is not None and standing.value is not None and standing.value.repo_key != repo_key:
        raise Refused(
            f"{repo_key} counts as locked: the lock of {standing.value.repo_key} has its name\n"
            f"It is {shlex.quote(standing.path)}; name it by that path."
        )
    return standing.path if standing is not None else None


def _report(path: str, fleet: Fleet, host: ThisHost, now: datetime, quiet_after: timedelta) -> LockReport | None:
    captured = capture(StatePaths(Path(fleet.root)).automations, path)
    if captured is None:
        return None
    judged = judge(gather(captured.reading, fleet, host, now, quiet_after))
    return LockReport(captured.reading, judged, captured.fingerprint)


def _urgency(report: LockReport) -> tuple[int, float, str]:
    lock = report.reading.value
    taken = lock.acquired_at.timestamp() if lock else 0.0
    return (_URGENCY.index(report.judged.verdict), taken, report.reading.path)
