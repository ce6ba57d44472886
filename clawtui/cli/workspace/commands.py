"""``clawtui workspace``: list, show and remove the workspaces of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from clawtui.cli.completion import workspace_ids
from clawtui.cli.framework.command import Group, json_option, yes_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import say

if TYPE_CHECKING:
    from clawtui.model.liveness.workspace_guard import Danger

id_argument = click.argument("id", shell_complete=workspace_ids)
size_option = click.option(
    "--no-size", is_flag=True, help="Do not measure sizes, which takes a while for a large clone."
)


@click.group(cls=Group)
def workspace() -> None:
    """List, show and remove workspaces: the clone of an automation, and the state of its run."""


@workspace.command("list")
@size_option
@json_option
@pass_invocation
def list_(invocation: Invocation, no_size: bool, as_json: bool) -> None:
    """List the workspaces with their size on disk.

    If something in the place of a workspace cannot be read, it is named and the exit status is 1.

    \b
    Examples:
      clawtui workspace list
      clawtui workspace list --no-size
      clawtui workspace list --json | jq 'map(.size.bytes) | add'
    """
    from clawtui.cli.workspace.view import row_of, table_of
    from clawtui.operations.runs.run_states import states_of_runs
    from clawtui.operations.runs.workspaces import report_workspaces
    from clawtui.operations.state.incomplete import require_nothing_hidden
    from clawtui.storage.workspaces.manager import WorkspaceManager

    paths = invocation.paths()
    hiding = WorkspaceManager(paths).problems()
    now = invocation.now()
    runs = states_of_runs(paths, now, invocation.loaded().settings.quiet_after)
    reports = tuple(report_workspaces(paths, runs, measured=not no_size))
    if as_json:
        invocation.printer.print_json([row_of(report) for report in reports])
    elif reports:
        invocation.printer.print_block(table_of(reports, now))
    elif not hiding:
        say("there are no workspaces")
    require_nothing_hidden(hiding)


@workspace.command()
@id_argument
@size_option
@json_option
@pass_invocation
def show(invocation: Invocation, id: str, no_size: bool, as_json: bool) -> None:
    """Show one workspace: its automation, its size, and each field of the state and progress of its run.

    If one of its documents cannot be read, it is named and the exit status is 1.

    \b
    Examples:
      clawtui workspace show auto-sync-main-123
      clawtui workspace show auto-sync-main-123 --json | jq .state.progress
    """
    from clawtui.cli.workspace.view import details_of, document_of
    from clawtui.operations.runs.run_states import states_of_runs
    from clawtui.operations.runs.workspaces import report_workspace
    from clawtui.operations.state.incomplete import require_nothing_hidden
    from clawtui.operations.state.names import full_id

    paths, now = invocation.paths(), invocation.now()
    runs = states_of_runs(paths, now, invocation.loaded().settings.quiet_after)
    report = report_workspace(paths, full_id(paths, id), runs, measured=not no_size)
    if as_json:
        invocation.printer.print_json(document_of(report))
    else:
        invocation.printer.print_lines(details_of(report, invocation.printer, now))
    require_nothing_hidden(report.problems)


@workspace.command(changes=True)
@id_argument
@yes_option
@click.option(
    "--force",
    "forced",
    type=click.Choice(["live", "preserved", "unpushed"]),
    multiple=True,
    help="Remove it even if its run may be active, it is preserved, or it has commits that exist nowhere else.",
)
@json_option
@pass_invocation
def clean(invocation: Invocation, id: str, yes: bool, forced: tuple[Danger, ...], as_json: bool) -> None:
    """Remove a workspace with everything in it.

    Refused with exit status 3, unless --force names the reason: its run may be active (a lock or slot names the
    automation and its holder is not proven to be dead, or no document says that the run has ended); it is marked as
    preserved; its clone has commits that exist nowhere else; or one of these cannot be determined. Always refused if
    something is mounted in it. If a run begins or writes in the meantime, nothing is removed and the exit status is
    4.

    \b
    Examples:
      clawtui workspace clean auto-sync-main-123
      clawtui workspace clean auto-sync-main-123 --yes
      clawtui workspace clean auto-sync-main-123 --force preserved
    """
    from clawtui.cli.framework.confirm import confirm
    from clawtui.operations.runs.workspaces import clean_workspace, report_workspace, require_removable

    paths, quiet_after = invocation.paths(), invocation.loaded().settings.quiet_after
    found = report_workspace(paths, id, measured=False).workspace
    require_removable(paths, found, forced, invocation.now().astimezone(), quiet_after)
    confirm(f"Remove workspaces/{found.id} with everything in it?", yes)
    message = clean_workspace(paths, found, lambda: invocation.now().astimezone(), forced, quiet_after)
    if as_json:
        invocation.printer.print_json({"id": found.id, "path": f"workspaces/{found.id}", "removed": True})
    else:
        say(message)
