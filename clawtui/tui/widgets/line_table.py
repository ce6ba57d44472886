"""A table of lines with a cursor that stays on its thing, whatever the rows around it do."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message

from clawtui.tui.terminal.glyphs import CURSOR
from clawtui.tui.widgets.line import BLANK, Align, Line, Span, fit, fit_end, join
from clawtui.tui.widgets.line_view import LineView

_GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and how wide it is."""

    title: str
    width: int
    """Cells it has at least."""
    share: int = 0
    """Its part of the room that is left over; none at 0."""
    align: Align = "left"
    needs: int = 0
    """The column is left out where the whole table has fewer cells than this."""
    keeps_end: bool = False
    """What does not fit is cut at its front."""


def column_widths(columns: Sequence[Column], width: int, hidden: Collection[int] = ()) -> dict[int, int]:
    """The width of each column that is shown, by its position."""
    shown = {
        position: column.width
        for position, column in enumerate(columns)
        if column.needs <= width and position not in hidden
    }
    spare = width - sum(shown.values()) - _GAP * (len(shown) - 1)
    shares = sum(columns[position].share for position in shown)
    if spare > 0 and shares:
        given = 0
        growing = [position for position in shown if columns[position].share]
        for position in growing[:-1]:
            part = spare * columns[position].share // shares
            shown[position] += part
            given += part
        shown[growing[-1]] += spare - given
    return shown


