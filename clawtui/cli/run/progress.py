"""``clawtui progress``: the timeline of the current run, one line for each milestone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from clawtui.cli.completion import automation_ids
from clawtui.cli.framework.command import Command, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import say
from clawtui.cli.framework.streams import pause_for_reader, require_output
from clawtui.model.errors import Invalid, NoSuch
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for

if TYPE_CHECKING:
    from clawtui.model.fleet import Workspace
    from clawtui.model.runs.report import RunReport


@click.command(cls=Command)
@click.argument("id", shell_complete=automation_ids)
@click.option("--follow", "-f", is_flag=True, help="Print each new milestone, until the run ends.")
@json_option
@pass_invocation
def progress(invocation: Invocation, id: str, follow: bool, as_json: bool) -> None:
    """Show the timeline of the current run, one line for each milestone.

    Without a run in progress it is the last one. Of a run in progress it shows the time that is left, as a range, if
    there are three past runs or more. With --follow --json each milestone is one line of JSON.

    \b
    Examples:
      clawtui progress auto-sync-main-123
      clawtui progress auto-sync-main-123 --follow
      clawtui progress auto-sync-main-123 --follow --json | jq -r .milestone
    """
    from clawtui.operations.state.names import full_id

    if (report := invocation.gateway_report()) is not None:
        from clawtui.cli.openclaw.log_view import show_progress

        show_progress(invocation, report, id, follow=follow, as_json=as_json)
        return
    paths = invocation.paths()
    id = full_id(paths, id)
    if follow:
        _follow(invocation, paths, id, as_json)
    else:
        _show(invocation, paths, id, as_json)


def _show(invocation: Invocation, paths: StatePaths, id: str, as_json: bool) -> None:
    from clawtui.cli.run.view import milestone_table, pace_document, pace_values, progress_document
    from clawtui.model.runs.timeline import steps
    from clawtui.operations.runs.report import is_of_run
    from clawtui.operations.runs.run_states import judged_workspace

    now = invocation.now()
    workspace = judged_workspace(paths, id, now, invocation.loaded().settings.quiet_after)
    reading = workspace.progress if workspace is not None else None
    if workspace is None or reading is None:
        raise _no_timeline(paths, id)
    if reading.value is None:
        raise Invalid(reading.problem.message if reading.problem else "cannot be read", reading.path)
    going = workspace.running is not None and is_of_run(reading.value, workspace.running)
    milestones = steps(reading.value.timeline, now if going else reading.value.last_update, going)
    page = _page_of_current(paths, workspace, now) if going else None
    if as_json:
        invocation.printer.print_json(progress_document(reading.value, milestones, going) | pace_document(page, now))
    else:
        invocation.printer.print_block(milestone_table(milestones))
        if page is not None:
            invocation.printer.print_block(pace_values(page, now))


def _follow(invocation: Invocation, paths: StatePaths, id: str, as_json: bool) -> None:
    from clawtui.cli.run.view import milestone_line
    from clawtui.operations.runs.follow_progress import follow_progress
    from clawtui.operations.state.automations import workspace_of

    workspace = workspace_of(paths, id)
    if workspace is None or (workspace.progress is None and workspace.running is None):
        raise _no_timeline(paths, id)
    for milestone in follow_progress(paths, id, pause_for_reader):
        if as_json:
            invocation.printer.print_json_line(milestone)
        else:
            invocation.printer.print_lines([milestone_line(milestone)])
        require_output()
    after = workspace_of(paths, id)
    state = after.state.value if after is not None and after.state is not None else None
    say(f"the run of {id} is over" + (f": {state.status}" if state is not None and not state.running else ""))


def _page_of_current(paths: StatePaths, workspace: Workspace, now: datetime) -> RunReport | None:
    """Return the report of the run in progress; None if it is on record as ended."""
    from clawtui.operations.runs.history import list_runs
    from clawtui.operations.runs.report import read_report

    try:
        runs = list_runs(paths, workspace.id, workspace)
    except NoSuch:
        # Only the workspace of the automation is left, so there are no past runs to compare with.
        return None
    return read_report(paths, runs[0], runs, now) if runs and runs[0].running else None


def _no_timeline(paths: StatePaths, id: str) -> NoSuch:
    """Return the error for an automation without a timeline."""
    from clawtui.operations.state.automations import find_automation

    find_automation(paths, id)
    show = command_line_for(paths.root).hint("run", "show", id, name="ID")
    return NoSuch(f"“{id}” has no timeline in its workspace", hint=f"{show} looks for one in its logs.")
