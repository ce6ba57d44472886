"""The lines within a dialog: as high as they are many, where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from clawtui.tui.widgets.line import Line, width_of
from clawtui.tui.widgets.line_view import LineView

_WIDEST: Final = 96
_FRAME: Final = 4


def line_room(columns: int) -> int:
    """Cells of a line in a dialog of a terminal of so many columns, as the style sheet has it."""
    return min(_WIDEST, columns * 9 // 10 - _FRAME)


class LinesView(LineView):
    """Shows lines that are given to it."""

    def __init__(self) -> None:
        super().__init__(id="dialog-lines")
        self._lines: Sequence[Line] = ()
        self._widest = 0

    def show(self, lines: Sequence[Line]) -> None:
        """Shows these lines."""
        grown = len(lines) != len(self._lines)
        self._lines = lines
        self._widest = max((width_of(line) for line in lines), default=0)
        if grown:
            self.styles.height = len(lines)
        self.sync()
        if grown:
            self.refresh(layout=True)

    @property
    def line_width(self) -> int:
        """As wide as the widest, which can be scrolled to."""
        return max(self.size.width, self._widest)

    def line_count(self) -> int:
        """As many as there are."""
        return len(self._lines)

    def make_line(self, index: int, width: int) -> Line:
        """One of them."""
        return self._lines[index]
