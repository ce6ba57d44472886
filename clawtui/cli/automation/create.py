"""``clawtui automation create`` and ``duplicate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from clawtui.cli.automation.edit import edit_draft
from clawtui.cli.automation.selection import choose
from clawtui.cli.completion import automation_ids
from clawtui.cli.framework.command import Command, json_option, yes_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import say

if TYPE_CHECKING:
    from clawtui.model.fleet import Automation
    from clawtui.storage.paths import StatePaths


@click.command(cls=Command, changes=True)
@click.option("--type", "type_", metavar="TYPE", help="Its type; by default the first that there is.")
@yes_option
@json_option
@pass_invocation
def create(invocation: Invocation, type_: str | None, yes: bool, as_json: bool) -> None:
    """Create an automation in $EDITOR, from a template with comments.

    When the editor ends, the draft is checked and shown. It is created only if it is valid and no automation has its
    id. With --yes it is created without a question, and an invalid one is refused.

    \b
    Examples:
      clawtui automation create
      clawtui automation create --type smart-sync-fork
      EDITOR='cp sync-docs.json' clawtui automation create --yes
    """
    from clawtui.operations.state.new_automation import begin_new

    paths = invocation.paths(may_be_empty=True)
    created = edit_draft(invocation, paths, begin_new(paths, invocation.now(), type_), yes, as_json)
    if as_json:
        _print_row(invocation, paths, created)


@click.command(cls=Command, changes=True)
@click.argument("id", shell_complete=automation_ids)
@click.argument("new_id", metavar="NEW_ID", required=False)
@click.option("--edit", "edits", is_flag=True, help="Edit the copy in $EDITOR before it is created.")
@yes_option
@json_option
@pass_invocation
def duplicate(invocation: Invocation, id: str, new_id: str | None, edits: bool, yes: bool, as_json: bool) -> None:
    """Create a copy of an automation, which is disabled and has not run.

    Comments and unknown keys are kept. NEW_ID is by default the id with -copy.

    \b
    Examples:
      clawtui automation duplicate auto-sync-main-123 auto-sync-docs
      clawtui automation duplicate auto-sync-main-123 --edit
    """
    from clawtui.operations.state.new_automation import begin_copy, free_id
    from clawtui.operations.state.new_automation import duplicate as copy

    paths, now = invocation.paths(), invocation.now()
    (found,) = choose(paths, [id], None)
    name = new_id or free_id(paths, found.id)
    if edits:
        created = edit_draft(invocation, paths, begin_copy(paths, found, name, now), yes, as_json)
    else:
        copied, message = copy(paths, found, name, now)
        created = copied.config.path
        if not as_json:
            say(message)
    if as_json:
        _print_row(invocation, paths, created)


def _print_row(invocation: Invocation, paths: StatePaths, path: str | None) -> None:
    """Print the automation that was created as `automation list` does; null if none was."""
    from clawtui.cli.automation.view import row_of
    from clawtui.operations.state.automations import find_automation

    found: Automation | None = None if path is None else find_automation(paths, path)
    invocation.printer.print_json(None if found is None else row_of(found, None))