class LineTable(LineView):
    """Rows by key. The cursor is on a key, not on a position: rows that reorder never move it to another thing."""

    class Selected(Message):
        """The cursor is on another thing; None where there is nothing."""

        def __init__(self, table: LineTable, key: str | None) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> LineTable:
            """The table it happened in."""
            return self.table

    class Opened(Message):
        """A row was clicked twice."""

        def __init__(self, table: LineTable) -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> LineTable:
            """The table it happened in."""
            return self.table

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._keys: Sequence[str] = ()
        self._cursor = 0
        self._selected: str | None = None
        self._held = False
        self._widths: tuple[int, dict[int, int]] = (-1, {})
        self._hidden: frozenset[int] = frozenset()
        self.sorted_column: int | None = None
        self.reverse = False

    @property
    def selected(self) -> str | None:
        """The key that the cursor is on."""
        return self._selected

    @property
    def keys_in_order(self) -> Sequence[str]:
        """What is shown, from the top."""
        return self._keys

    @property
    def cursor_row(self) -> int:
        """The position of the cursor among the keys."""
        return self._cursor

    @abstractmethod
    def make_cells(self, key: str) -> Sequence[Line]:
        """What the row of ``key`` says, a line a column."""

    @property
    def headings(self) -> tuple[str, ...]:
        """What the columns are called in the settings; a column of marks has no name, and is always there."""
        return tuple(column.title.casefold() for column in self._columns if column.title)

    def show_only(self, headings: Collection[str]) -> None:
        """Leaves out the columns that are not among ``headings``; all are shown where none is."""
        wanted = {heading.casefold() for heading in headings}
        if wanted & set(self.headings):
            titles = enumerate(column.title.casefold() for column in self._columns)
            self._hidden = frozenset(number for number, title in titles if title and title not in wanted)
            self._widths = (-1, {})
            self.sync()

    def hold(self) -> None:
        """From now on the cursor stays on its thing; until then it is on the top row, whatever that is."""
        self._held = True

    def let_go(self) -> None:
        """From now on the cursor is on the top row, until it is held or moved."""
        self._held = False

    def show_keys(self, keys: Sequence[str]) -> None:
        """Shows these rows in this order; the cursor stays on its thing, or near where that was."""
        reordered = keys is not self._keys
        self._keys = keys
        if reordered:
            self._keep_cursor()
        self.sync()

    def move_to(self, row: int) -> None:
        """Puts the cursor on the row nearest to ``row``."""
        if not self._keys:
            return
        self.hold()
        self._cursor = max(0, min(row, len(self._keys) - 1))
        self._choose(self._keys[self._cursor])
        self._scroll_to_cursor()
        self.sync()

    def select(self, key: str) -> None:
        """Puts the cursor on ``key`` where that is shown."""
        if key in self._keys:
            self.move_to(self._keys.index(key))

    @property
    def page_rows(self) -> int:
        """Rows that fit into the view."""
        return max(1, self.size.height - self.sticky_rows)

    @property
    def sticky_rows(self) -> int:
        """The headings."""
        return 1

    def line_count(self) -> int:
        """The headings and the rows."""
        return len(self._keys) + 1

    def is_highlighted(self, index: int) -> bool:
        """Whether the cursor is there."""
        return index == self._cursor + 1 and bool(self._keys)

    def make_line(self, index: int, width: int) -> Line:
        """The headings, then the rows."""
        inner = width - 2
        if self._widths[0] != inner:
            self._widths = (inner, column_widths(self._columns, inner, self._hidden))
        widths = self._widths[1]
        cells = self._headings() if index == 0 else self.make_cells(self._keys[index - 1])
        fitted = self._fit_cells(cells, widths)
        return (Span(CURSOR if self.has_focus and self.is_highlighted(index) else " ", "active"), *join(fitted, _GAP))

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, a second one opens what is there."""
        if event.y >= self.sticky_rows and event.y + self.scroll_offset.y <= len(self._keys):
            self.move_to(event.y + self.scroll_offset.y - 1)
            if event.chain == 2:
                self.post_message(self.Opened(self).set_sender(self))

    def on_focus(self) -> None:
        """The cursor has its mark and its colour where the keys go."""
        self.sync()
        self.refresh_row(self._cursor + 1)

    def on_blur(self) -> None:
        """The cursor has its mark and its colour where the keys go."""
        self.sync()
        self.refresh_row(self._cursor + 1)

    def on_resize(self) -> None:
        """The cursor stays in sight."""
        super().on_resize()
        self._scroll_to_cursor()

    def _fit_cells(self, cells: Sequence[Line], widths: Mapping[int, int]) -> list[Line]:
        """Each cell in its column's width; the last one that says something has the room of the empty ones after it."""
        shown = list(widths)
        while len(shown) > 1 and not cells[shown[-1]]:
            shown.pop()
        last = shown[-1]
        room = sum(size + _GAP for position, size in widths.items() if position > last)
        sizes = {position: widths[position] for position in shown}
        if self._columns[last].align != "right":
            sizes[last] += room
        return [self._fit_cell(cells[position], size, self._columns[position]) for position, size in sizes.items()]

    def _fit_cell(self, cell: Line, size: int, column: Column) -> Line:
        return fit_end(cell, size) if column.keeps_end else fit(cell, size, column.align)

    def _headings(self) -> list[Line]:
        cells: list[Line] = []
        for position, column in enumerate(self._columns):
            arrow = ("▴" if self.reverse else "▾") if position == self.sorted_column else ""
            cells.append((Span(column.title + arrow, "dim"),) if column.title else BLANK)
        return cells

    def _keep_cursor(self) -> None:
        if self._held and self._selected is not None and self._selected in self._keys:
            self._cursor = self._keys.index(self._selected)
            self._scroll_to_cursor()
        elif self._keys:
            self._cursor = max(0, min(self._cursor, len(self._keys) - 1)) if self._held else 0
            self._choose(self._keys[self._cursor])
        else:
            self._cursor = 0
            self._choose(None)

    def _choose(self, key: str | None) -> None:
        if key != self._selected:
            self._selected = key
            # Textual ends a message at the parent in whose handler it was made; whoever moved us, it is from us.
            self.post_message(self.Selected(self, key).set_sender(self))

    def _scroll_to_cursor(self) -> None:
        self._fit_virtual_size()
        top = self.scroll_offset.y
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif self._cursor >= top + self.page_rows:
            self.scroll_to(y=self._cursor - self.page_rows + 1, animate=False)
