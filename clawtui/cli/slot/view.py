"""Concurrency slots as a table, one slot with the verdict on its session, and both as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from clawtui.cli.framework.layout import Block, Column, Line, Piece, Table, bulleted
from clawtui.model.liveness.slot_verdict import SLOT_MEANING, SlotJudgement
from clawtui.model.text.units import age_span
from clawtui.presentation.roles import VERDICT_ROLE

if TYPE_CHECKING:
    from clawtui.operations.slots.report import Slots


def judged_row(judged: SlotJudgement) -> dict[str, object]:
    """Return one slot as JSON: its fields in the file, the verdict, and the facts behind it."""
    from clawtui.files.json5.serialize import to_plain

    return {**to_plain(judged.slot), "verdict": judged.verdict, "facts": judged.facts}


def judged_lines(judged: SlotJudgement) -> Iterator[Line | Block]:
    """Yield the holder of the slot, the verdict on its session, and every fact behind it."""
    slot = judged.slot
    yield (f"slot {slot.slot_number}, held by ", Piece(slot.automation_id, "active"), f", session {slot.session_id}")
    yield (Piece(judged.verdict, VERDICT_ROLE[judged.verdict]), f": {SLOT_MEANING[judged.verdict]}")
    yield from bulleted(judged.facts)


def slots_document(slots: Slots, now: datetime) -> dict[str, object]:
    """Return all slots as JSON: the fields of the file, the number of used slots, and the age of each.

    If not all are known, ``used`` is null, and the slots are as in the file.
    """
    from clawtui.files.json5.serialize import to_plain

    if slots.state is None:
        return {"maxSlots": slots.max, "used": 0, "activeSlots": []}
    active = [
        {**to_plain(slot), "ageSeconds": max(0, int((now - slot.acquired_at).total_seconds()))}
        for slot in slots.state.active_slots
    ]
    if slots.problem is not None:
        return {**to_plain(slots.state), "used": None, "problem": slots.problem}
    return {**to_plain(slots.state), "used": len(active), "activeSlots": active}


def slots_lines(slots: Slots, now: datetime) -> Iterator[Line | Block]:
    """Yield a table of the slots by number, free ones included, and the number of used slots.

    No slot is called free if not all that are taken are known.
    """
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
    rows += [(number, (str(number), Piece("free", "dim"), "", "")) for number in free if slots.problem is None]
    rows.sort(key=lambda row: row[0])
    columns = (
        Column("slot", align="right"),
        Column("held by", least=16),
        Column("session", least=8),
        Column("age", align="right"),
    )
    yield Table(columns, (cells for _, cells in rows))
    yield ()
    if slots.problem is None:
        yield (f"{len(active)} of {slots.max} used",)
    else:
        yield (Piece(f"not all slots that are taken are known: {slots.problem}", "bad"),)
