"""The evidence about one lock and its holder: files from the fleet, processes from this host.

`read_lock_context` makes a fleet with only the files for one lock or slot: they are read again just before an act.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Fleet, Reading, Workspace
from clawtui.model.liveness.evidence import Evidence, Host
from clawtui.model.liveness.process_evidence import is_elsewhere, is_gone
from clawtui.model.paths import DISPATCHER_LOGS, LogName, is_plain_component
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.operations.evidence.host import ThisHost
from clawtui.operations.evidence.signs_of_life import signs_of
from clawtui.storage.locks.lock_file import read_lock
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.dispatcher import ConcurrencyStore, DispatcherStore
from clawtui.storage.stores.logs import AutomationLogManager
from clawtui.storage.workspaces.manager import WorkspaceManager


def read_lock_context(paths: StatePaths, lock: RepositoryLock | Slot | str | None) -> Fleet:
    """Return a fleet with the settings, the slots, and the workspace and logs of an automation.

    ``lock`` is its id, or a lock or slot of it.

    Its cost does not grow with the number of automations. What cannot be read is missing or a problem, as in any fleet.
    """
    named = lock if lock is None or isinstance(lock, str) else lock.automation_id
    id = named if named is not None and is_plain_component(named) else None
    return Fleet(
        str(paths.root),
        loaded=True,
        dispatcher=DispatcherStore(paths).load(),
        concurrency=ConcurrencyStore(paths).load(),
        workspaces={id: _workspace(paths, id)} if id else {},
        logs=_logs(paths, id) if id else {},
    )


def _workspace(paths: StatePaths, id: str) -> Workspace:
    manager = WorkspaceManager(paths)
    return Workspace(id, manager.info(id), manager.state(id), manager.progress(id))


def _logs(paths: StatePaths, id: str) -> Mapping[str, Mapping[str | None, tuple[LogName, ...]]]:
    """Return the logs of the automation and of whole days; logs that cannot be listed are missing, as in any fleet."""
    manager = AutomationLogManager(paths)
    found: dict[str, Mapping[str | None, tuple[LogName, ...]]] = {}
    with suppress(ClawtuiError):
        for log_type in manager.types():
            if log_type != DISPATCHER_LOGS:
                with suppress(ClawtuiError):
                    listed = manager.list_logs(log_type)
                    found[log_type] = {id: listed.get(id, ()), None: listed.get(None, ())}
    return found


def standing_lock(paths: StatePaths, path: str, former: Reading[RepositoryLock]) -> Reading[RepositoryLock] | None:
    """Return the lock that blocks a restore of ``former``, whose path was ``path``; None where there is none.

    That is anything at the path, or a lock of the same repository under its other name (errata 3).
    """
    standing = read_lock(paths.automations, path)
    if standing is not None or former.value is None:
        return standing
    try:
        other = RepositoryLockManager(paths).get(former.value.repo_key)
    except ClawtuiError:  # a key that makes no name has no other lock
        return None
    return other if other and other.value and other.value.repo_key == former.value.repo_key else None


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
    after = read_lock_context(StatePaths(Path(fleet.root)), lock)
    later = [sign for sign in signs_of(lock, after, after.workspaces.get(lock.automation_id)) if sign.at > last]
    return replace(facts, sign_after_exit=max(later, key=lambda sign: sign.at)) if later else facts
