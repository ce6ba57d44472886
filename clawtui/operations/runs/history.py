"""The runs of an automation, from its configuration, its logs and its workspace."""

from __future__ import annotations

from msgspec.structs import replace

from clawtui.files.logs.reader import read_log
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.log_entry import RunLogEntry
from clawtui.model.errors import NoSuch
from clawtui.model.fleet import Workspace
from clawtui.model.paths import DISPATCHER_LOGS
from clawtui.model.runs import history as run_list
from clawtui.model.runs.run import SLACK, Run
from clawtui.model.runs.run_evidence import LogEnd
from clawtui.model.search.names import unique_part
from clawtui.operations.state.automations import find_automation
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.storage.stores.logs import AutomationLogManager
from clawtui.storage.workspaces.manager import WorkspaceManager

_LAST_LINES = 40
"""How many lines at the end of a log are searched for the ending of the run."""


def list_runs(paths: StatePaths, automation_id: str, judged: Workspace | None = None) -> tuple[Run, ...]:
    """Return all known runs, newest first. Raises NoSuch, Refused, Unreadable.

    An automation whose configuration is gone still has its logs. ``judged`` is its workspace with the state of its run
    (``run_states.judged_workspace``); without that, a run is going if its own state says so.
    """
    type_, config = _find(paths, automation_id)
    workspace = judged or Workspace(automation_id, state=WorkspaceManager(paths).state(automation_id))
    runs = run_list.list_runs(automation_id, type_, config, workspace, AutomationLogManager(paths).list_logs(type_))
    return tuple(with_ending(paths, run) for run in runs)


def find_run(paths: StatePaths, automation_id: str, name: str | None) -> Run:
    """Return the run that ``name`` means, or the newest. Raises NoSuch, and as ``list_runs`` does."""
    return pick_run(paths, list_runs(paths, automation_id), automation_id, name)


def pick_run(paths: StatePaths, runs: tuple[Run, ...], automation_id: str, name: str | None) -> Run:
    """Return the one of ``runs`` that ``name`` means, also as a part of its name, or the newest.

    Raises NoSuch; Refused if ``name`` is a part of several.
    """
    if not runs:
        raise NoSuch(f"“{automation_id}” has not run yet")
    if name is None:
        return runs[0]
    for run in runs:
        if run.is_called(name):
            return run
    part = unique_part(name, (run.name for run in runs), "runs")
    if part is not None:
        return next(run for run in runs if run.name == part)
    listing = command_line_for(paths.root).hint("run", "list", automation_id, name="ID")
    raise NoSuch(f"there is no run “{name}” of “{automation_id}”", hint=f"{listing} lists its runs.")


def find_type(paths: StatePaths, automation_id: str) -> str:
    """Return the automation's type. Raises NoSuch, Refused, Unreadable."""
    return _find(paths, automation_id)[0]


def with_ending(paths: StatePaths, run: Run) -> Run:
    """Return the run with its ending; where that is unknown, it is taken from the end of its log."""
    if run.status is not None or run.log is None:
        return run
    for line in read_log(paths.automations, run.log, last=_LAST_LINES):
        entry = line.entry if run.wrote(line) else None
        if isinstance(entry, RunLogEntry) and entry.status is not None:
            run = replace(run, status=entry.status, duration=entry.duration, summary=entry.error or entry.message)
        if isinstance(entry, RunLogEntry) and entry.session_id is not None:
            run = replace(run, session_id=entry.session_id)
    return run


def log_end(paths: StatePaths, run: Run) -> LogEnd | None:
    """Return the last entry of the run's log that says how it ended; None if there is none. Raises Unreadable."""
    found = None
    for line in read_log(paths.automations, run.log, last=_LAST_LINES) if run.log is not None else ():
        entry = line.entry if run.wrote(line) else None
        if isinstance(entry, RunLogEntry) and entry.status is not None and entry.timestamp >= run.started - SLACK:
            found = LogEnd(entry.timestamp, entry.status, entry.error or entry.message, run.log or "")
    return found


def _find(paths: StatePaths, automation_id: str) -> tuple[str, AutomationConfig | None]:
    """Return the automation's type, and its configuration where that exists and can be read."""
    try:
        automation = find_automation(paths, automation_id)
    except NoSuch:
        logs = AutomationLogManager(paths)
        for type_ in logs.types():
            if type_ != DISPATCHER_LOGS and automation_id in logs.list_logs(type_):
                return type_, None
        raise
    return automation.type, automation.config.value
