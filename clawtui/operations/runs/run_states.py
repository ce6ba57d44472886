"""The states of all runs, judged by the documents, the verdicts on locks and slots, and the ends of logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Fleet, Workspace
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.liveness.workspace_guard import unfinished
from clawtui.model.paths import LOCK_SUFFIX
from clawtui.model.runs.history import list_runs
from clawtui.model.runs.judge_run import judge_runs, with_runs
from clawtui.model.runs.judgement import QUIET_AFTER, RunJudgement
from clawtui.model.runs.run_evidence import LogEnd, RunContext
from clawtui.model.versioned_map import Derived
from clawtui.operations.evidence.signs_of_life import signs_of
from clawtui.operations.locks.report import judged_locks
from clawtui.operations.slots.report import judged_slots, released_locks
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths


def read_judged_fleet(paths: StatePaths, now: datetime, quiet_after: timedelta = QUIET_AFTER) -> Fleet:
    """Return the current fleet with the state of each run. Not for an event loop."""
    return judged_fleet(read_fleet(paths), now, quiet_after)


def judged_fleet(
    fleet: Fleet,
    now: datetime,
    quiet_after: timedelta = QUIET_AFTER,
    locks: Mapping[str, LockJudgement] | None = None,
) -> Fleet:
    """Return the fleet with the state of each run; ``locks`` are the verdicts where the caller has them."""
    if not fleet.workspaces:
        return fleet
    return with_runs(fleet, judge_runs(fleet, gather_run_context(fleet, now, quiet_after, locks), now))


def states_of_runs(
    paths: StatePaths, now: datetime, quiet_after: timedelta = QUIET_AFTER
) -> Mapping[str, RunJudgement]:
    """Return the state of the run in each workspace that has one, by the workspace's id. Not for an event loop."""
    workspaces = read_judged_fleet(paths, now, quiet_after).workspaces
    return {id: workspace.run for id, workspace in workspaces.items() if workspace.run is not None}


def judged_workspace(
    paths: StatePaths, automation_id: str, now: datetime, quiet_after: timedelta = QUIET_AFTER
) -> Workspace | None:
    """Return the workspace of an automation with the state of its run; None where it has none. Raises Refused.

    Its cost does not grow with the number of automations.
    """
    # Imported here, because the states of all runs come from the fleet.
    from clawtui.operations.evidence.lock_context import read_lock_context
    from clawtui.storage.locks.manager import RepositoryLockManager
    from clawtui.storage.stores.configurations import AutomationConfigStore
    from clawtui.storage.workspaces.manager import WorkspaceManager

    manager = WorkspaceManager(paths)
    if not manager.exists(automation_id):
        return None
    workspace = manager.read(automation_id)
    state = workspace.state.value if workspace.state is not None else None
    info = workspace.info.value if workspace.info is not None else None
    sessions = {document.session_id for document in (state, info) if document is not None}
    locks = RepositoryLockManager(paths).list_locks()
    closed = {path: one.problem for path, one in locks.items() if one.problem and not path.endswith(LOCK_SUFFIX)}
    fleet = replace(
        read_lock_context(paths, automation_id),
        automations={each.config.path: each for each in AutomationConfigStore(paths).files_of(automation_id)},
        workspaces={automation_id: workspace},
        locks={
            path: reading
            for path, reading in locks.items()
            if path not in closed and (reading.value is None or reading.value.session_id in sessions)
        },
        problems=closed,
    )
    return judged_fleet(fleet, now, quiet_after).workspaces[automation_id]


def gather_run_context(
    fleet: Fleet,
    now: datetime,
    quiet_after: timedelta = QUIET_AFTER,
    locks: Mapping[str, LockJudgement] | None = None,
    unended: Mapping[str, RuntimeState] | None = None,
) -> RunContext:
    """Return what the states of runs depend on besides the fleet, with the verdicts on locks and slots.

    ``locks`` are the results of ``judged_locks``, and ``unended`` those of ``unfinished`` by workspace, where the
    caller has them. Reads processes and logs: not for an event loop.
    """
    locks = judged_locks(fleet, now, quiet_after) if locks is None else locks
    if unended is None:
        unended = Derived[str, Workspace, RuntimeState](unfinished).of(fleet.workspaces)
    kept = released_locks(fleet, now, quiet_after) if unended or fleet.slots else {}
    released: dict[str, dict[str, LockJudgement]] = {}
    for (session_id, repo_key), verdict in kept.items() if unended else ():
        released.setdefault(session_id, {})[repo_key] = verdict
    going = {id: fleet.workspaces[id] for id in unended}
    return RunContext(
        locks=locks,
        slots=judged_slots(fleet, now, quiet_after, locks, kept),
        released=released,
        log_ends=dict(_log_ends(fleet, going)),
        last_signs=_last_signs(fleet, going, now + quiet_after),
        quiet_after=quiet_after,
    )


class _Session(NamedTuple):
    """A run that is in progress according to its state, as the holder of its workspace."""

    automation_id: str
    session_id: str
    acquired_at: datetime


def _last_signs(fleet: Fleet, going: Mapping[str, Workspace], latest: datetime) -> Mapping[str, datetime]:
    """Return the last sign of life in each workspace whose run has not ended; times after ``latest`` do not count."""
    last = {}
    for id, workspace in going.items():
        signs = [sign for sign in _signs_in(id, workspace, fleet) if sign <= latest]
        if signs:
            last[id] = max(signs)
    return last


def _signs_in(id: str, workspace: Workspace, fleet: Fleet) -> list[datetime]:
    """Return the times of all signs of life; where the run has written none, the time of its state file."""
    state = unfinished(workspace)
    assert state is not None
    session = _Session(id, state.session_id or "", state.start_time or EPOCH)
    signs = [sign.at for sign in signs_of(session, fleet, workspace)]
    stamp = workspace.state.stamp if workspace.state else None
    if not signs and stamp is not None:
        signs.append(datetime.fromtimestamp(stamp.mtime_ns / 1e9, UTC))
    return signs


def _log_ends(fleet: Fleet, going: Mapping[str, Workspace]) -> Iterator[tuple[str, LogEnd]]:
    """Yield how the run in each workspace ended by its log, where its own state does not say so."""
    paths = StatePaths(Path(fleet.root))
    for id, workspace in going.items():
        state = unfinished(workspace)
        if state is None:
            continue
        info = workspace.info.value if workspace.info else None
        own = next((automation.type for automation in fleet.automations_with(id)), None)
        type_ = own or (info.automation_type if info is not None else None)
        started = state.start_time or state.last_update
        if type_ is None or started is None:
            continue
        unjudged = replace(workspace, run=None)
        runs = list_runs(id, type_, None, unjudged, fleet.logs.get(type_, {}))
        run = next((run for run in runs if run.started == started and not run.only_log), None)
        if run is not None and run.log is not None:
            from clawtui.operations.runs.history import log_end  # not loaded where no run is open

            with suppress(ClawtuiError):  # the log has a problem of its own
                end = log_end(paths, run)
                if end is not None:
                    yield id, end
