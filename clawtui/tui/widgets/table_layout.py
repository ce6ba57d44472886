"""The layout of a table: the widths of its columns, hidden columns, and a row of cells as one line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from clawtui.tui.widgets.line import BLANK, Align, Line, Span, fit, fit_end, join

_MOST_LINES: Final = 250
"""The most rows that are kept as laid out, also with old cells; more than a screen has, and each takes kilobytes."""
_GAP = 2
_NO_NEEDS: Final[Mapping[int, int]] = MappingProxyType({})


class Column(Struct, frozen=True):
    """Column of a table, with its heading and its width."""

    title: str
    width: int
    """The least width, in cells."""
    share: int = 0
    """The column's part of the spare width; 0 for none."""
    align: Align = "left"
    needs: int = 0
    """The least width of the whole table, in cells, at which the column is shown."""
    keeps_end: bool = False
    """Whether text that does not fit is cut at its front."""
    grows_from: int = 0
    """The least width of the whole table, in cells, at which the column takes its share."""


def column_widths(
    columns: Sequence[Column], width: int, hidden: Collection[int] = (), needs: Mapping[int, int] = _NO_NEEDS
) -> dict[int, int]:
    """Return the width of each column that is shown in a table of `width` cells, by its position.

    A column whose content needs `needs` cells gets no more; the others with a share take the rest.
    """
    shown = {
        position: column.width
        for position, column in enumerate(columns)
        if column.needs <= width and position not in hidden
    }
    spare = width - sum(shown.values()) - _GAP * (len(shown) - 1)
    growing = [position for position in shown if columns[position].share and columns[position].grows_from <= width]
    while spare > 0 and growing:
        shares = sum(columns[position].share for position in growing)
        parts = {position: spare * columns[position].share // shares for position in growing}
        full = [at for at in growing if at in needs and shown[at] + parts[at] >= needs[at]]
        if not full or len(full) == len(growing):
            parts[growing[-1]] += spare - sum(parts.values())
            return {position: size + parts.get(position, 0) for position, size in shown.items()}
        for position in full:
            given = max(0, needs[position] - shown[position])
            shown[position] += given
            spare -= given
        growing = [position for position in growing if position not in full]
    return shown


class TableLayout:
    """The columns of one table, with those that are shown and the one that sorts the rows."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = tuple(columns)
        self._hidden: frozenset[int] = frozenset()
        self._needs: Mapping[int, int] = _NO_NEEDS
        self._widths: tuple[int, dict[int, int]] = (-1, {})
        self._lines: dict[tuple[Line, ...], Line] = {}
        """Rows by their cells, for the current widths: most rows are the same from one tick to the next."""
        self.width = 0
        """The width, in cells, of the row that is being made."""
        self._sorted: int | None = None
        self._reverse = False

    @property
    def headings(self) -> tuple[str, ...]:
        """The names of the columns in the settings; a column of marks has no name, and is always shown."""
        return tuple(column.title.casefold() for column in self._columns if column.title)

    def show_only(self, headings: Collection[str]) -> None:
        """Hide the columns that are not among `headings`; show all where none of `headings` is a column."""
        shown = {heading.casefold() for heading in headings}
        if shown & set(self.headings):
            titles = enumerate(column.title.casefold() for column in self._columns)
            self._hidden = frozenset(number for number, title in titles if title and title not in shown)
            self._widths = (-1, {})

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Replace the columns, and show all of them."""
        if tuple(columns) != self._columns:
            self._columns, self._hidden, self._widths = tuple(columns), frozenset(), (-1, {})
            self._needs = _NO_NEEDS

    def show_needs(self, needs: Mapping[int, int]) -> None:
        """Set the cells that the content of some columns needs, by the position of the column."""
        if needs != self._needs:
            self._needs, self._widths = dict(needs), (-1, {})

    def width_of(self, position: int) -> int:
        """Return the width of a column in a table of `width` cells; 0 if it is not shown."""
        return self.widths(self.width).get(position, 0)

    def column_at(self, x: int) -> int | None:
        """Return the column at cell `x` of a row, or the one that ends before it; None to the left of all."""
        found, start = None, 0
        for position, size in self.widths(self.width).items():
            if start <= x:
                found = position
            start += size + _GAP
        return found

    def show_order(self, column: int | None, *, reverse: bool) -> None:
        """Mark the column that the rows are sorted by; None where they are sorted by no column."""
        self._sorted, self._reverse = column, reverse

    def heading_line(self, width: int) -> Line:
        """Return the headings, with an arrow at the column that sorts the rows."""
        cells: list[Line] = []
        for position, column in enumerate(self._columns):
            arrow = ("▴" if self._reverse else "▾") if position == self._sorted else ""
            cells.append((Span(column.title + arrow, "dim"),) if column.title else BLANK)
        return self.line(cells, width)

    def line(self, cells: Sequence[Line], width: int) -> Line:
        """Return a row of `width` cells; the last column with text gets the width of the empty ones after it."""
        widths, key = self.widths(width), tuple(cells)
        if key not in self._lines:
            if len(self._lines) >= _MOST_LINES:
                del self._lines[next(iter(self._lines))]  # the one that was laid out first
            self._lines[key] = self._lay_out(key, widths)
        return self._lines[key]

    def _lay_out(self, cells: Sequence[Line], widths: Mapping[int, int]) -> Line:
        shown = list(widths)
        while len(shown) > 1 and not cells[shown[-1]]:
            shown.pop()
        last = shown[-1]
        sizes = {position: widths[position] for position in shown}
        if self._columns[last].align != "right":
            sizes[last] += sum(size + _GAP for position, size in widths.items() if position > last)
        return join([_fit_cell(cells[position], size, self._columns[position]) for position, size in sizes.items()])

    def widths(self, width: int) -> Mapping[int, int]:
        """Return the width of each column that is shown; the same object while the columns and `width` are the same."""
        if self._widths[0] != width:
            self._lines.clear()
            self._widths = (width, column_widths(self._columns, width, self._hidden, self._needs))
        return self._widths[1]


def _fit_cell(cell: Line, size: int, column: Column) -> Line:
    return fit_end(cell, size) if column.keeps_end else fit(cell, size, column.align)
