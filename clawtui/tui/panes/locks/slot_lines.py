"""The concurrency slots as lines: for each whether it is taken, by which automation, and the verdict on its session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from clawtui.model.documents.concurrency import ConcurrencyState, Slot
from clawtui.model.fleet import Reading
from clawtui.model.liveness.slot_verdict import SlotVerdict
from clawtui.model.text.units import age_span
from clawtui.tui.panes.locks.verdicts import Verdicts
from clawtui.tui.terminal.glyphs import PROBLEM, SLOT_FREE, SLOT_USED, VERDICT_MARK
from clawtui.tui.widgets.line import Line, Role, Span

_DOUBT: Final[Mapping[SlotVerdict | None, tuple[Role, str]]] = {
    "orphaned": ("bad", f"{VERDICT_MARK['orphaned']} ended"),
    "quiet": ("warn", f"{VERDICT_MARK['quiet']} quiet"),
}
_HEADING: Line = (Span("SLOTS", "dim"),)


def slot_lines(reading: Reading[ConcurrencyState] | None, verdicts: Verdicts, now: datetime) -> Sequence[Line]:
    """Return a line for each slot, by number, with the verdict on its session where it is in doubt."""
    if reading is None:
        return (_HEADING, (Span("no concurrency state", "dim"),))
    state = reading.value
    if state is None:
        why = reading.problem.message if reading.problem else "cannot be read"
        return (_HEADING, (Span(f"{PROBLEM} {why}", "bad"),))
    taken = {slot.slot_number for slot in state.active_slots}
    rows = [(slot.slot_number, _taken(slot, verdicts.on_slot(slot), now)) for slot in state.active_slots]
    if state.knows("active_slots"):
        rows += [(number, _free(number)) for number in range(1, int(state.max_slots or 0) + 1) if number not in taken]
    rows.sort(key=lambda row: row[0])
    faults = [(Span(f"{PROBLEM} {reading.fault_text}", "bad"),)] if reading.faults else []
    return (_HEADING, *(row for _, row in rows), *faults)


def _taken(slot: Slot, verdict: SlotVerdict | None, now: datetime) -> Line:
    role, doubt = _DOUBT.get(verdict, ("active", ""))
    mark = Span(f"{slot.slot_number} {SLOT_USED} ", role)
    age = Span(f"{age_span(now - slot.acquired_at):>6}  ", "dim")
    return (mark, age, *((Span(f"{doubt} ", role),) if doubt else ()), Span(slot.automation_id))


def _free(number: int) -> Line:
    return (Span(f"{number} {SLOT_FREE} free", "dim"),)
