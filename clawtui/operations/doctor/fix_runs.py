"""Fixes for slots, locks and workspaces of dead runs. Each is judged again before it is changed."""

from __future__ import annotations

from clawtui.files.fs.reading import list_directory
from clawtui.model.errors import Changed, Refused
from clawtui.model.findings.slots import slot_subject
from clawtui.model.fleet import Workspace
from clawtui.model.liveness.consent import Consent
from clawtui.model.liveness.workspace_guard import is_workspace, removal_dangers, unfinished
from clawtui.model.paths import CLONE_NAME
from clawtui.operations.doctor.fix_rule import FixContext
from clawtui.operations.locks.release import release, target_of
from clawtui.operations.locks.report import report_lock
from clawtui.operations.runs.workspace_evidence import sign_of_life
from clawtui.operations.runs.workspaces import objections_to
from clawtui.operations.slots.free import free_slot, target_of_slot
from clawtui.operations.state.automations import find_automation, set_enabled
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.roots import command_line_for
from clawtui.storage.stores.gateway_files import DOCUMENTS, without_temp_suffix
from clawtui.storage.workspaces.claims import claims_on
from clawtui.storage.workspaces.manager import WorkspaceManager
from clawtui.storage.workspaces.removal import finish_removal, list_workspaces_aside


def free(case: FixContext) -> str:
    """Free the slot of a session that has ended. Raises as ``free_slot`` does."""
    fleet = read_fleet(case.paths)
    slot = next((slot for slot in fleet.slots if slot_subject(slot) == case.finding.subject), None)
    if slot is None:
        raise Changed("it is free by now")
    target = target_of_slot(slot, fleet)
    return free_slot(case.paths, target, Consent.CONFIRMED, case.actor, case.clock, case.quiet_after).message


def release_orphaned(case: FixContext) -> str:
    """Release the lock of a holder that cannot be alive. Raises as ``release`` does."""
    path = str(case.paths.automations / case.finding.subject)
    report = report_lock(path, read_fleet(case.paths), case.clock(), case.quiet_after)
    freed = release(case.paths, target_of(report), Consent.CONFIRMED, case.actor, case.clock, case.quiet_after)
    back = command_line_for(case.paths.root).hint("lock", "restore", freed.key, name="KEY")
    return f"{freed.key} is released; {back} takes it back within a day"


def disable(case: FixContext) -> str:
    """Disable the automation, so that it is not dispatched. Raises ClawtuiError."""
    message, _ = set_enabled(case.paths, find_automation(case.paths, _id_of(case)), False, case.clock())
    return message


def clean(case: FixContext) -> str:
    """Remove a workspace that is unchanged since it was examined, and that certainly is one.

    It must have documents with its own name, and beside them only the clone. Documents that say that a run is in
    progress do not keep it, because the finding has judged them already. A lock or a slot that may be of a live run,
    the mark that the workspace is preserved, and commits that exist nowhere else keep it. Raises Changed, Refused and
    the rest as ``clean_workspace`` does.
    """
    id = _id_of(case)
    then = case.fleet.workspaces.get(id)
    if then is None or not is_workspace(then):
        raise Refused(f"no document of a workspace of {id} is in it; nothing was removed")

    def require(workspace: Workspace, place: str) -> None:
        for claim in claims_on(case.paths, id, workspace):
            if claim.lock is not None and claim.lock != case.fleet.locks.get(claim.lock.path):
                raise Changed(f"{claim.lock.path} was taken for it since; nothing was removed")
        others = sorted(
            entry.name for entry in list_directory(case.paths.automations, place) if not _is_known(entry.name)
        )
        if others:
            raise Refused(f"workspaces/{id}/{others[0]} is nothing that the gateway writes; nothing was removed")
        judged_before = [(danger, why) for danger, why in removal_dangers(workspace) if danger == "live"]
        found = objections_to(case.paths, workspace, case.clock(), case.quiet_after, place)
        against = [objection for objection in found if objection not in judged_before]
        if unfinished(workspace) and (life := sign_of_life(case.paths, workspace, case.clock(), case.quiet_after)):
            against.append(("live", life))
        if against:
            whys = ", and ".join(why for _, why in against)
            raise Refused(f"{whys}; nothing was removed")

    WorkspaceManager(case.paths).remove(id, require, expected=then)
    return f"the workspace of {id} is removed"


def _is_known(name: str) -> bool:
    """Return whether it is the clone, a document, or a temp file of a document."""
    return name == CLONE_NAME or without_temp_suffix(name) in DOCUMENTS


def finish_removing(case: FixContext) -> str:
    """Finish the interrupted removal of a workspace. Raises Changed where it is gone or its name is taken."""
    base = case.paths.automations
    aside = next((aside for aside in list_workspaces_aside(base) if aside.path == case.finding.subject), None)
    if aside is None:
        raise Changed("it is gone by now")
    if finish_removal(base, aside):
        return "what was left of it is removed"
    return f"the workspace of {aside.automation_id} has its name again"


def _id_of(case: FixContext) -> str:
    """Return the automation id of the finding: the name of the workspace."""
    return case.finding.subject.partition("/")[2]
