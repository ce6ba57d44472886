"""The locks pane: the repository locks with the verdict on each, and the concurrency slots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message

from clawtui.model.documents.base import EPOCH
from clawtui.tui.panes.locks.cells import COLUMNS
from clawtui.tui.panes.locks.slot_lines import slot_lines
from clawtui.tui.panes.locks.view_model import SORTED_COLUMN, SORTS, LocksViewModel
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.widgets.line import Line
from clawtui.tui.widgets.line_content import FixedLines
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.line_view import LineView


class SlotList(LineView, can_focus=False):
    """List with a line for each slot, taken or free."""

    def __init__(self) -> None:
        self._lines = FixedLines()
        super().__init__(self._lines, id="slots")

    def show(self, lines: Sequence[Line]) -> None:
        """Show `lines`, one for each slot."""
        self._lines.lines = lines
        self.sync()


class LocksPane(TablePane):
    """Pane with the table of locks, by default the most urgent and oldest first, and the slots beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("X", "release", "release", tooltip="release the lock, after a look at who has it", id="locks.release"),
        Binding(
            "U",
            "app.command('undo')",
            "undo",
            tooltip="give back the lock that was released last",
            id="general.undo",
        ),
        Binding("S", "free", "slots", tooltip="free the slot of a run that is over, after a look", id="slots.free"),
    ]

    number: ClassVar[int] = 4
    title: ClassVar[str] = "Locks"

    class ReleaseAsked(Message):
        """Request to show the lock at `path` and ask whether to release it."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    class FreeAsked(Message):
        """Request to show the slots and ask whether to free one."""

    def __init__(self) -> None:
        super().__init__(LineTable(COLUMNS, lambda key: self._shown.cells(key, self.now or EPOCH)), SORTS)
        self.slots = SlotList()
        self._shown = LocksViewModel()

    def compose(self) -> ComposeResult:
        """Yield title and filter, then the locks with the slots beside them."""
        yield self.heading
        yield self.filter
        with Container(id="locks-and-slots"):
            yield self.table
            yield self.slots

    def show(self, shown: LocksViewModel, now: datetime) -> None:
        """Show a new state of the locks and slots."""
        last, self._shown = self._shown, shown
        self.now = now
        if shown.locks is not last.locks or shown.verdicts is not last.verdicts:
            self.rearrange()
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Update the ages."""
        super().tick(now)
        self.heading.show(self._shown.totals(now), self._shown.slots_used())
        self.slots.show(slot_lines(self._shown.concurrency, self._shown.verdicts, now))

    def rearrange(self) -> None:
        """Filter and sort the rows again."""
        order = self.order
        self.table.columns.show_order(SORTED_COLUMN.get(order.by), reverse=order.reverse)
        self.table.show_keys(self._shown.keys(self.filter.wanted, order.by, reverse=order.reverse))

    def action_release(self) -> None:
        """Request the release of the selected lock."""
        if self.table.selected is not None:
            self.post_message(self.ReleaseAsked(self.table.selected))

    def action_free(self) -> None:
        """Request to free a slot."""
        self.post_message(self.FreeAsked())
