"""The lines within a dialog: as high as they are many, where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from clawtui.tui.widgets.line import Line
from clawtui.tui.widgets.line_content import FixedLines
from clawtui.tui.widgets.line_view import LineView

_WIDEST: Final = 96
_FRAME: Final = 4


def line_room(columns: int) -> int:
    """Return the cells of a line in a dialog on a terminal of `columns` cells, as the style sheet has it."""
    return min(_WIDEST, columns * 9 // 10 - _FRAME)


class LinesView(LineView):
    """Shows lines that are given to it; those that are wider than the view can be scrolled sideways."""

    def __init__(self) -> None:
        self._lines = FixedLines(scrolls_sideways=True)
        super().__init__(self._lines, id="dialog-lines")

    def show(self, lines: Sequence[Line]) -> None:
        """Show `lines`, in a view that is as high as they need."""
        resized = len(lines) != len(self._lines.lines)
        self._lines.lines = lines
        if resized:
            self.styles.height = len(lines)
        self.sync()
        if resized:
            self.refresh(layout=True)
