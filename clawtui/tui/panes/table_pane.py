"""A pane whose view is a table: the cursor moves, rows are filtered and sorted."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from clawtui.tui.panes.pane import Pane
from clawtui.tui.widgets.line_table import LineTable


class TableFilter(Input):
    """The line below the title in which a filter is typed; hidden while it is empty and not typed in.

    `on_change` is called whenever the text is another.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up", "clear", show=False, id="filter.clear")]

    def __init__(self, table: LineTable, on_change: Callable[[], None]) -> None:
        super().__init__(placeholder="filter", compact=True, select_on_focus=False)
        self.cursor_blink = False
        self.display = False
        self._table = table
        self._on_change = on_change
        self.wanted = ""
        """What a row must contain to be shown, in lower case."""

    @property
    def active(self) -> bool:
        """Whether the filter hides something, or is being typed."""
        return bool(self.wanted) or self.display

    def open(self) -> None:
        """Let the operator type a filter."""
        self.display = True
        # At once, where focus() would come later: the next key is a letter of the filter already.
        self.screen.set_focus(self, scroll_visible=False)

    def close(self) -> None:
        """Return the keys to the table; the filter stays."""
        self.screen.set_focus(self._table, scroll_visible=False)
        self.display = bool(self.value)

    def clear_all(self) -> None:
        """Show all rows again, and return the keys to the table."""
        self.value = ""
        self.close()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter by what has been typed so far."""
        event.stop()
        self.wanted = event.value.strip().casefold()
        self._on_change()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter, and return the keys to the table."""
        event.stop()
        self.close()

    def action_give_up(self) -> None:
        """Clear the filter, and return the keys to the table."""
        self.clear_all()


class SortOrder:
    """What the rows of a table are sorted by: one of `names`, of which the first is the usual one."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.by = names[0]
        self.reverse = False

    @property
    def is_usual(self) -> bool:
        """Whether the operator has not chosen another order."""
        return self.by == self.names[0] and not self.reverse

    def step(self, step: int) -> None:
        """Sort by the next name, or by the one before where `step` is negative."""
        self.by = self.names[(self.names.index(self.by) + step) % len(self.names)]

    def __str__(self) -> str:
        """Return ``by name, reversed``."""
        return f"by {self.by}" + (", reversed" if self.reverse else "")


class TablePane(Pane):
    """A pane around a table. Its subclass shows the keys of the rows, in order, whenever `rearrange` is called."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, for what is typed in one go after it: other keys pass through the focused widget first, and
        # the letters of the filter would overtake them.
        Binding(
            "slash", "filter", "filter", tooltip="show only what contains the text", priority=True, id="table.filter"
        ),
        Binding("less_than_sign", "sort(-1)", "sort", tooltip="sort by the column before", id="table.sort-before"),
        Binding("greater_than_sign", "sort(1)", "sort", tooltip="sort by the next column", id="table.sort-next"),
        Binding("r", "reverse", "sort", tooltip="reverse the order", id="table.reverse"),
    ]

    class Sorted(Message):
        """The operator has sorted the table otherwise."""

    def __init__(self, table: LineTable, sorts: Sequence[str]) -> None:
        super().__init__(table)
        self.table = table
        self.order = SortOrder(sorts)
        self.filter = TableFilter(table, self.rearrange)

    def compose(self) -> ComposeResult:
        """Yield title, filter and table."""
        yield self.heading
        yield self.filter
        yield self.table

    @abstractmethod
    def rearrange(self) -> None:
        """Show the keys of the rows again: the filter or the order is another."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False for the key of the filter while that is typed in: there it is a letter like any other."""
        return not (action == "filter" and self.filter.has_focus)

    def action_filter(self) -> None:
        """Let the operator type a filter."""
        self.filter.open()

    def action_sort(self, step: int) -> None:
        """Sort by the next thing, or by the one before."""
        self.order.step(step)
        self.rearrange()
        self.post_message(self.Sorted())

    def action_reverse(self) -> None:
        """Reverse the order."""
        self.order.reverse = not self.order.reverse
        self.rearrange()
        self.post_message(self.Sorted())
