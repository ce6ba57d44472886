"""A pane whose body is a table: the cursor moves, rows are filtered and sorted."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from clawtui.tui.panes.pane import Pane
from clawtui.tui.widgets.line_table import LineTable


class FilterInput(Input):
    """Where a filter is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up", "clear", show=False, id="filter.clear")]

    class GivenUp(Message):
        """The filter is not wanted after all."""

    def action_give_up(self) -> None:
        """Clears the filter."""
        self.value = ""
        self.post_message(self.GivenUp())


class TablePane(Pane):
    """Its subclass says which keys there are, and in which order."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, for what is typed in one go after it: other keys go round through the focused widget first,
        # and the letters of the filter would overtake them.
        Binding(
            "slash", "filter", "filter", tooltip="show only what contains the text", priority=True, id="table.filter"
        ),
        Binding("less_than_sign", "sort(-1)", "sort", tooltip="sort by the column before", id="table.sort-before"),
        Binding("greater_than_sign", "sort(1)", "sort", tooltip="sort by the next column", id="table.sort-next"),
        Binding("r", "reverse", "sort", tooltip="turn the order round", id="table.reverse"),
    ]

    table: LineTable

    class Sorted(Message):
        """Somebody has sorted the table otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted = ""
        self.sort_by = 0
        self.reverse = False
        self._input = FilterInput(placeholder="filter", compact=True, select_on_focus=False)
        self._input.cursor_blink = False
        self._input.display = False

    @property
    def body(self) -> LineTable:
        """The table."""
        return self.table

    def compose(self) -> ComposeResult:
        """Title, filter, table."""
        yield self.heading
        yield self._input
        yield self.table

    @property
    @abstractmethod
    def sort_names(self) -> tuple[str, ...]:
        """What the table can be sorted by, the usual order first."""

    @abstractmethod
    def rearrange(self) -> None:
        """The filter or the order is another: the keys are to be shown anew."""

    @property
    def filtered(self) -> bool:
        """Whether a filter hides something, or is being typed."""
        return bool(self.wanted) or self._input.display

    def clear_filter(self) -> None:
        """Everything is shown again."""
        self._input.value = ""
        self._close_filter()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The rows follow what is typed."""
        event.stop()
        self.wanted = event.value.strip().casefold()
        self.rearrange()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The filter stays, the keys are the table's again."""
        event.stop()
        self._close_filter()

    def on_filter_input_given_up(self, event: FilterInput.GivenUp) -> None:
        """No filter after all."""
        event.stop()
        self._close_filter()

    def _close_filter(self) -> None:
        self.screen.set_focus(self.table, scroll_visible=False)
        self._input.display = bool(self._input.value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a filter is being typed, its own key is a letter like any other."""
        return not (action == "filter" and self._input.has_focus)

    def action_filter(self) -> None:
        """Asks for a filter."""
        self._input.display = True
        # At once, where focus() would come later: the next key is a letter of the filter already.
        self.screen.set_focus(self._input, scroll_visible=False)

    def action_sort(self, step: int) -> None:
        """Sorts by the next thing, or the one before."""
        self.sort_by = (self.sort_by + step) % len(self.sort_names)
        self.rearrange()
        self.post_message(self.Sorted())

    def action_reverse(self) -> None:
        """Turns the order round."""
        self.reverse = not self.reverse
        self.rearrange()
        self.post_message(self.Sorted())

    def action_move(self, lines: int) -> None:
        """Moves the cursor by rows."""
        self.table.move_to(self.table.cursor_row + lines)

    def action_page(self, pages: float) -> None:
        """Moves the cursor by pages."""
        self.table.move_to(self.table.cursor_row + int(pages * self.table.page_rows))

    def action_top(self) -> None:
        """To the first row."""
        self.table.move_to(0)

    def action_bottom(self) -> None:
        """To the last row."""
        self.table.move_to(len(self.table.keys_in_order) - 1)
