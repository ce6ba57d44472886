"""Who holds a repository, and which slots are taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container

from clawtui.model.base import EPOCH
from clawtui.model.concurrency import ConcurrencyState
from clawtui.model.dispatcher import DEFAULT_LOCK_TIMEOUT
from clawtui.model.fleet import Reading
from clawtui.model.lock import RepositoryLock
from clawtui.model.time import age_span
from clawtui.tui.glyphs import PROBLEM, SLOT_FREE, SLOT_USED
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.widgets.line import BLANK, Line, Span, fit
from clawtui.tui.widgets.line_table import Column, LineTable
from clawtui.tui.widgets.line_view import LineView


@dataclass(frozen=True, slots=True)
class LocksSlice:
    """What the pane shows."""

    locks: Mapping[str, Reading[RepositoryLock]] = field(default_factory=dict)
    timeout: timedelta = DEFAULT_LOCK_TIMEOUT
    concurrency: Reading[ConcurrencyState] | None = None


_COLUMNS = (
    Column("", 1),
    Column("LOCKED REPOSITORY", 20, share=3),
    Column("HELD BY", 14, share=2),
    Column("HOST:PID", 14, share=1, needs=76),
    Column("AGE", 7, align="right"),
    Column("", 7),
)
_SORTS = ("urgency", "repository", "age")
_SORTED_COLUMN = {"repository": 1, "age": 4}


class _Table(LineTable):
    def __init__(self, pane: LocksPane) -> None:
        super().__init__(_COLUMNS)
        self._pane = pane

    def make_cells(self, key: str) -> Sequence[Line]:
        return self._pane.cells_of(key)


class _Slots(LineView, can_focus=False):
    """One line a slot, used and free."""

    def __init__(self, pane: LocksPane) -> None:
        super().__init__(id="slots")
        self._pane = pane
        self._lines: tuple[Line, ...] = ()

    def update_lines(self) -> None:
        self._lines = self._pane.slot_lines()
        self.sync()

    def line_count(self) -> int:
        return len(self._lines)

    def make_line(self, index: int, width: int) -> Line:
        return fit(self._lines[index], width)


class LocksPane(TablePane):
    """Locks that cannot be read and expired ones on top, then the oldest; the slots beside them."""

    number: ClassVar[int] = 4
    title: ClassVar[str] = "Locks"

    def __init__(self) -> None:
        super().__init__()
        self.table = _Table(self)
        self.slots = _Slots(self)
        self._slice = LocksSlice()

    def compose(self) -> ComposeResult:
        """Title, filter, then the locks and the slots."""
        yield self.heading
        yield self._input
        with Container(id="locks-and-slots"):
            yield self.table
            yield self.slots

    @property
    def sort_names(self) -> tuple[str, ...]:
        """What the locks can be sorted by."""
        return _SORTS

    def show(self, shown: LocksSlice, now: datetime) -> None:
        """Shows another state of the locks and slots."""
        last, self._slice = self._slice, shown
        self.now = now
        if shown.locks is not last.locks or shown.timeout != last.timeout:
            self.rearrange()
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Ages are told anew."""
        super().tick(now)
        self._show_totals(now)
        self.slots.update_lines()

    def rearrange(self) -> None:
        """Sorts and filters anew."""
        name = _SORTS[self.sort_by]
        self.table.sorted_column = _SORTED_COLUMN.get(name)
        self.table.reverse = self.reverse
        keys = [key for key, reading in self._slice.locks.items() if self.wanted in _haystack(key, reading)]
        keys.sort(key=lambda key: self._order(name, key), reverse=self.reverse)
        self.table.show_keys(keys)

    def cells_of(self, key: str) -> Sequence[Line]:
        """The row of one lock."""
        reading = self._slice.locks[key]
        lock, now = reading.value, self.now or EPOCH
        if lock is None:
            why = reading.problem.message if reading.problem else "cannot be read"
            return (
                (Span(PROBLEM, "bad"),),
                (Span(key.removeprefix("locks/")),),
                (Span(why, "bad"),),
                BLANK,
                BLANK,
                BLANK,
            )
        expired = lock.expired(now, self._slice.timeout)
        return (
            (Span(PROBLEM, "warn"),) if expired else BLANK,
            (Span(lock.repo_key),),
            (Span(lock.automation_id),),
            (Span(f"{lock.hostname}:{lock.pid}", "dim"),),
            (Span(age_span(lock.age(now)), "warn" if expired else "plain"),),
            (Span("expired", "warn"),) if expired else (Span("held", "dim"),),
        )

    def slot_lines(self) -> tuple[Line, ...]:
        """The slots by number; a taken one with who has it and for how long."""
        reading, now = self._slice.concurrency, self.now or EPOCH
        if reading is None:
            return ((Span("SLOTS", "dim"),), (Span("no concurrency state", "dim"),))
        if reading.value is None:
            why = reading.problem.message if reading.problem else "cannot be read"
            return ((Span("SLOTS", "dim"),), (Span(f"{PROBLEM} {why}", "bad"),))
        state = reading.value
        lines: list[Line] = [(Span("SLOTS", "dim"),)]
        taken = {slot.slot_number for slot in state.active_slots}
        rows: list[tuple[int, Line]] = [
            (slot.slot_number, _taken(slot.slot_number, slot.automation_id, age_span(now - slot.acquired_at)))
            for slot in state.active_slots
        ]
        rows += [(number, _free(number)) for number in range(1, int(state.max_slots) + 1) if number not in taken]
        rows.sort(key=lambda row: row[0])
        return (*lines, *(row for _, row in rows))

    def _show_totals(self, now: datetime) -> None:
        readings = self._slice.locks.values()
        broken = sum(reading.value is None for reading in readings)
        expired = sum(
            reading.value is not None and reading.value.expired(now, self._slice.timeout) for reading in readings
        )
        facts = [Span(str(len(self._slice.locks)))]
        if expired:
            facts += [Span(" · ", "dim"), Span(f"{expired} expired", "warn")]
        if broken:
            facts += [Span(" · ", "dim"), Span(f"{broken} unreadable", "bad")]
        state = self._slice.concurrency.value if self._slice.concurrency else None
        slots = f"slots {len(state.active_slots)}/{state.max_slots} used" if state else "slots unknown"
        self.heading.show(tuple(facts), (Span(slots, "dim"),))

    def _order(self, name: str, key: str) -> tuple[object, ...]:
        lock = self._slice.locks[key].value
        acquired = lock.acquired_at if lock else EPOCH
        if name == "repository":
            return (lock.repo_key if lock else key,)
        return (acquired, key)


def _haystack(key: str, reading: Reading[RepositoryLock]) -> str:
    lock = reading.value
    return f"{key} {lock.repo_key} {lock.automation_id} {lock.hostname}".casefold() if lock else key.casefold()


def _taken(number: int, automation_id: str, age: str) -> Line:
    return (Span(f"{number} {SLOT_USED} ", "active"), Span(f"{age:>6}  ", "dim"), Span(automation_id))


def _free(number: int) -> Line:
    return (Span(f"{number} {SLOT_FREE} free", "dim"),)
