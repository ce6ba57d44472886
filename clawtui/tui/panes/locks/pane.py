"""Who holds a repository, whether they can still be alive, and which slots are taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message

from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DEFAULT_LOCK_TIMEOUT
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.model.liveness.verdict import MEANING, Verdict
from clawtui.presentation.roles import VERDICT_ROLE
from clawtui.tui.panes.locks.cells import COLUMNS, lock_cells, verdict_of
from clawtui.tui.panes.locks.slot_lines import slot_lines
from clawtui.tui.panes.locks.verdicts import Verdicts
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.widgets.line import Line, Span, fit
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.line_view import LineView


@dataclass(frozen=True, slots=True)
class LocksViewModel:
    """What the pane shows."""

    locks: Mapping[str, Reading[RepositoryLock]] = field(default_factory=dict)
    timeout: timedelta | None = DEFAULT_LOCK_TIMEOUT
    concurrency: Reading[ConcurrencyState] | None = None
    verdicts: Verdicts = field(default_factory=Verdicts)


_SORTS = ("urgency", "repository", "age")
_SORTED_COLUMN = {"repository": 1, "age": 4}
_URGENCY: tuple[Verdict | None, ...] = (*MEANING, None)


class _Table(LineTable):
    def __init__(self, pane: LocksPane) -> None:
        super().__init__(COLUMNS)
        self._pane = pane

    def make_cells(self, key: str) -> Sequence[Line]:
        return self._pane.cells_of(key)


class _Slots(LineView, can_focus=False):
    """One line a slot, used and free."""

    def __init__(self) -> None:
        super().__init__(id="slots")
        self._lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self.sync()

    def line_count(self) -> int:
        return len(self._lines)

    def make_line(self, index: int, width: int) -> Line:
        return fit(self._lines[index], width)


class LocksPane(TablePane):
    """What needs a hand on top, then the oldest; the slots beside them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("X", "release", "release", tooltip="release the lock, after a look at who has it", id="locks.release"),
        Binding("U", "app.undo", "undo", tooltip="give back the lock that was released last", id="general.undo"),
        Binding("S", "free", "slots", tooltip="free the slot of a run that is over, after a look", id="slots.free"),
    ]

    number: ClassVar[int] = 4
    title: ClassVar[str] = "Locks"

    class ReleaseAsked(Message):
        """The operator wants the lock at ``path`` released, and is to be shown what that means."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    class FreeAsked(Message):
        """The operator wants a slot freed, and is to be shown whose they are."""

    def __init__(self) -> None:
        super().__init__()
        self.table = _Table(self)
        self.slots = _Slots()
        self._slice = LocksViewModel()

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

    def show(self, shown: LocksViewModel, now: datetime) -> None:
        """Shows another state of the locks and slots."""
        last, self._slice = self._slice, shown
        self.now = now
        if shown.locks is not last.locks or shown.verdicts is not last.verdicts:
            self.rearrange()
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Ages are told anew."""
        super().tick(now)
        self._show_totals(now)
        shown = self._slice
        self.slots.show(slot_lines(shown.concurrency, shown.verdicts, now))

    def rearrange(self) -> None:
        """Sorts and filters anew."""
        name = _SORTS[self.sort_by]
        self.table.sorted_column = _SORTED_COLUMN.get(name)
        self.table.reverse = self.reverse
        keys = [key for key in self._slice.locks if self.wanted in self._haystack(key)]
        keys.sort(key=lambda key: self._order(name, key), reverse=self.reverse)
        self.table.show_keys(keys)

    def cells_of(self, key: str) -> Sequence[Line]:
        """The row of one lock."""
        shown, reading = self._slice, self._slice.locks[key]
        return lock_cells(reading, shown.verdicts.on(key, reading), self.now or EPOCH, shown.timeout)

    def action_release(self) -> None:
        """Asks for the chosen lock to be released."""
        if self.table.selected is not None:
            self.post_message(self.ReleaseAsked(self.table.selected))

    def action_free(self) -> None:
        """Asks for a slot to be freed."""
        self.post_message(self.FreeAsked())

    def _verdict(self, key: str) -> Verdict | None:
        reading = self._slice.locks[key]
        return verdict_of(reading, self._slice.verdicts.on(key, reading))

    def _show_totals(self, now: datetime) -> None:
        shown = self._slice
        facts = [Span(str(len(shown.locks)))]
        counts = Counter(map(self._verdict, shown.locks))
        for verdict in MEANING:
            if counts[verdict]:
                facts += [Span(" · ", "dim"), Span(f"{counts[verdict]} {verdict}", VERDICT_ROLE[verdict])]
        expired = sum(
            reading.value is not None and reading.value.expired(now, shown.timeout) for reading in shown.locks.values()
        )
        if expired:
            facts += [Span(" · ", "dim"), Span(f"{expired} expired", "warn")]
        state = shown.concurrency.value if shown.concurrency else None
        slots = f"slots {len(state.active_slots)}/{state.max_slots} used" if state else "slots unknown"
        self.heading.show(tuple(facts), (Span(slots, "dim"),))

    def _order(self, name: str, key: str) -> tuple[object, ...]:
        lock = self._slice.locks[key].value
        acquired = lock.acquired_at if lock else EPOCH
        if name == "repository":
            return (lock.repo_key if lock else key,)
        if name == "age":
            return (acquired, key)
        return (_URGENCY.index(self._verdict(key)), acquired, key)

    def _haystack(self, key: str) -> str:
        lock = self._slice.locks[key].value
        said = f"{lock.repo_key} {lock.automation_id} {lock.hostname}" if lock else ""
        return f"{key} {said} {self._verdict(key) or ''}".casefold()
