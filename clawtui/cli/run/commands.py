"""``clawtui run``: list and show the runs of an automation."""

from __future__ import annotations

import click

from clawtui.cli.completion import automation_ids, run_names
from clawtui.cli.framework.command import Group, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import say
from clawtui.cli.run.report import report

MOST_RUNS = 1000
"""How many runs of a job of a stock gateway are listed."""


@click.group(cls=Group)
def run() -> None:
    """List and show the runs of an automation, or write a report on one."""


@run.command("list")
@click.argument("id", shell_complete=automation_ids)
@json_option
@pass_invocation
def list_(invocation: Invocation, id: str, as_json: bool) -> None:
    """List the runs of an automation, newest first.

    These are the runs on record, the one in progress, and those that left only a log.

    \b
    Examples:
      clawtui run list auto-sync-main-123
      clawtui run list sync-main --json | jq '.[] | select(.status == "failed")'
    """
    from clawtui.cli.run.view import run_row, run_table
    from clawtui.operations.runs.history import list_runs
    from clawtui.operations.runs.run_states import judged_workspace
    from clawtui.operations.state.automations import require_readable
    from clawtui.operations.state.names import full_id

    if (report := invocation.gateway_report(per_job=MOST_RUNS)) is not None:
        from clawtui.cli.openclaw.run_view import show_runs

        show_runs(invocation.printer, report, id, as_json)
        return
    paths, now = invocation.paths(), invocation.now()
    id = full_id(paths, id)
    runs = list_runs(paths, id, judged_workspace(paths, id, now, invocation.loaded().settings.quiet_after))
    if as_json:
        invocation.printer.print_json([run_row(one) for one in runs])
    elif runs:
        invocation.printer.print_block(run_table(runs, now))
    else:
        say(f"{id} has not run yet")
    require_readable(paths, id)


@run.command()
@click.argument("id", shell_complete=automation_ids)
@click.argument("run", required=False, shell_complete=run_names)
@json_option
@pass_invocation
def show(invocation: Invocation, id: str, run: str | None, as_json: bool) -> None:
    """Show one run and its timeline.

    RUN is the name of a run as `run list` prints it, the name of its log, or the time at which it started; the default
    is the newest run. If progress.json belongs to another run by now, the timeline is taken from the log. With three
    past runs or more, the usual duration is shown, and the time that is left of a run in progress.

    \b
    Examples:
      clawtui run show auto-sync-main-123
      clawtui run show auto-sync-main-123 auto-sync-main-123-2025-01-26-10-00-00
      clawtui run show auto-sync-main-123 --json | jq '.timeline[].milestone'
    """
    from clawtui.cli.run.view import run_document, run_lines
    from clawtui.operations.runs.history import list_runs, pick_run
    from clawtui.operations.runs.report import read_report
    from clawtui.operations.runs.run_states import judged_workspace
    from clawtui.operations.state.names import full_id

    if (report := invocation.gateway_report(per_job=MOST_RUNS)) is not None:
        from clawtui.cli.openclaw.run_view import show_run

        show_run(invocation.printer, report, id, run, as_json)
        return
    paths, now = invocation.paths(), invocation.now()
    id = full_id(paths, id)
    runs = list_runs(paths, id, judged_workspace(paths, id, now, invocation.loaded().settings.quiet_after))
    page = read_report(paths, pick_run(paths, runs, id, run), runs, now)
    if as_json:
        invocation.printer.print_json(run_document(page, now))
    else:
        invocation.printer.print_lines(run_lines(page, now))


run.add_command(report)
