"""The cells of runs on a time axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from clawtui.model.runs.dispatch_history import RunSpan
from clawtui.model.runs.slot_lanes import LaneRun
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.width import cell_width, cut
from clawtui.presentation.roles import RUN_ROLE
from clawtui.tui.terminal.glyphs import BAR_DONE, RUN_MARK
from clawtui.tui.widgets.charts import TimeScale
from clawtui.tui.widgets.line import Cell, Line, Role, spans_of

_LEAST_NAME: Final = 8
"""The least number of cells in which the name of an automation is written."""


def bar_cells(run: RunSpan, scale: TimeScale) -> Iterator[tuple[int, Cell]]:
    """Yield the cells of a run: a bar over its duration, with the mark of its status at the end."""
    first, last = scale.stretch(run.began, run.ended or scale.end)
    role = RUN_ROLE[run.status]
    for column in range(first, last - 1):
        yield column, (BAR_DONE, role)
    yield last - 1, (RUN_MARK[run.status], role)


def lane_line(runs: Sequence[LaneRun], scale: TimeScale, marked: tuple[str, datetime] | None) -> Line:
    """Return the runs of a slot, each with its name where there is room.

    The run of the automation `marked[0]` that began at `marked[1]` has the cursor.
    """
    cells: dict[int, Cell] = {}
    for run in runs:
        bar = dict(bar_cells(run.span, scale))
        bar.update(_name_cells(run.name, min(bar) + 1, len(bar) - 2, RUN_ROLE[run.span.status]))
        if marked == (run.key, run.span.began):
            bar = {column: (text, "match") for column, (text, _) in bar.items()}
        cells.update(bar)
    return line_of(cells, scale.width)


def line_of(cells: Mapping[int, Cell], width: int) -> Line:
    """Return `width` cells as a line; those that are missing are blank."""
    return spans_of(cells.get(column, (" ", "plain")) for column in range(width))


def _name_cells(name: str, first: int, room: int, role: Role) -> Iterator[tuple[int, Cell]]:
    if room < _LEAST_NAME:
        return
    column = first
    for character in cut(displayable(name), room):
        size = cell_width(character)
        if size:
            yield column, (character, role)
            yield from ((column + more, ("", role)) for more in range(1, size))
        column += size
