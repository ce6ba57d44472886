"""``clawtui slot``: list the concurrency slots of the dispatcher."""

from __future__ import annotations

import click

from clawtui.cli.framework.command import Group, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import say
from clawtui.cli.slot.free import free


@click.group(cls=Group)
def slot() -> None:
    """List concurrency slots, and free the slot of a run that has ended."""


slot.add_command(free)


@slot.command("list")
@json_option
@pass_invocation
def list_(invocation: Invocation, as_json: bool) -> None:
    """List the slots by number, who holds each, and since when.

    \b
    Examples:
      clawtui slot list
      clawtui slot list --json | jq '.maxSlots - .used'
    """
    from clawtui.cli.slot.view import slots_document, slots_lines
    from clawtui.operations.slots.report import load_slots

    slots, now = load_slots(invocation.paths()), invocation.now()
    if as_json:
        invocation.printer.print_json(slots_document(slots, now))
    elif slots.state is None and slots.max is None:
        say("no slot was ever taken, and their number is not configured")
    else:
        invocation.printer.print_lines(slots_lines(slots, now))
