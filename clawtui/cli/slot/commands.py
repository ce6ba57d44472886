"""``clawtui slot``: the dispatcher's concurrency slots."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from clawtui.cli.framework.command import Group, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.layout import Block, Column, Line, Piece, Table
from clawtui.cli.framework.output import say
from clawtui.cli.slot.free import free

if TYPE_CHECKING:
    from clawtui.operations.slots.report import Slots


@click.group(cls=Group)
def slot() -> None:
    """Concurrency slots: which runs have one, and taking back that of a run that is over."""


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
    from clawtui.operations.slots.report import load_slots

    slots, now = load_slots(invocation.paths()), invocation.now()
    if as_json:
        invocation.printer.print_json(_document(slots, now))
    elif slots.state is None and slots.max is None:
        say("no slot was ever taken, and nothing says how many there are")
    else:
        invocation.printer.print_lines(_lines(slots, now))


def _document(slots: Slots, now: datetime) -> dict[str, object]:
    """As the file says it, with what follows beside it."""
    from clawtui.files.json5.serialize import to_plain

    if slots.state is None:
        return {"maxSlots": slots.max, "used": 0, "activeSlots": []}
    active = [
        {**to_plain(slot), "ageSeconds": int((now - slot.acquired_at).total_seconds())}
        for slot in slots.state.active_slots
    ]
    return {**to_plain(slots.state), "used": len(active), "activeSlots": active}


def _lines(slots: Slots, now: datetime) -> Iterator[Line | Block]:
    from clawtui.model.text.units import age_span

    active = slots.state.active_slots if slots.state else ()
    rows: list[tuple[int, tuple[Piece | str, ...]]] = [
        (
            slot.slot_number,
            (
                str(slot.slot_number),
                Piece(slot.automation_id, "active"),
                slot.session_id,
                age_span(now - slot.acquired_at),
            ),
        )
        for slot in active
    ]
    taken = {slot.slot_number for slot in active}
    free = (number for number in range(1, int(slots.max or 0) + 1) if number not in taken)
    rows += [(number, (str(number), Piece("free", "dim"), "", "")) for number in free]
    rows.sort(key=lambda row: row[0])
    columns = (
        Column("slot", align="right"),
        Column("held by", least=16),
        Column("session", least=8),
        Column("age", align="right"),
    )
    yield Table(columns, (cells for _, cells in rows))
    yield ()
    yield (f"{len(active)} of {slots.max} used",)
