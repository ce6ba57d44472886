"""Resizing the panes by dragging the borders between them with the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from textual import events
from textual.widget import Widget

_LEAST_ROWS: Final = 4
_LEAST_COLUMNS: Final = 20


class Dividers:
    """Dividers that can be dragged: the titles of the lower panes, and the line between timeline and log.

    Sizes are relative, so that they scale; their unit is a row or column of the terminal where they were set.
    The title of a pane that is idle, which has one row whatever its size, is no divider.
    """

    def __init__(self, grid: Widget, rows: Sequence[Widget], columns: Sequence[Widget]) -> None:
        self._grid = grid
        self._rows = tuple(rows)
        self._columns = tuple(columns)
        self._held: tuple[Literal["rows", "columns"], int] | None = None

    def grab(self, x: int, y: int) -> bool:
        """Begin to drag the divider at these screen coordinates; return whether there is one."""
        if self._grid.has_class("single"):
            return False
        right = self._columns[1].region
        row = next((number for number, pane in enumerate(self._rows[1:]) if pane.region.y == y), None)
        if row is not None and self._rows[row + 1].has_class("idle"):
            return False
        if row is not None:
            self._held = ("rows", row)
        elif right.x == x and right.y <= y < right.bottom:
            self._held = ("columns", 0)
        else:
            return False
        return True

    def drag(self, event: events.MouseMove) -> None:
        """Move the divider that is dragged to the mouse."""
        if self._held is None:
            return
        kind, number = self._held
        along = self._rows if kind == "rows" else self._columns
        sizes = [_height_of(pane) if kind == "rows" else pane.outer_size.width for pane in along]
        before, after = along[number].region, along[number + 1].region
        start, end = (before.y, after.bottom) if kind == "rows" else (before.x, after.right)
        least = _LEAST_ROWS if kind == "rows" else _LEAST_COLUMNS
        place = event.screen_y if kind == "rows" else event.screen_x
        sizes[number] = max(least, min(place - start, end - start - least))
        sizes[number + 1] = end - start - sizes[number]
        self._apply(kind, sizes)

    def drop(self) -> bool:
        """End the drag; return whether there was one."""
        held, self._held = self._held, None
        return held is not None

    @property
    def sizes(self) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        """The relative heights of the rows and widths of the columns; None if they were never changed."""
        heights, widths = (
            [pane.styles.inline.height for pane in self._rows],
            [pane.styles.inline.width for pane in self._columns],
        )
        if not any((*heights, *widths)):
            return None
        return (
            tuple(int(size.value) for size in heights if size is not None),
            tuple(int(size.value) for size in widths if size is not None),
        )

    def restore(self, rows: Sequence[int], columns: Sequence[int]) -> None:
        """Set saved sizes of the panes; ignore those for another number of panes."""
        if len(rows) == len(self._rows):
            self._apply("rows", rows)
        if len(columns) == len(self._columns):
            self._apply("columns", columns)

    def _apply(self, kind: Literal["rows", "columns"], sizes: Sequence[int]) -> None:
        for pane, size in zip(self._rows if kind == "rows" else self._columns, sizes, strict=True):
            if kind == "rows":
                pane.styles.height = f"{max(1, size)}fr"
            else:
                pane.styles.width = f"{max(1, size)}fr"


def _height_of(pane: Widget) -> int:
    """Return the rows of a pane; of an idle one, those it had been given for when it is not."""
    if not pane.has_class("idle"):
        return pane.outer_size.height
    given = pane.styles.inline.height
    return _LEAST_ROWS if given is None else int(given.value)
