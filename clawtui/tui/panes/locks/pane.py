"""The locks pane: the repository locks with the verdict on each, and the concurrency slots."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message

from clawtui.model.documents.base import EPOCH
from clawtui.tui.panes.locks.cells import COLUMNS
from clawtui.tui.panes.locks.view_model import SORTED_COLUMNS, SORTS, LocksViewModel
from clawtui.tui.panes.pane import is_same_content
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.widgets.line import Line, Role, width_of
from clawtui.tui.widgets.line_content import FixedLines
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.line_view import LineView
from clawtui.tui.widgets.table_layout import Column


class SlotList(LineView, can_focus=False):
    """List with a line for each slot, taken or free."""

    def __init__(self) -> None:
        self._lines = FixedLines()
        super().__init__(self._lines, id="slots")

    def show(self, lines: Sequence[Line]) -> None:
        """Show `lines`, one for each slot."""
        self._lines.lines = lines
        self.sync()


class ShownLocks(Protocol):
    """Content of the pane: the locks of the design's files or of a stock gateway."""

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of the table."""

    def has_same_rows(self, last: object) -> bool:
        """Return whether the rows and their order are those of ``last``."""

    def keys(self, query: str, sort: str, *, reverse: bool) -> list[str]:
        """Return the keys of the rows whose text contains ``query``, in the order ``sort``."""

    @property
    def count(self) -> int:
        """The number of rows without a filter."""

    @property
    def is_idle(self) -> bool:
        """Whether only the title is shown."""

    def marks(self, keys: Sequence[str]) -> list[tuple[int, Role]]:
        """Return the positions in ``keys`` of the rows that need attention, each with the role of its verdict."""

    def cells(self, key: str, now: datetime) -> Sequence[Line]:
        """Return a row, a line for each column."""

    def totals(self, now: datetime) -> Line:
        """Return the numbers of rows, and of each verdict."""

    def words(self, key: str, now: datetime) -> Collection[str]:
        """Return the words of ``totals`` that count the row."""

    def slots_used(self) -> Line:
        """Return the number of runs in progress, or of used slots and all slots."""

    def slot_lines(self, now: datetime) -> Sequence[Line]:
        """Return the lines beside the table."""


class LocksPane(TablePane):
    """Pane with the table of locks, by default the most urgent and oldest first, and the slots beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "X", "release", "release", tooltip="release the lock, after a question with every fact", id="locks.release"
        ),
        Binding(
            "U",
            "app.command('undo')",
            "undo",
            tooltip="give back the lock that was released last",
            id="general.undo",
        ),
        Binding(
            "S",
            "release(True)",
            "slots",
            tooltip="free the slot of a run that has ended, after a question",
            id="slots.free",
        ),
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
        super().__init__(
            LineTable(COLUMNS, lambda key: self._shown.cells(key, self.now or EPOCH)), SORTS, SORTED_COLUMNS
        )
        self.add_class("idle")
        self.slots = SlotList()
        self.position.word = "to look at"
        self._shown: ShownLocks = LocksViewModel()
        self._is_complete = False
        """Whether the last state was shown without an error: the same one need not be shown again before a tick."""

    def compose(self) -> ComposeResult:
        """Yield title and filter, then the locks with the slots beside them."""
        yield self.heading
        yield self.filter
        with Container(id="locks-and-slots"):
            yield self.table
            yield self.slots

    def show(self, shown: ShownLocks, now: datetime) -> None:
        """Show a new state of the locks and slots."""
        last, self._shown = self._shown, shown
        self.now = now
        if self._is_complete and is_same_content(shown, last):
            return
        self._is_complete = False
        self.table.columns.show_columns(shown.columns)
        self.set_class(shown.is_idle, "idle")
        # The row above the footer is then the title of this pane, which a message must not cover.
        self.screen.set_class(shown.is_idle, "idle-locks")
        if not shown.has_same_rows(last):
            self.rearrange()
        self.tick(now)
        self._is_complete = True

    def tick(self, now: datetime) -> None:
        """Update the ages."""
        super().tick(now)
        self.heading.show(self._shown.totals(now), self._shown.slots_used())
        self.slots.show(self._shown.slot_lines(now))

    def rearrange(self) -> None:
        """Filter and sort the rows again."""
        order = self.order
        self.table.columns.show_order(order.column, reverse=order.reverse)
        keys = self._shown.keys(self.filter.search_text, order.by, reverse=order.reverse)
        self.position.total = self._shown.count
        rows = [self._shown.cells(key, self.now or EPOCH) for key in keys]
        capped = [at for at, column in enumerate(self._shown.columns) if column.share]
        self.table.columns.show_needs({at: max((width_of(row[at]) for row in rows), default=0) for at in capped})
        self.table.show_keys(keys, self._shown.marks(keys))

    def action_go_to_row(self, which: str) -> None:
        """Move as in any table, or to the next row that the word `which` in the title counts."""
        keys, row = self.table.cursor.keys, self.table.cursor.row
        places = (*range(row + 1, len(keys)), *range(min(row + 1, len(keys))))
        found = next((at for at in places if which in self._shown.words(keys[at], self.now or EPOCH)), None)
        if found is None:
            super().action_go_to_row(which)
        else:
            self.table.move_to(found)

    def action_release(self, slot: bool = False) -> None:
        """Request the release of the selected lock, or that a `slot` is freed."""
        if slot:
            self.post_message(self.FreeAsked())
        elif self.table.selected is not None:
            self.post_message(self.ReleaseAsked(self.table.selected))
