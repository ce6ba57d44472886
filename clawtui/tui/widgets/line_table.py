"""The widget of a table with a cursor: its reaction to keys, the mouse and a change of size, and its position text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.message import Message

from clawtui.tui.terminal.glyphs import ABOVE, BELOW
from clawtui.tui.widgets.line import Line, Role, Span
from clawtui.tui.widgets.line_view import LineView, Movement
from clawtui.tui.widgets.row_marks import RowMarks
from clawtui.tui.widgets.table_layout import Column, TableLayout
from clawtui.tui.widgets.table_rows import MakeCells, RowCursor, TableRows


class LineTable(LineView):
    """Table with a line of headings and a row for each key, with a cursor on one row.

    `make_cells` is called for the visible rows only, each time they are painted or compared.
    """

    class Selected(Message):
        """Message that the cursor is on another key; `key` is None where there are no rows."""

        def __init__(self, table: LineTable, key: str | None) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> LineTable:
            """The table."""
            return self.table

    class HeadingClicked(Message):
        """Message that the heading of a column was clicked."""

        def __init__(self, table: LineTable, column: int) -> None:
            super().__init__()
            self.table = table
            self.column = column

        @property
        def control(self) -> LineTable:
            """The table."""
            return self.table

    class Opened(Message):
        """Message that a row was double-clicked."""

        def __init__(self, table: LineTable) -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> LineTable:
            """The table."""
            return self.table

    def __init__(self, columns: Sequence[Column], make_cells: MakeCells, *, id: str | None = None) -> None:
        self.columns = TableLayout(columns)
        self.cursor = RowCursor()
        self.marks = RowMarks()
        marks, keys = self.marks, self.cursor
        self.rows = TableRows(
            self.columns,
            self.cursor,
            make_cells,
            lambda: self.has_focus,
            lambda row: marks.cell(row, *self._painter.scrolled(1), len(keys.keys)),
        )
        super().__init__(self.rows, id=id)
        self._announced: str | None = None
        self.on_view_changed: Callable[[], None] = lambda: None
        """Called when there are other rows or another number of visible ones, or the cursor has moved."""

    @property
    def selected(self) -> str | None:
        """The key that the cursor is on; None where there are no rows."""
        return self.cursor.selected

    @property
    def page_rows(self) -> int:
        """The number of rows that fit into the view."""
        return max(1, self.size.height - self.content.sticky_rows)

    def show_keys(self, keys: Sequence[str], marks: Sequence[tuple[int, Role]] = ()) -> None:
        """Show a row for each of `keys`, in this order; the cursor stays on its key, or near its last row.

        `marks` are the positions of the urgent rows, in order, with the role in which the scroll bar shows each.
        """
        self.marks.show(marks)
        if keys is not self.cursor.keys:
            self.cursor.show_keys(keys)
            self._follow_cursor()
        self.sync()
        self.on_view_changed()

    def move_to(self, row: int) -> None:
        """Put the cursor on the row nearest to `row`, from 0."""
        self.cursor.move_to(row)
        self._follow_cursor()
        self.sync()
        self.on_view_changed()

    def move(self, unit: Movement, count: float = 0) -> None:
        """Move the cursor by `count` rows or pages, or to the first or last row; by cells, scroll sideways."""
        if unit == "cells":
            super().move(unit, count)
        elif unit == "top":
            self.move_to(0)
        elif unit == "bottom":
            self.move_to(len(self.cursor.keys) - 1)
        else:
            self.move_to(self.cursor.row + int(count * (self.page_rows if unit == "pages" else 1)))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row that was clicked; open the row at a double click."""
        if event.y == 0 and (column := self.columns.column_at(event.x - 1)) is not None:
            self.post_message(self.HeadingClicked(self, column).set_sender(self))
        row = event.y + self.scroll_offset.y - 1
        if event.y >= 1 and row < len(self.cursor.keys):
            self.move_to(row)
            if event.chain == 2:
                self.post_message(self.Opened(self).set_sender(self))

    def on_resize(self) -> None:
        """Keep the cursor visible."""
        super().on_resize()
        self._follow_cursor()
        self.on_view_changed()

    def _follow_cursor(self) -> None:
        """Scroll to the cursor, and post `Selected` if the selected key has changed."""
        if self.selected != self._announced:
            self._announced = self.selected
            # Textual stops a message at the widget in whose handler it was made, so the sender is set to this one.
            self.post_message(self.Selected(self, self.selected).set_sender(self))
        self.fit_virtual_size()
        top, row = self.scroll_offset.y, self.cursor.row
        if row < top:
            self.scroll_to(y=row, animate=False)
        elif row >= top + self.page_rows:
            self.scroll_to(y=row - self.page_rows + 1, animate=False)


class TablePosition:
    """Text ``13/1000 · ▲ 4 urgent above`` for the title of a pane: the cursor's row, and marked rows out of sight.

    A click on a part moves the cursor to the rows that the part counts.
    """

    def __init__(self, table: LineTable) -> None:
        self._table = table
        self.total: int | None = None
        """The number of rows without a filter; None if the table has no filter."""
        self.word = "urgent"
        """The word for the marked rows."""

    def line(self) -> Line:
        """Return the cursor's row, the number of rows with and without the filter, and the marked rows out of sight."""
        table = self._table
        shown = len(table.cursor.keys)
        text = f"{table.cursor.row + 1}/{shown}" if shown else "0"
        text = text if self.total in (None, shown) else f"{text} of {self.total}"
        pieces = [Span(text, click="go_to_row('cursor')")]
        top = table.scroll_offset.y
        above, below = table.marks.before(top), table.marks.after(top + table.page_rows)
        for number, mark, side in ((above, ABOVE, "above"), (below, BELOW, "below")):
            where = Span(f"{mark} {number} {self.word} {side}", "warn", click=f"go_to_row('{side}')")
            pieces += [Span(" · ", "dim"), where] if number else []
        return tuple(pieces)
