"""The row of a lock in the locks pane, and the lines of the concurrency slots below the locks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from clawtui.model.documents.concurrency import ConcurrencyState, Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.model.liveness.slot_verdict import SlotVerdict
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.model.text.units import age_span
from clawtui.presentation.roles import VERDICT_ROLE
from clawtui.tui.panes.locks.verdicts import Verdicts, verdict_of
from clawtui.tui.terminal.glyphs import PROBLEM, SLOT_FREE, SLOT_USED, VERDICT_MARK
from clawtui.tui.widgets.line import BLANK, Line, Role, Span
from clawtui.tui.widgets.table_layout import Column


def held_columns(what: str, holder: str) -> tuple[Column, ...]:
    """Return the columns of a table of what runs hold: `what` and `holder` are the titles of the second and third."""
    return (
        Column("VERDICT", 10),
        Column(what, 20, share=3, keeps_end=True),
        Column(holder, 14, share=2, needs=66),
        Column("HOST:PID", 14, share=1, needs=94),
        Column("AGE", 6, align="right"),
        Column("LAST SIGN", 9, align="right", needs=76),
        Column("", 7),
    )


COLUMNS: Final = held_columns("LOCKED REPOSITORY", "HELD BY")


def verdict_line(verdict: Verdict | None) -> Line:
    """Return ``✗ orphaned``; ``…`` for None."""
    if verdict is None:
        return (Span("  …", "dim"),)
    return (Span(f"{VERDICT_MARK[verdict]} {verdict}", VERDICT_ROLE[verdict]),)


def next_of(count: int, word: str, role: Role) -> Span:
    """Return the number of rows that `word` is about, for the title; a click goes to the next of them."""
    return Span(f"{count} {word}", role, click=f"go_to_row({word!r})")


def lock_cells(
    reading: Reading[RepositoryLock], judged: LockJudgement | None, now: datetime, timeout: timedelta | None
) -> Sequence[Line]:
    """Return the row of one lock, a line for each of `COLUMNS`; `timeout` is the age at which it counts as expired."""
    verdict = verdict_line(verdict_of(reading, judged))
    lock = reading.value
    if lock is None:
        why = reading.problem.message if reading.problem else "cannot be read"
        name = reading.path.removeprefix("locks/")
        return (verdict, (Span(name), Span(f"  {why}", "dim")), BLANK, BLANK, BLANK, BLANK, BLANK)
    expired = lock.expired(now, timeout)
    age = age_span(lock.age(now)) if lock.knows("acquired_at") else "unknown"
    return (
        verdict,
        (Span(lock.repo_key or reading.path.removeprefix("locks/")),),
        (Span(lock.field_text("automation_id")),),
        (Span(f"{lock.field_text('hostname')}:{lock.field_text('pid')}", "dim"),),
        (Span(age, "warn" if expired else "plain"),),
        _last_sign(judged, now),
        (Span("expired", "warn"),) if expired else BLANK,
    )


def _last_sign(judged: LockJudgement | None, now: datetime) -> Line:
    if judged is None:
        return BLANK
    if judged.last_sign is None:
        return (Span("none", "dim"),)
    return (Span(f"{age_span(now - judged.last_sign)} ago"),)


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
