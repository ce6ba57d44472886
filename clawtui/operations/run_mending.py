"""Mending what dead runs leave: slots, locks, workspaces. Each is judged once more before it is touched."""

from __future__ import annotations

from clawtui.model.danger import Consent
from clawtui.model.findings.slots import slot_subject
from clawtui.model.fleet import Reading, Workspace
from clawtui.model.removal import dangers_of
from clawtui.operations.automations import set_enabled
from clawtui.operations.case import Case
from clawtui.operations.locks import report_lock
from clawtui.operations.outcome import Failed
from clawtui.operations.release import release, target_of
from clawtui.operations.slot_freeing import free_slot, target_of_slot
from clawtui.operations.snapshot import read_fleet
from clawtui.operations.workspaces import clean_workspace
from clawtui.storage.errors import Changed, Refused
from clawtui.storage.lock_manager import RepositoryLockManager
from clawtui.storage.workspace_manager import WorkspaceManager


def free(case: Case) -> str:
    """Frees the slot of a session that is over. Raises as ``free_slot`` does."""
    fleet = read_fleet(case.paths)
    slot = next((slot for slot in fleet.slots if slot_subject(slot) == case.finding.subject), None)
    if slot is None:
        raise Changed("it is free by now")
    target = target_of_slot(slot, fleet)
    return free_slot(case.paths, target, Consent.CONFIRMED, case.actor, case.clock, case.quiet_after).message


def release_orphaned(case: Case) -> str:
    """Releases the lock of a holder that cannot be alive. Raises as ``release`` does."""
    path = str(case.paths.automations / case.finding.subject)
    report = report_lock(path, read_fleet(case.paths), case.clock(), case.quiet_after)
    freed = release(case.paths, target_of(report), Consent.CONFIRMED, case.actor, case.clock, case.quiet_after)
    return f"{freed.key} is released; `clawtui lock restore` takes it back within a day"


def disable(case: Case) -> str:
    """Keeps the automation from being dispatched. Raises StorageError."""
    try:
        return set_enabled(case.paths, _id_of(case), False, case.clock())
    except Failed as error:
        raise error.__cause__ or Refused(str(error)) from error


def clean(case: Case) -> str:
    """Removes a workspace that is as it was when it was examined. Raises Changed, and as ``clean_workspace``."""
    id = _id_of(case)
    then = case.fleet.workspaces.get(id)
    manager = WorkspaceManager(case.paths)
    now = Workspace(id, manager.info(id), manager.state(id), manager.progress(id))
    if then is None or _versions(then) != _versions(now):
        raise Changed("its run has written to it since; nothing was removed")
    locks = RepositoryLockManager(case.paths).list()
    for path, reading in locks.items():
        known = case.fleet.locks.get(path)
        if reading.value is not None and reading.value.automation_id == id and known != reading:
            raise Changed(f"{path} was taken for it since; nothing was removed")
    forced = [danger for danger, _ in dangers_of(now) if danger == "live"]
    return clean_workspace(case.paths, id, forced)


def _versions(workspace: Workspace) -> tuple[object, ...]:
    readings: tuple[Reading[object] | None, ...] = (workspace.info, workspace.state, workspace.progress)
    return tuple(reading and (reading.stamp, reading.problem) for reading in readings)


def _id_of(case: Case) -> str:
    """The automation's: the name of the workspace."""
    return case.finding.subject.partition("/")[2]
