"""Runs that died without a result, runs without a lock, and workspaces that are stale or have no automation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from clawtui.model.documents.workspace import RuntimeState, WorkspaceInfo
from clawtui.model.findings.context import FindingContext
from clawtui.model.findings.finding import Finding, command
from clawtui.model.findings.index import index_of
from clawtui.model.findings.sessions import Sessions
from clawtui.model.fleet import Fleet, Workspace
from clawtui.model.liveness.workspace_guard import is_workspace, removal_dangers, unfinished
from clawtui.model.runs.judgement import RunJudgement
from clawtui.model.text.command_line import ANYWHERE

DEAD = "run-dead"
UNLOCKED = "workspace-unlocked"
STALE = "workspace-stale"
ORPHANED = "workspace-orphaned"


def run_findings(fleet: Fleet, context: FindingContext, now: datetime) -> Iterator[Finding]:
    """Yield at most one finding for each workspace."""
    index = index_of(fleet, context)
    sessions = Sessions(fleet, index.locks, context.slots)
    all_known = _automations_are_known(fleet)
    for workspace in index.workspaces:
        id = workspace.id
        if sessions.is_claimed(id):
            continue
        if all_known and not fleet.automations_with(id):
            finding = _unowned(workspace, sessions, context, now)
        elif (state := unfinished(workspace)) is not None and (judged := context.runs.get(id)) is not None:
            if judged.is_going or judged.state == "lost":
                finding = _going(workspace, state, judged, sessions, context, now)
            else:
                finding = _at_rest(workspace, sessions, context, now)
        else:
            finding = _at_rest(workspace, sessions, context, now)
        if finding is not None:
            yield finding


def clean_command(workspace: Workspace) -> str | None:
    """Return the command that removes the workspace; None if it is marked to be preserved, or that is unknown."""
    dangers = [danger for danger, _ in removal_dangers(workspace)]
    if "preserved" in dangers:
        return None
    return command("workspace", "clean", *(["--force=live"] if "live" in dangers else []), workspace.id)


def _automations_are_known(fleet: Fleet) -> bool:
    """Return whether all configurations are known: every directory of them could be listed."""
    return not any(path in ("", "config") or _is_type_folder(path) for path in fleet.problems)


def _is_type_folder(path: str) -> bool:
    section, _, name = path.partition("/")
    return section == "config" and "/" not in name and not name.endswith(".json")


def _unowned(workspace: Workspace, sessions: Sessions, context: FindingContext, now: datetime) -> Finding | None:
    """Return a finding for a workspace without an automation, unless its run may be going."""
    if not is_workspace(workspace) or sessions.may_have_unread_lock(workspace):
        return None
    documents = (workspace.state, workspace.info)
    session_ids = {
        reading.value.session_id for reading in documents if reading is not None and reading.value is not None
    }
    last = context.last_signs.get(workspace.id)
    shows_life = last is not None and now - last <= context.quiet_after
    if shows_life or any(sessions.is_at_work(id, workspace.id) for id in session_ids):
        return None
    fix = clean_command(workspace)
    message = f"There is no automation {workspace.id} any more; the clone of its last run still takes up room."
    if fix is None:
        against = "; ".join(why for _, why in removal_dangers(workspace))
        message += f" But {against}."
    return Finding(ORPHANED, "info" if fix is None else "warning", _path(workspace), message, fix)


def _going(
    workspace: Workspace,
    state: RuntimeState,
    judged: RunJudgement,
    sessions: Sessions,
    context: FindingContext,
    now: datetime,
) -> Finding | None:
    if state.session_id is None and judged.state != "lost":  # its lock and slot are unknown
        return None
    if any(lock.verdict != "orphaned" for lock in sessions.locks(state.session_id)):
        return None
    if judged.state == "lost":
        return _dead(workspace, judged.reason or "nothing is known of it")
    return None if sessions.may_have_unread_lock(workspace) else _unlocked(workspace, state, sessions, context, now)


def _unlocked(
    workspace: Workspace, state: RuntimeState, sessions: Sessions, context: FindingContext, now: datetime
) -> Finding | None:
    """Return a finding for a run without a lock, unless it has just begun or its automation is disabled."""
    young = state.start_time is None or now - state.start_time <= context.quiet_after
    if young or sessions.is_disabled(workspace.id):
        return None
    message = (
        f"Its run goes without a lock: the next dispatch may delete the clone under it. Keep {workspace.id} from being "
        "dispatched until it has ended."
    )
    return Finding(UNLOCKED, "error", _path(workspace), message, command("automation", "disable", workspace.id))


def _path(workspace: Workspace) -> str:
    return f"workspaces/{workspace.id}"


def _dead(workspace: Workspace, why: str) -> Finding:
    message = f"The run of {workspace.id} says that it is going, and it is not: {why}."
    fix = clean_command(workspace)
    if fix is None:
        message += f" {_kept(workspace)}"
    return Finding(DEAD, "warning", _path(workspace), message, fix)


def _at_rest(workspace: Workspace, sessions: Sessions, context: FindingContext, now: datetime) -> Finding | None:
    """Return a finding for a workspace that is marked active and has no run."""
    info = workspace.info.value if workspace.info else None
    if info is None or info.status != "active" or (workspace.state is not None and workspace.state.value is None):
        return None
    if sessions.may_have_unread_lock(workspace):
        return None
    if sessions.locks(info.session_id) or sessions.is_at_work(info.session_id, workspace.id):
        return None
    written = _last_written(workspace, info)
    if written is None or abs(now - written) <= context.quiet_after:
        return None
    message = f"The workspace of {workspace.id} is marked active, but no run is going in it and no lock is held for it."
    fix = clean_command(workspace)
    if fix is None:
        message += f" {_kept(workspace)}"
    return Finding(STALE, "info", _path(workspace), message, fix)


def _last_written(workspace: Workspace, info: WorkspaceInfo) -> datetime | None:
    state = workspace.state.value if workspace.state else None
    times = (info.created, info.last_updated, state.last_update if state else None)
    return max((at for at in times if at is not None), default=None)


def _kept(workspace: Workspace) -> str:
    against = [why for danger, why in removal_dangers(workspace) if danger == "preserved"]
    shown = ANYWHERE.hint("workspace", "show", workspace.id, name="ID")
    return f"But {'; '.join(against)}: see {shown}."
