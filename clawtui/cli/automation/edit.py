"""``clawtui automation edit``: edit a configuration in the operator's editor."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import click

from clawtui.cli.completion import automation_ids
from clawtui.cli.framework.command import Command, json_option, yes_option
from clawtui.cli.framework.confirm import ask_yes
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.layout import Line, Piece
from clawtui.cli.framework.output import say
from clawtui.model.errors import ClawtuiError, Invalid, Refused
from clawtui.presentation.roles import diff_roles

if TYPE_CHECKING:
    from clawtui.operations.state.editing import Draft, Review
    from clawtui.storage.paths import StatePaths


@click.command(cls=Command, changes=True)
@click.argument("id", shell_complete=automation_ids)
@yes_option
@json_option
@pass_invocation
def edit(invocation: Invocation, id: str, yes: bool, as_json: bool) -> None:
    """Edit an automation's configuration in $EDITOR.

    ID is an id, a part that no other id has, or the path of a configuration.

    The editor gets a copy. When it ends, the copy is checked and the changes are shown. The configuration is saved only
    if it is valid and the file has not changed in the meantime. With --yes it is saved without a question, and an
    invalid one is refused. The help of `automation` lists the forms of a schedule.

    \b
    Examples:
      clawtui automation edit auto-sync-main-123
      EDITOR='sed -i s/main/trunk/' clawtui automation edit sync-main --yes
    """
    from clawtui.cli.automation.selection import choose
    from clawtui.cli.automation.view import row_of
    from clawtui.operations.state.automations import find_automation, workspace_of
    from clawtui.operations.state.editing import begin_draft

    paths = invocation.paths()
    (found,) = choose(paths, [id], None)
    edit_draft(invocation, paths, begin_draft(paths, found), yes, as_json)
    if as_json:
        invocation.printer.print_json(row_of(find_automation(paths, found.config.path), workspace_of(paths, found.id)))


def edit_draft(invocation: Invocation, paths: StatePaths, draft: Draft, yes: bool, as_json: bool) -> str | None:
    """Have a draft edited, show what changed, ask, and save it. Return the path of the file; None if nothing changed.

    Raises Invalid under ``yes`` where it is not valid, Refused where the operator does not agree, ClawtuiError. The
    draft is kept then.
    """
    from clawtui.operations.state.editing import leave_draft, path_of, save_draft

    try:
        review = _edit_until_valid(draft, yes)
    except (KeyboardInterrupt, click.Abort):
        if (left := leave_draft(draft)) is not None:
            say(left)
        raise
    if review is None:
        say("nothing was changed")
        return None
    if not yes:
        if as_json:
            say("\n".join(review.difference), invocation.show_secrets)
        else:
            invocation.printer.print_lines(_difference(review))
        _ask(draft, "Save this?")
    message = save_draft(paths, draft, review, invocation.now())
    if not as_json:
        say(message)
    return path_of(draft, review)


def _edit_until_valid(draft: Draft, yes: bool) -> Review | None:
    """Open the editor until the draft is valid. Return the draft to save, or None if nothing was changed."""
    from clawtui.operations.state.editing import discard_draft, explain_in, review_draft

    while True:
        _open(draft)
        review = review_draft(draft)
        if not review.difference:
            discard_draft(draft)
            return None
        if review.fault is None:
            return review
        if yes:
            raise Invalid(review.fault, hint=f"What you wrote is in {draft.file}")
        say(review.fault)
        _ask(draft, "Edit again?", default=True)
        explain_in(draft, review)


def _open(draft: Draft) -> None:
    from clawtui.operations.state.editing import leave_draft
    from clawtui.operations.user.programs import editor_command

    try:
        command = editor_command()
    except ClawtuiError:
        leave_draft(draft)
        raise
    try:
        status = subprocess.run([*command, str(draft.file)], check=False).returncode
    except OSError as error:
        left = leave_draft(draft)
        reason = f"{command[0]}: {(error.strerror or str(error)).lower()}; $EDITOR names the program"
        raise ClawtuiError(reason, hint=left) from error
    if status != 0:
        left = leave_draft(draft)
        raise ClawtuiError(f"the editor ended with status {status}; nothing is saved", hint=left)


def _ask(draft: Draft, question: str, default: bool = False) -> None:
    if not ask_yes(question, default):
        raise Refused("nothing is saved", hint=f"What you wrote is in {draft.file}")


def _difference(review: Review) -> list[Line]:
    return [[Piece(line, role)] for line, role in diff_roles(review.difference)]
