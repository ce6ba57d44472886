"""Where the cursor of a table is, and how many marked rows are out of sight, as text for a title."""

from __future__ import annotations

from clawtui.tui.terminal.glyphs import ABOVE, BELOW
from clawtui.tui.widgets.line import Line, Span
from clawtui.tui.widgets.line_table import LineTable


class TablePosition:
    """Text ``13/1000 · ▲ 4 urgent above`` about a table; a click on each part leads to the rows that it is about."""

    def __init__(self, table: LineTable) -> None:
        self._table = table
        self.total: int | None = None
        """The number of rows without a filter; None if the table has no filter."""
        self.word = "urgent"
        """The word for the marked rows."""

    def line(self) -> Line:
        """Return the row of the cursor of all visible rows, the number of rows without a filter, and the marks."""
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
