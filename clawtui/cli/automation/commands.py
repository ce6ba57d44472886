"""``clawtui automation``: list, show, enable, disable and delete automations."""

from __future__ import annotations

import click

from clawtui.cli.automation.edit import edit
from clawtui.cli.completion import automation_ids
from clawtui.cli.framework.command import Group, json_option, yes_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import say
from clawtui.model.schedules.grammar import grammar_text

id_argument = click.argument("id", shell_complete=automation_ids)
if_match_option = click.option(
    "--if-match",
    metavar="FINGERPRINT",
    help="Only if the file still has this fingerprint, which `automation show` prints.",
)


@click.group(cls=Group, epilog="\b\n" + grammar_text().replace("\n\n", "\n\n\b\n"))
def automation() -> None:
    """The automations: which there are, how they stand, and their configurations."""


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

    paths, now = invocation.paths(), invocation.now()
    found = find_automation(paths, id)
    workspace = judged_workspace(paths, found.id, now, invocation.loaded().settings.quiet_after)
    fingerprint = None if found.config.stamp is None else fingerprint_of_automation(paths, found)
    if as_json:
        invocation.printer.print_json({**document_of(found, workspace), "fingerprint": fingerprint})
    else:
        invocation.printer.print_block(details_of(invocation.printer, found, workspace, now, fingerprint))
    require_readable(paths, found.config.path)


@automation.command(changes=True)
@id_argument
@if_match_option
@json_option
@pass_invocation
def enable(invocation: Invocation, id: str, if_match: str | None, as_json: bool) -> None:
    """Let the dispatcher run an automation when it is due.

    ID is an id, or the path of a configuration. An id that several files have is refused.

    \b
    Examples:
      clawtui automation enable auto-sync-main-123
    """
    _switch(invocation, id, True, if_match, as_json)


@automation.command(changes=True)
@id_argument
@if_match_option
@json_option
@pass_invocation
def disable(invocation: Invocation, id: str, if_match: str | None, as_json: bool) -> None:
    """Keep the dispatcher from running an automation; a run in progress goes on.

    ID is an id, or the path of a configuration. An id that several files have is refused.

    \b
    Examples:
      clawtui automation disable auto-sync-main-123
    """
    _switch(invocation, id, False, if_match, as_json)


@automation.command(changes=True)
@id_argument
@yes_option
@if_match_option
@json_option
@pass_invocation
def delete(invocation: Invocation, id: str, yes: bool, if_match: str | None, as_json: bool) -> None:
    """Delete an automation's configuration; its logs, workspace and artifacts stay.

    ID is an id, or the path of a configuration. An id that several files have is refused.

    \b
    Examples:
      clawtui automation delete auto-sync-main-123
      clawtui automation delete auto-sync-main-123 --yes
    """
    from clawtui.cli.framework.confirm import confirm
    from clawtui.operations.state.automations import delete_automation, find_automation, require_version, workspace_of

    paths = invocation.paths()
    found = find_automation(paths, id)
    workspace = workspace_of(paths, found.id)
    going = (
        " It has a run in progress, which goes on." if workspace is not None and workspace.running is not None else ""
    )
    require_version(paths, found, if_match)
    confirm(f"Delete {found.config.path} ({found.name})?{going}", yes)
    said = delete_automation(paths, found, invocation.now())
    if as_json:
        invocation.printer.print_json({"id": found.id, "type": found.type, "path": found.config.path, "deleted": True})
    else:
        say(said)


automation.add_command(edit)


def _switch(invocation: Invocation, id: str, enabled: bool, if_match: str | None, as_json: bool) -> None:
    from clawtui.cli.automation.view import row_of
    from clawtui.operations.state.automations import find_automation, require_version, set_enabled, workspace_of

    paths = invocation.paths()
    found = find_automation(paths, id)
    said, _ = set_enabled(paths, found, enabled, invocation.now(), require_version(paths, found, if_match))
    if as_json:
        invocation.printer.print_json(row_of(find_automation(paths, found.config.path), workspace_of(paths, found.id)))
    else:
        say(said)
