"""The content of a `LineView`: an object that counts and makes lines, independent of the widget."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from clawtui.tui.widgets.line import Line, width_of


class LineContent(ABC):
    """Lines by index. A view makes the visible ones at every repaint, so `make_line` must be cheap."""

    sticky_rows = 0
    """The number of lines at the top that stay in place when the view scrolls."""

    @abstractmethod
    def line_count(self) -> int:
        """Return the number of lines."""

    @abstractmethod
    def make_line(self, index: int, width: int) -> Line:
        """Return line `index` for a view of `width` cells; `index` is below `line_count()`."""

    def is_highlighted(self, index: int) -> bool:
        """Return whether line `index` is painted as the one with the cursor."""
        return False

    def lines_width(self, view_width: int) -> int:
        """Return the width of the lines in cells; more than `view_width` makes the view scroll sideways."""
        return view_width


class FixedLines(LineContent):
    """Lines that are made beforehand and replaced as a whole."""

    def __init__(self, *, scrolls_sideways: bool = False) -> None:
        self._lines: Sequence[Line] = ()
        self._scrolls_sideways = scrolls_sideways
        self._widest = 0
        self.highlighted = range(0)
        """The positions of the lines with the cursor."""

    @property
    def lines(self) -> Sequence[Line]:
        """The lines from the top."""
        return self._lines

    @lines.setter
    def lines(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._widest = max(map(width_of, lines), default=0) if self._scrolls_sideways else 0

    def line_count(self) -> int:
        """Return the number of lines."""
        return len(self._lines)

    def is_highlighted(self, index: int) -> bool:
        """Return whether the cursor is on line `index`."""
        return index in self.highlighted

    def make_line(self, index: int, width: int) -> Line:
        """Return line `index`; the view cuts it where it is too long."""
        return self._lines[index]

    def lines_width(self, view_width: int) -> int:
        """Return the width of the widest line where the view may scroll sideways, but at least `view_width`."""
        return max(view_width, self._widest)


class OneLine(LineContent):
    """One line that depends on the width."""

    def __init__(self, make: Callable[[int], Line]) -> None:
        self._make = make

    def line_count(self) -> int:
        """Return 1."""
        return 1

    def make_line(self, index: int, width: int) -> Line:
        """Return the line for `width` cells."""
        return self._make(width)
