"""The marked rows of a table: how many are out of sight, and a scroll bar of one cell that shows where they are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from clawtui.tui.terminal.glyphs import SCROLL_MARK, SCROLL_THUMB, SCROLL_TRACK
from clawtui.tui.widgets.line import Role, Span

_WORST: Final[Sequence[Role]] = ("bad", "warn", "active")


class RowMarks:
    """Positions of rows, from 0, each with a role."""

    def __init__(self) -> None:
        self._rows: list[int] = []
        self._roles: list[Role] = []

    def show(self, marks: Sequence[tuple[int, Role]]) -> None:
        """Set the marks, in the order of their positions."""
        self._rows = [row for row, _ in marks]
        self._roles = [role for _, role in marks]

    def before(self, row: int) -> int:
        """Return the number of marks above `row`."""
        return bisect_left(self._rows, row)

    def after(self, row: int) -> int:
        """Return the number of marks at `row` and below it."""
        return len(self._rows) - bisect_left(self._rows, row)

    def last_before(self, row: int) -> int | None:
        """Return the position of the last mark above `row`; None if there is none."""
        at = bisect_left(self._rows, row)
        return self._rows[at - 1] if at else None

    def first_from(self, row: int) -> int | None:
        """Return the position of the first mark at `row` or below it; None if there is none."""
        at = bisect_left(self._rows, row)
        return self._rows[at] if at < len(self._rows) else None

    def cell(self, row: int, top: int, height: int, total: int) -> Span | None:
        """Return the cell of the scroll bar beside `row`, in a view of `height` rows from `top`, of `total` rows.

        None where all rows are visible. A cell stands for the rows at its part of the whole; a mark is drawn over the
        bar in the role of the worst of them.
        """
        if total <= height:
            return None
        at = row - top
        first, last = at * total // height, (at + 1) * total // height
        inside = self._roles[bisect_left(self._rows, first) : bisect_left(self._rows, last)]
        worst = next((role for role in _WORST if role in inside), inside[0] if inside else None)
        if worst is not None:
            return Span(SCROLL_MARK, worst)
        thumb = max(1, height * height // total)
        start = (height - thumb) * top // max(1, total - height)
        return Span(SCROLL_THUMB, "plain") if start <= at < start + thumb else Span(SCROLL_TRACK, "dim")
