"""The evidence about one lock and its holder: files from the fleet, processes from this host."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.evidence import Evidence, Host
from clawtui.model.liveness.process_evidence import is_elsewhere, is_gone
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.operations.evidence.host import ThisHost
from clawtui.operations.evidence.signs_of_life import signs_of
from clawtui.storage.paths import StatePaths


def gather(
    reading: Reading[RepositoryLock],
    fleet: Fleet,
    this_host: ThisHost,
    now: datetime,
    quiet_after: timedelta = QUIET_AFTER,
) -> Evidence:
    """Return the evidence about one lock.

    Where the pid is gone and its session wrote a moment ago, a patient ``this_host`` waits and the files are read once
    more: a session that still writes runs on another host. Not for an event loop.
    """
    lock = reading.value
    workspace = fleet.workspaces.get(lock.automation_id) if lock else None
    base = this_host.base_of(fleet.root)
    facts = Evidence(
        lock=reading,
        host=_host(this_host, lock, base, now),
        workspace=workspace,
        slot=slot_of(fleet, lock) if lock else None,
        slots_known=fleet.slots_known,
        signs=tuple(signs_of(lock, fleet, workspace, base)) if lock else (),
        now=now,
        timeout=fleet.lock_timeout,
        quiet_after=quiet_after,
        kept=this_host.keeper_of(reading, base),
    )
    if lock is None or not is_gone(facts, lock):
        return facts
    return _with_later_writes(facts, lock, fleet, this_host)


def _host(this_host: ThisHost, lock: RepositoryLock | None, base: Path, now: datetime) -> Host:
    """Return the facts of this host; a pid of another host is not looked up."""
    if lock is None or is_elsewhere(lock, here := this_host.describe(base)):
        return here if lock is not None else Host(this_host.name)
    return this_host.describe_holder(lock, base, now)


def slot_of(fleet: Fleet, lock: RepositoryLock) -> Slot | None:
    """Return the slot of the session of the lock; None if it has none."""
    return next((slot for slot in fleet.slots if slot.session_id == lock.session_id), None)


def _with_later_writes(facts: Evidence, lock: RepositoryLock, fleet: Fleet, this_host: ThisHost) -> Evidence:
    """Return the evidence with the writes of the session after its pid was found to be gone."""
    last = facts.last_sign(lock)
    if last is None or not this_host.wait_for_writes(facts.now - last):
        return facts
    from clawtui.operations.evidence.lock_context import read_lock_context  # most locks are judged without it

    after = read_lock_context(StatePaths(Path(fleet.root)), lock)
    later = [sign for sign in signs_of(lock, after, after.workspaces.get(lock.automation_id)) if sign.at > last]
    return replace(facts, sign_after_exit=max(later, key=lambda sign: sign.at)) if later else facts
