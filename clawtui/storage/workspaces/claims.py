"""Locks and slots that show that a run of an automation may be going, apart from the documents in its workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from msgspec import Struct

from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import (
    RepositoryLock,
    flat_lock_name,
    nested_lock_name,
    normalize_repo_key,
)
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Automation, Reading, Workspace
from clawtui.model.paths import LOCK_SUFFIX
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import CONCURRENCY_FILE, LOCKS, StatePaths
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.stores.dispatcher import ConcurrencyStore


class Claim(Struct, frozen=True):
    """A lock or a slot that names the automation, or a file that may contain one and cannot be read."""

    text: str
    """A clause: ``locks/x.lock is held for it by session y``."""
    session_id: str | None = None
    """The session that it belongs to; None if that cannot be read."""
    lock: Reading[RepositoryLock] | None = None
    slot: Slot | None = None


def claims_on(paths: StatePaths, automation_id: str, workspace: Workspace) -> tuple[Claim, ...]:
    """Return the current claims on the workspace of an automation, without a verdict on any of them."""
    return (*_locks(paths, automation_id, workspace), *_slots(paths, automation_id))


def _locks(paths: StatePaths, automation_id: str, workspace: Workspace) -> Iterator[Claim]:
    names: frozenset[str] | None = None
    for path, reading in RepositoryLockManager(paths).list_locks().items():
        lock = reading.value
        if lock is not None and lock.automation_id == automation_id:
            yield Claim(f"{path} is held for it by session {lock.session_id}", lock.session_id, lock=reading)
        elif lock is None or not lock.knows("automation_id"):
            names = _lock_names(paths, automation_id, workspace) if names is None else names
            if not names or not path.endswith(LOCK_SUFFIX) or path in names:
                why = reading.problem.message if reading.problem else "it does not say for which automation it is"
                yield Claim(f"{path}, which may be held for it, cannot be read: {why}", lock=reading)


def _slots(paths: StatePaths, automation_id: str) -> Iterator[Claim]:
    reading = ConcurrencyStore(paths).load()
    if reading is None:
        return
    if reading.value is None:
        why = reading.problem.message if reading.problem else "cannot be read"
        yield Claim(f"who holds a slot is not known: {CONCURRENCY_FILE}: {why}")
        return
    if not reading.value.knows("active_slots"):
        yield Claim(f"who holds each slot is not known: {CONCURRENCY_FILE}: {reading.fault_text}")
    for slot in reading.value.active_slots:
        if slot.automation_id == automation_id:
            yield Claim(
                f"slot {slot.slot_number} is held for it by session {slot.session_id}", slot.session_id, None, slot
            )


def _lock_names(paths: StatePaths, automation_id: str, workspace: Workspace) -> frozenset[str]:
    """Return the paths that a lock for the automation can have; empty if no document names its repository."""
    keys = {normalize_repo_key(address) for address in _addresses(paths, automation_id, workspace)}
    return frozenset(f"{LOCKS}/{name}" for key in keys for name in (flat_lock_name(key), nested_lock_name(key)))


def _addresses(paths: StatePaths, automation_id: str, workspace: Workspace) -> Iterator[str]:
    info = workspace.info.value if workspace.info else None
    if info is not None and info.repository is not None:
        yield info.repository.fork_url
    found: tuple[Automation, ...] = ()
    with suppress(ClawtuiError):  # then every lock that cannot be read counts
        found = AutomationConfigStore(paths).files_of(automation_id)
    for config in (automation.config.value for automation in found):
        address = config.config.get("forkRepoUrl") if config is not None else None
        if isinstance(address, str):
            yield address
