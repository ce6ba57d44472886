"""``clawtui dispatcher``: its configuration, which can be edited, and the state of its slots."""

from __future__ import annotations

import click

from clawtui.cli.framework.command import Command, Group, json_option, yes_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.layout import Piece
from clawtui.cli.framework.output import say


@click.group(cls=Group)
def dispatcher() -> None:
    """Show and edit the configuration of the dispatcher, and show its slots."""


@dispatcher.command()
@json_option
@pass_invocation
def show(invocation: Invocation, as_json: bool) -> None:
    """Show each field of the dispatcher's configuration and of its slots.

    If one of the two files cannot be read, it is named and the exit status is 1.

    \b
    Examples:
      clawtui dispatcher show
      clawtui dispatcher show --json | jq .configuration.maxConcurrent
    """
    from clawtui.cli.framework.output import field_lines
    from clawtui.operations.state.incomplete import require_nothing_hidden
    from clawtui.storage.stores.dispatcher import ConcurrencyStore, DispatcherStore

    paths, printer, now = invocation.paths(), invocation.printer, invocation.now()
    readings = {"configuration": DispatcherStore(paths).load(), "slots": ConcurrencyStore(paths).load()}
    problems = [reading.problem for reading in readings.values() if reading is not None and reading.problem is not None]
    if as_json:
        values = {name: reading.value if reading is not None else None for name, reading in readings.items()}
        found = [{"path": problem.path, "message": problem.message} for problem in problems]
        printer.print_json({**values, "problems": found})
    else:
        for reading in readings.values():
            if reading is not None and reading.value is not None:
                printer.print_lines(field_lines(reading.path, reading.value, printer, now))
        for problem in problems:
            printer.print_lines([(Piece(f"{problem.path}: {problem.message}", "bad"),)])
        if readings["configuration"] is None:
            say("the dispatcher has no configuration: the defaults are in force")
    require_nothing_hidden(problems)


@dispatcher.command(cls=Command, changes=True)
@yes_option
@json_option
@pass_invocation
def edit(invocation: Invocation, yes: bool, as_json: bool) -> None:
    """Edit the dispatcher's configuration in $EDITOR.

    The editor gets a copy. When it ends, the copy is checked and the changes are shown. The configuration is saved only
    if it is valid and the file has not changed in the meantime. With --yes it is saved without a question, and an
    invalid one is refused.

    \b
    Examples:
      clawtui dispatcher edit
      EDITOR="sed -i 's/\"maxConcurrent\": 3/\"maxConcurrent\": 2/'" clawtui dispatcher edit --yes
    """
    from clawtui.cli.automation.edit import edit_draft
    from clawtui.operations.state.editing import begin_dispatcher_draft
    from clawtui.storage.stores.dispatcher import DispatcherStore

    paths = invocation.paths()
    edit_draft(invocation, paths, begin_dispatcher_draft(paths), yes, as_json)
    if as_json:
        reading = DispatcherStore(paths).load()
        invocation.printer.print_json(None if reading is None else reading.value)
