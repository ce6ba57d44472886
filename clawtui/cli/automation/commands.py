"""``clawtui automation``: list, show, enable, disable and delete automations."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from clawtui.cli.automation.create import create, duplicate
from clawtui.cli.automation.edit import edit
from clawtui.cli.automation.next_run import run_now, snooze
from clawtui.cli.automation.selection import (
    act_on_each,
    choose,
    ids_argument,
    is_one,
    match_option,
    paths_for,
    require_one_for_version,
)
from clawtui.cli.completion import automation_ids
from clawtui.cli.framework.command import Group, json_option, yes_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import say
from clawtui.model.schedules.grammar import grammar_text

if TYPE_CHECKING:
    from clawtui.model.fleet import Automation

id_argument = click.argument("id", shell_complete=automation_ids)
if_match_option = click.option(
    "--if-match",
    metavar="FINGERPRINT",
    help="Only if the file still has this fingerprint, which `automation show` prints.",
)


@click.group(cls=Group, epilog="\b\n" + grammar_text().replace("\n\n", "\n\n\b\n"))
def automation() -> None:
    """List, show and change automations."""


@automation.command("list")
@json_option
@pass_invocation
def list_(invocation: Invocation, as_json: bool) -> None:
    """List the automations by id, including those that cannot be read.

    If a directory that may hold more automations cannot be read, it is named and the exit status is 1.

    \b
    Examples:
      clawtui automation list
      clawtui automation list --json | jq '.[] | select(.status == "failed").id'
    """
    if (report := invocation.gateway_report(per_job=1)) is not None:
        from clawtui.cli.openclaw.automation_view import show_jobs

        show_jobs(invocation.printer, report, as_json)
        return
    from clawtui.cli.automation.view import row_of, table_of
    from clawtui.operations.runs.run_states import read_judged_fleet
    from clawtui.operations.state.incomplete import hiding_automations, require_nothing_hidden

    now, quiet_after = invocation.now(), invocation.loaded().settings.quiet_after
    fleet = read_judged_fleet(invocation.paths(), now, quiet_after)
    hiding = hiding_automations(fleet)
    automations = sorted(fleet.automations.values(), key=lambda automation: (automation.id, automation.type))
    if as_json:
        invocation.printer.print_json(
            [row_of(automation, fleet.workspaces.get(automation.id)) for automation in automations]
        )
    elif automations:
        invocation.printer.print_block(table_of(automations, fleet.workspaces, now))
    elif not hiding:
        say("there are no automations")
    require_nothing_hidden(hiding)


@automation.command()
@id_argument
@json_option
@pass_invocation
def show(invocation: Invocation, id: str, as_json: bool) -> None:
    """Show one automation: its configuration, its status, and when it is due.

    \b
    Examples:
      clawtui automation show auto-sync-main-123
      clawtui automation show auto-sync-main-123 --json | jq .config
    """
    if (report := invocation.gateway_report()) is not None:
        from clawtui.cli.openclaw.automation_view import show_job

        show_job(invocation.printer, report, id, as_json)
        return
    from clawtui.cli.automation.view import details_of, document_of
    from clawtui.operations.runs.run_states import judged_workspace
    from clawtui.operations.state.automations import find_automation, fingerprint_of_automation, require_readable
    from clawtui.operations.state.names import full_id

    paths, now = invocation.paths(), invocation.now()
    found = find_automation(paths, full_id(paths, id))
    workspace = judged_workspace(paths, found.id, now, invocation.loaded().settings.quiet_after)
    fingerprint = None if found.config.stamp is None else fingerprint_of_automation(paths, found)
    if as_json:
        invocation.printer.print_json({**document_of(found, workspace), "fingerprint": fingerprint})
    else:
        invocation.printer.print_block(details_of(invocation.printer, found, workspace, now, fingerprint))
    require_readable(paths, found.config.path)


@automation.command(changes=True)
@ids_argument
@match_option
@if_match_option
@json_option
@pass_invocation
def enable(invocation: Invocation, ids: tuple[str, ...], glob: str | None, if_match: str | None, as_json: bool) -> None:
    """Enable automations, so that the dispatcher runs them when they are due.

    ID is an id, a part that no other id has, or the path of a configuration. An id that several files have is refused.

    \b
    Examples:
      clawtui automation enable auto-sync-main-123
      clawtui automation enable sync-main sync-docs
      clawtui automation enable --match 'sync-*'
    """
    _switch(invocation, ids, glob, True, if_match, as_json)


@automation.command(changes=True)
@ids_argument
@match_option
@if_match_option
@json_option
@pass_invocation
def disable(
    invocation: Invocation, ids: tuple[str, ...], glob: str | None, if_match: str | None, as_json: bool
) -> None:
    """Disable automations, so that the dispatcher does not run them; a run in progress goes on.

    ID is an id, a part that no other id has, or the path of a configuration. An id that several files have is refused.

    \b
    Examples:
      clawtui automation disable auto-sync-main-123
      clawtui automation disable --match 'sync-*'
    """
    _switch(invocation, ids, glob, False, if_match, as_json)


@automation.command(changes=True)
@ids_argument
@match_option
@yes_option
@if_match_option
@json_option
@pass_invocation
def delete(
    invocation: Invocation, ids: tuple[str, ...], glob: str | None, yes: bool, if_match: str | None, as_json: bool
) -> None:
    """Delete the configurations of automations; their logs, workspaces and artifacts stay.

    ID is a whole id, or the path of a configuration. An id that several files have is refused.

    \b
    Examples:
      clawtui automation delete auto-sync-main-123
      clawtui automation delete auto-sync-main-123 --yes
      clawtui automation delete --match 'test-*'
    """
    from clawtui.cli.framework.confirm import confirm
    from clawtui.operations.state.automations import delete_automation, require_version, workspace_of

    paths = paths_for(invocation, ids)
    chosen = choose(paths, ids, glob, takes_parts=False)
    require_one_for_version(chosen, if_match)
    for found in chosen:
        require_version(paths, found, if_match)
    running = [each.id for each in chosen if (there := workspace_of(paths, each.id)) and there.running is not None]
    confirm(_question(chosen, running), yes)
    results, status = act_on_each(chosen, lambda each: (each, delete_automation(paths, each, invocation.now())))
    rows = [{"id": each.id, "type": each.type, "path": each.config.path, "deleted": True} for each, _ in results]
    if as_json:
        invocation.printer.print_json(rows[0] if is_one(ids, glob) else rows)
    else:
        for _, message in results:
            say(message)
    if status:
        sys.exit(status)


for _command in (edit, create, duplicate, run_now, snooze):
    automation.add_command(_command)


def _question(chosen: Sequence[Automation], running: Sequence[str]) -> str:
    """Return the question before configurations are deleted, with the runs that are in progress."""
    if len(chosen) == 1:
        going = " It has a run in progress, which goes on." if running else ""
        return f"Delete {chosen[0].config.path} ({chosen[0].name})?{going}"
    going = f" Runs of {', '.join(running)} are in progress, and go on." if running else ""
    listed = "".join(f"\n  {each.config.path} ({each.name})" for each in chosen)
    return f"Delete these {len(chosen)} configurations?{going}{listed}\nDelete them all?"


def _switch(
    invocation: Invocation, ids: Sequence[str], glob: str | None, enabled: bool, if_match: str | None, as_json: bool
) -> None:
    from clawtui.cli.automation.view import row_of
    from clawtui.operations.state.automations import find_automation, require_version, set_enabled, workspace_of

    paths = paths_for(invocation, ids)
    chosen = choose(paths, ids, glob)
    require_one_for_version(chosen, if_match)

    def switch(found: Automation) -> tuple[Automation, str]:
        message, _ = set_enabled(paths, found, enabled, invocation.now(), require_version(paths, found, if_match))
        return found, message

    results, status = act_on_each(chosen, switch)
    if as_json:
        rows = [row_of(find_automation(paths, each.config.path), workspace_of(paths, each.id)) for each, _ in results]
        invocation.printer.print_json(rows[0] if is_one(ids, glob) else rows)
    else:
        for _, message in results:
            say(message)
    if status:
        sys.exit(status)
