"""``clawtui dispatcher``: its configuration, and the state of its slots."""

from __future__ import annotations

import click

from clawtui.cli.framework.command import Group, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.layout import Piece
from clawtui.cli.framework.output import say


@click.group(cls=Group)
def dispatcher() -> None:
    """The dispatcher: its configuration, and who holds its slots."""


@dispatcher.command()
@json_option
@pass_invocation
def show(invocation: Invocation, as_json: bool) -> None:
    """Show each field of the dispatcher's configuration and of its slots.

    \b
    Examples:
      clawtui dispatcher show
      clawtui dispatcher show --json | jq .configuration.maxConcurrent
    """
    from clawtui.cli.framework.fields import field_lines
    from clawtui.storage.stores.dispatcher import ConcurrencyStore, DispatcherStore

    paths, printer, now = invocation.paths(), invocation.printer, invocation.now()
    readings = {"configuration": DispatcherStore(paths).load(), "slots": ConcurrencyStore(paths).load()}
    problems = [reading.problem for reading in readings.values() if reading is not None and reading.problem is not None]
    if as_json:
        values = {name: reading.value if reading is not None else None for name, reading in readings.items()}
        found = [{"path": problem.path, "message": problem.message} for problem in problems]
        printer.print_json({**values, "problems": found})
        return
    for reading in readings.values():
        if reading is not None and reading.value is not None:
            printer.print_lines(field_lines(reading.path, reading.value, printer, now))
    for problem in problems:
        printer.print_lines([(Piece(f"{problem.path}: {problem.message}", "bad"),)])
    if readings["configuration"] is None:
        say("the dispatcher has no configuration: the defaults are in force")
