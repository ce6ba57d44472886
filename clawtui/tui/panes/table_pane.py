"""The base class of the panes with a table, which can be filtered and sorted."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from clawtui.tui.panes.pane import Pane
from clawtui.tui.widgets.line_table import LineTable, TablePosition


class TableFilter(Input):
    """Input for a filter below the title; hidden while it is empty and has no focus.

    `on_change` is called after each change of the text.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "keep the filter", id="filter.keep"),
        Binding("escape", "give_up", "clear it", id="filter.clear"),
    ]

    def __init__(self, table: LineTable, on_change: Callable[[], None]) -> None:
        super().__init__(placeholder="filter", compact=True, select_on_focus=False)
        self.cursor_blink = False
        self.display = False
        self._table = table
        self._on_change = on_change
        self.search_text = ""
        """The text that a visible row must contain, in lower case."""

    @property
    def active(self) -> bool:
        """Whether there is a filter, or one is being typed."""
        return bool(self.search_text) or self.display

    def open(self) -> None:
        """Let the operator type a filter."""
        self.display = True
        # focus() takes effect later, but the next key is already a letter of the filter.
        self.screen.set_focus(self, scroll_visible=False)

    def close(self) -> None:
        """Give the focus back to the table, and keep the filter."""
        self.screen.set_focus(self._table, scroll_visible=False)
        self.display = bool(self.value)

    def clear_all(self) -> None:
        """Clear the filter to show all rows, and give the focus back to the table."""
        self.value = ""
        self._apply()
        self.close()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter by the text typed so far."""
        event.stop()
        self._apply()

    async def action_submit(self) -> None:
        """Keep the filter, and give the focus back to the table, which shows the matching rows before the next key."""
        self._apply()
        self.close()

    def action_give_up(self) -> None:
        """Clear the filter, and give the focus back to the table."""
        self.clear_all()

    def _apply(self) -> None:
        search_text = self.value.strip().casefold()
        if search_text != self.search_text:
            self.search_text = search_text
            self._table.rows.words = tuple(search_text.split())
            self._on_change()


class SortOrder:
    """Order of the rows of a table: one of `names`, of which the first is the default, and a direction."""

    def __init__(self, names: Sequence[str], columns: Mapping[str, Sequence[int]]) -> None:
        self.names = tuple(names)
        self.columns = columns
        """The columns whose headings sort by each name, the one with the arrow first."""
        self.by = names[0]
        self.reverse = False

    @property
    def is_usual(self) -> bool:
        """Whether this is the default order."""
        return self.by == self.names[0] and not self.reverse

    @property
    def column(self) -> int | None:
        """The column with the arrow; None for an order that is of no column."""
        return next(iter(self.columns.get(self.by, ())), None)

    def click(self, column: int) -> bool:
        """Sort by `column`, then reversed, then by default again; return whether it has an order."""
        name = next((name for name, columns in self.columns.items() if column in columns), None)
        if name is None:
            return False
        if name != self.by:
            self.by, self.reverse = name, False
        elif self.reverse:
            self.by, self.reverse = self.names[0], False
        else:
            self.reverse = True
        return True

    def step(self, step: int) -> None:
        """Sort by the next name, or by the previous one if `step` is negative."""
        self.by = self.names[(self.names.index(self.by) + step) % len(self.names)]

    def __str__(self) -> str:
        """Return ``by name, reversed``."""
        return f"by {self.by}" + (", reversed" if self.reverse else "")


class TablePane(Pane):
    """Pane with a table. A subclass shows the keys of the rows, in order, in `rearrange`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Has priority: another key is handled by the focused widget first, and when "/" and a filter are typed or
        # pasted at once, the letters of the filter would arrive before the input has the focus.
        Binding(
            "slash", "filter", "filter", tooltip="show only what contains the text", priority=True, id="table.filter"
        ),
        Binding("less_than_sign", "sort(-1)", "sort", tooltip="sort by the previous column", id="table.sort-before"),
        Binding("greater_than_sign", "sort(1)", "sort", tooltip="sort by the next column", id="table.sort-next"),
        Binding("r", "sort(0)", "sort", tooltip="reverse the order", id="table.reverse"),
    ]

    class Sorted(Message):
        """Message that the operator has changed the order of the table."""

    def __init__(self, table: LineTable, sorts: Sequence[str], columns: Mapping[str, Sequence[int]]) -> None:
        super().__init__(table)
        self.table = table
        self.order = SortOrder(sorts, columns)
        self.filter = TableFilter(table, self.rearrange)
        self.position = TablePosition(table)
        self.heading.position = self.position.line
        table.on_view_changed = self.heading.sync

    def compose(self) -> ComposeResult:
        """Yield title, filter and table."""
        yield self.heading
        yield self.filter
        yield self.table

    @abstractmethod
    def rearrange(self) -> None:
        """Show the keys of the rows again, after a change of the filter or the order."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the key of the filter while one is typed, where it is an ordinary letter."""
        return not (action == "filter" and self.filter.has_focus)

    def action_filter(self) -> None:
        """Let the operator type a filter."""
        self.filter.open()

    def action_sort(self, step: int) -> None:
        """Sort by the next name, or by the previous one if `step` is negative; reverse the order if it is 0."""
        if step:
            self.order.step(step)
        else:
            self.order.reverse = not self.order.reverse
        self.rearrange()
        self.post_message(self.Sorted())

    def action_go_to_row(self, which: str) -> None:
        """Scroll to the row of the cursor, or move the cursor to a marked row: the nearest out of sight, or the next.

        `which` is ``cursor``, ``above``, ``below`` or ``next``; the next one after the last is the first.
        """
        table, top = self.table, self.table.scroll_offset.y
        row: int | None = table.cursor.row
        if which == "above":
            row = table.marks.last_before(top)
        elif which == "below":
            row = table.marks.first_from(top + table.page_rows)
        elif which == "next":
            after = table.marks.first_from(table.cursor.row + 1)
            row = table.marks.first_from(0) if after is None else after
        if row is not None:
            table.move_to(row)

    def on_line_table_heading_clicked(self, event: LineTable.HeadingClicked) -> None:
        """Sort by the column that was clicked."""
        event.stop()
        if self.order.click(event.column):
            self.rearrange()
            self.post_message(self.Sorted())
