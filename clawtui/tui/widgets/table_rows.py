"""The rows of a table by key, and the cursor, which stays on its key when the other rows change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from clawtui.tui.terminal.glyphs import CURSOR
from clawtui.tui.widgets.line import Line, Span, fit
from clawtui.tui.widgets.line_content import LineContent
from clawtui.tui.widgets.table_layout import TableLayout

_MOST_LINES: Final = 250
"""The most rows that are kept as laid out, also of keys that are gone. A screen has fewer, and each takes kilobytes."""

MakeCells = Callable[[str], Sequence[Line]]
"""Function that makes the cells of a row from its key, one line for each column."""


class RowCursor:
    """Position among keys. Once it was moved it stays on its key, also when the rows are reordered.

    Until it is moved or held it stays on the top row, also when the key there changes.
    """

    def __init__(self) -> None:
        self.keys: Sequence[str] = ()
        self.row = 0
        self.selected: str | None = None
        """The key at `row`; None where there are no keys."""
        self.held = False
        """Whether the operator has moved the cursor, or has acted on its row."""

    def hold(self) -> None:
        """Keep the cursor on its key."""
        self.held = True

    def let_go(self) -> None:
        """Keep the cursor on the top row until it is held or moved."""
        self.held = False

    def show_keys(self, keys: Sequence[str]) -> None:
        """Set the keys in their order; if the selected one is gone, the cursor stays near its row."""
        self.keys = keys
        if self.held and self.selected is not None and (row := self._find(self.selected)) is not None:
            self.row = row
        elif keys:
            self.row = max(0, min(self.row, len(keys) - 1)) if self.held else 0
            self.selected = keys[self.row]
        else:
            self.row, self.selected = 0, None

    def _find(self, key: str) -> int | None:
        """Return the row of `key`; None if it is gone. A change of one other row moves it by at most one row."""
        for row in (self.row, self.row + 1, self.row - 1):
            if 0 <= row < len(self.keys) and self.keys[row] == key:
                return row
        return self.keys.index(key) if key in self.keys else None

    def move_to(self, row: int) -> None:
        """Put the cursor on the row nearest to `row`, and hold it there."""
        if self.keys:
            self.held = True
            self.row = max(0, min(row, len(self.keys) - 1))
            self.selected = self.keys[self.row]


class _Cause(NamedTuple):
    """What a row is laid out from."""

    cells: Sequence[Line]
    widths: Mapping[int, int]
    mark: str
    bar: Span | None
    words: Sequence[str]
    width: int

    def is_same_as(self, other: _Cause) -> bool:
        return self.cells is other.cells and self.widths is other.widths and self[2:] == other[2:]


class TableRows(LineContent):
    """The lines of a table: the headings, then a row for each key of the cursor."""

    sticky_rows = 1

    def __init__(
        self,
        layout: TableLayout,
        cursor: RowCursor,
        make_cells: MakeCells,
        has_focus: Callable[[], bool],
        scrollbar: Callable[[int], Span | None],
    ) -> None:
        self._layout = layout
        self._cursor = cursor
        self._make_cells = make_cells
        self._has_focus = has_focus
        self._scrollbar = scrollbar
        self._lines: dict[str, tuple[_Cause, Line]] = {}
        """The rows as they were laid out last, by key: most rows have the same cells again."""
        self.words: Sequence[str] = ()
        """The words of the filter, in lower case: they are highlighted, and named where no row has them."""
        self.why_empty = ""
        """The sentence in the place of the rows where there are none without a filter; empty for none."""

    def line_count(self) -> int:
        """Return the number of rows, with the headings; without rows, a line may say why there are none."""
        return len(self._cursor.keys) + 1 if self._cursor.keys else 1 + bool(self.words or self.why_empty)

    def is_highlighted(self, index: int) -> bool:
        """Return whether the cursor is at line `index`."""
        return index == self._cursor.row + 1 and bool(self._cursor.keys)

    def make_line(self, index: int, width: int) -> Line:
        """Return the headings or a row, between the mark of the cursor and the scroll bar."""
        bar = self._scrollbar(max(0, index - 1))
        inner = self._layout.width = width - (2 if bar is None else 3)
        mark = CURSOR if self.is_highlighted(index) and self._has_focus() else " "
        if index == 0:
            return (Span(mark, "active"), *self._layout.heading_line(inner))
        if not self._cursor.keys and not self.words:
            return (Span(f"  {self.why_empty}", "dim"),)
        if not self._cursor.keys:
            return (Span(f"  Nothing matches “{' '.join(self.words)}” · Esc shows all", "warn"),)
        key = self._cursor.keys[index - 1]
        cause = _Cause(self._make_cells(key), self._layout.widths(inner), mark, bar, self.words, width)
        known = self._lines.get(key)
        if known is None or not known[0].is_same_as(cause):
            self._lines.pop(key, None)
            if len(self._lines) >= _MOST_LINES:
                del self._lines[next(iter(self._lines))]  # the one that was laid out first
            known = self._lines[key] = (cause, self._lay_out(cause, inner))
        return known[1]

    def _lay_out(self, cause: _Cause, inner: int) -> Line:
        line = (Span(cause.mark, "active"), *self._layout.line(cause.cells, inner))
        if cause.words:
            line = tuple(part for span in line for part in _with_matches(span, cause.words))
        return line if cause.bar is None else (*fit(line, cause.width - 1), cause.bar)


def _with_matches(span: Span, words: Sequence[str]) -> Iterator[Span]:
    """Yield the pieces of `span`; those that are one of `words` are highlighted."""
    text = span.text.casefold()
    at = 0
    while len(text) == len(span.text):
        found = min(((text.find(word, at), -len(word)) for word in words if word in text[at:]), default=None)
        if found is None:
            break
        start, end = found[0], found[0] - found[1]
        if start > at:
            yield replace(span, text=span.text[at:start])
        yield replace(span, text=span.text[start:end], role="match")
        at = end
    if at < len(span.text):
        yield replace(span, text=span.text[at:])
