"""The release of a lock file of a stock gateway or of one of its sessions, where its owner cannot be alive."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from clawtui.files.fs.reading import read_bytes
from clawtui.files.store_kind import store_kind
from clawtui.model.documents.audit import Actor
from clawtui.model.errors import NoSuch, Refused
from clawtui.model.fleet import Reading
from clawtui.model.gateway.owner import OwnerJudgement, unreadable_owner
from clawtui.model.gateway.ownership import OwnedLock
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.liveness.verdict import MEANING
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.openclaw.owned_locks import MAX_LOCK, is_lock_path, parse_lock
from clawtui.openclaw.reader import read_gateway
from clawtui.operations.locks.lock_places import LockPlaces
from clawtui.operations.locks.removal import RemovalRules, Removed, remove_lock
from clawtui.operations.openclaw.report import judge_lock
from clawtui.storage.locks.audit_fields import Grounds
from clawtui.storage.locks.lock_file import HeldLock, fingerprint_of
from clawtui.storage.paths import StatePaths
from clawtui.storage.user.audit import Audit

ReleasedOwnedLock = Removed[OwnerJudgement]


class OwnedLockReport(Struct, frozen=True):
    """One lock file as it is now. The verdict is on exactly the version that the fingerprint identifies."""

    lock: OwnedLock
    judged: OwnerJudgement
    fingerprint: str
    """The name of the version, for ``release_owned_lock``."""


def find_owned_lock(report: GatewayReport, key: str) -> OwnedLock | None:
    """Return the lock file that ``key`` means: its path, absolute or relative to the root; None if there is none.

    Raises Refused where it is outside of the root: such a lock is never moved.
    """
    root = Path(os.path.realpath(report.state.root))
    real = os.path.realpath(Path(key).parent) if key.startswith("/") else ""
    inside = (Path(real) / Path(key).name).as_posix().removeprefix(f"{root}/") if real else key
    lock = next((each.lock for each in report.locks if each.lock.path in (key, inside)), None)
    if lock is not None and lock.outside:
        raise Refused(f"{lock.path} is outside of {report.state.root}: such a lock is shown and never moved")
    return lock


def look_at_owned_lock(root: Path, path: str, now: datetime, quiet_after: timedelta = QUIET_AFTER) -> OwnedLockReport:
    """Return the lock file at ``path``, relative to ``root``, with the verdict on its owner at ``now``.

    Raises NoSuch where it is gone, Refused or Unreadable where it cannot be read.
    """
    try:
        data, stamp = read_bytes(root, path, MAX_LOCK)
    except FileNotFoundError as error:
        raise NoSuch(f"{path} is gone by now: its owner or the gateway removed it") from error
    lock = parse_lock(data, path)
    return OwnedLockReport(lock, _judged(root, lock, now, quiet_after), fingerprint_of(stamp, data))


def release_owned_lock(
    root: Path,
    path: str,
    fingerprint: str,
    actor: Actor,
    clock: Callable[[], datetime],
    quiet_after: timedelta = QUIET_AFTER,
    *,
    audit: Audit | None = None,
) -> ReleasedOwnedLock:
    """Release the lock file at ``path``, relative to ``root``, in the steps of a repository lock's release.

    Only the version with ``fingerprint`` is released, and only where its owner cannot be alive; there is no consent for
    any other. The lock is set aside in its directory, and can be restored for a day.

    Raises Changed where it is gone or was replaced; Refused where its owner may be alive, where the file system could
    not give it its name back, or where ``path`` is not the path of such a lock; Overlap; Unwritable. Nothing was done
    then, except after Overlap. A release that cannot be recorded in the audit is not done.
    """
    if not is_lock_path(path):
        raise Refused(f"{path} is no lock file below {root}; nothing was done")

    def judge(held: HeldLock, now: datetime) -> OwnerJudgement:
        if held.raw is None:
            return unreadable_owner(f"is more than {MAX_LOCK:,} bytes, or cannot be read")
        return _judged(root, parse_lock(held.raw, path), now, quiet_after)

    rules = RemovalRules(
        places=LockPlaces(StatePaths(root), is_gateway=True),
        judge=judge,
        require=lambda held, judged: _require_orphaned(path, judged),
        grounds=lambda judged: Grounds(judged.facts, "confirmed", expired=False, verdict=judged.verdict),
        reading=lambda held: Reading(path, None, None, held.reading().stamp),
    )
    return remove_lock(rules, path, fingerprint, actor, clock, audit)


def _judged(root: Path, lock: OwnedLock, now: datetime, quiet_after: timedelta) -> OwnerJudgement:
    """Return the verdict by the current state of the gateway."""
    kind = store_kind(root)
    if kind is None:
        raise Refused(f"{root} has no store of a gateway; nothing was done")
    return judge_lock(read_gateway(root, kind, per_job=0), root, lock, now, quiet_after)


def _require_orphaned(path: str, judged: OwnerJudgement) -> None:
    if judged.verdict != "orphaned":
        fact = judged.facts[0]
        raise Refused(
            f"{path} is {judged.verdict}: {MEANING[judged.verdict]}. Nothing was done: only a lock whose owner cannot "
            f"be alive is released\n{fact[:1].upper()}{fact[1:]}."
        )
