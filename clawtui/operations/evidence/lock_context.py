"""The files that concern one lock or slot, read again just before an act."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Fleet, Reading, Workspace
from clawtui.model.paths import DISPATCHER_LOGS, LogName, is_plain_component
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
