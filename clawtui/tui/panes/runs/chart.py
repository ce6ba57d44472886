"""The chart above the table of runs: durations, the rate of success, and a week by hours.

It is drawn with block characters. textual-plotext would add two packages and some 50 ms to the start, and its text
would bypass the cleaning of spans, the roles of the themes, the replacements for ASCII and the repaint by cells.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from clawtui.model.runs.durations import Range
from clawtui.model.runs.run import Run
from clawtui.model.runs.run_stats import RunStats
from clawtui.model.text.units import short_span
from clawtui.presentation.roles import RUN_ROLE
from clawtui.tui.terminal.glyphs import ABOVE, BAR_FULL, RULE, RUN_MARK
from clawtui.tui.widgets.charts import LEVELS, sparkline
from clawtui.tui.widgets.line import Cell, Line, Role, Span, fit, spans_of, spread

ROWS: Final = 8
"""Lines of the chart below its summary: the hours, and the seven days of the week."""
_LABEL: Final = 8
_BAND: Final = "░"
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEK: Final = 4 + 24
_LEAST_WITH_WEEK: Final = 68
_LEAST_WITH_HEADING: Final = 100
_WIDEST_COLUMN: Final = 3


def chart_lines(runs: Sequence[Run], stats: RunStats, width: int, *, whole: bool) -> list[Line]:
    """Return the summary and the chart; if not `whole`, one line with the summary and a mark for each run.

    `runs` are newest first, and drawn with the newest at the right; those that do not fit are left out.
    """
    if not whole:
        caption = _summary(stats, short=True)
        room = max(0, width - sum(len(span.text) for span in caption) - 3)
        marks = sparkline([(run.status, run.took) for run in reversed(runs[:room])])
        return [fit((*caption, Span("  "), *marks), width)]
    has_week = width >= _LEAST_WITH_WEEK
    room = width - _LABEL - (_WEEK + 3 if has_week else 1)
    chart = _durations(runs, stats, max(1, room))
    week = list(_week(stats)) if has_week else [()] * ROWS
    lines = [(*left, Span("  "), *right) for left, right in zip(chart, week, strict=True)]
    right = (Span("runs by hour", "dim"), Span(" " * 13)) if width >= _LEAST_WITH_HEADING else ()
    return [spread(_summary(stats), right, width), *(fit(line, width) for line in lines)]


def _summary(stats: RunStats, *, short: bool = False) -> Line:
    """Return ``median 2m24s · nine in ten 40s–5m40s · success 82 % (31 of 38)``."""
    pieces: list[str] = []
    if (percentage := stats.success_percentage) is not None:
        counts = "" if short else f" ({stats.succeeded} of {stats.attempts})"
        pieces.append(f"success {percentage} %{counts}")
    median, most = stats.completed.median, stats.completed.nine_in_ten
    if median is not None:
        pieces.append(f"median {short_span(median)}{'' if short else f' {RULE}'}")
    if most is not None and not short:
        pieces.append(f"nine in ten {short_span(most.low)} to {short_span(most.high)} {_BAND}")
    if not pieces:
        pieces.append("too few runs to compare")
    return (Span(f" {' · '.join(pieces)}", "plain"),)


def _durations(runs: Sequence[Run], stats: RunStats, room: int) -> list[Line]:
    """Return the rows of the chart, from the top: one column for each run, whose height is its duration."""
    size = max(1, min(_WIDEST_COLUMN, room // max(1, len(runs))))
    shown = runs[: room // size][::-1]
    most = stats.completed.nine_in_ten
    top = _top(shown, most)
    median = stats.completed.median
    labels = {ROWS - 1: short_span(top), 0: "0s"}
    if median is not None:
        labels[_row_of(median, top)] = short_span(median)
    band = range(_row_of(most.low, top), _row_of(most.high, top) + 1) if most is not None else range(0)
    lines: list[Line] = []
    for row in reversed(range(ROWS)):
        behind = RULE if median is not None and row == _row_of(median, top) else _BAND if row in band else " "
        cells: list[Cell] = []
        for run in shown:
            cells += [_cell(run, row, top) or (behind, "dim")] * max(1, size - 1)
            cells += [(behind, "dim")] * (size > 1)
        cells += [(behind, "dim")] * (room - len(cells))
        lines.append((Span(f"{labels.get(row, ''):>{_LABEL - 1}}┤", "dim"), *spans_of(cells)))
    return lines


def _top(runs: Sequence[Run], most: Range | None) -> timedelta:
    """Return the duration at the top of the chart: the longest, but at most twice that of nine in ten."""
    longest = max((run.took for run in runs if run.took is not None), default=timedelta(0))
    if most is not None:
        longest = min(longest, most.high * 2)
    return max(longest, timedelta(seconds=1))


def _row_of(span: timedelta, top: timedelta) -> int:
    return max(0, min(ROWS - 1, math.ceil(span / top * ROWS) - 1))


def _cell(run: Run, row: int, top: timedelta) -> Cell | None:
    """Return the cell of a run in a row, from 0 at the bottom; None above its column."""
    role: Role = RUN_ROLE[run.status] if run.status is not None else "warn"
    took = run.took if run.took is not None and not run.running else None
    if row == 0 and (run.status != "success" or took is None):
        return RUN_MARK[run.status or "unknown"], role
    if took is None:
        return None
    eighths = max(1, math.ceil(min(took / top, 1) * ROWS * len(LEVELS)))
    if took > top and row == ROWS - 1:
        return ABOVE, role
    level = min(len(LEVELS), eighths - row * len(LEVELS))
    if level <= 0:
        return None
    return (BAR_FULL if level == len(LEVELS) else LEVELS[level - 1]), role


def _week(stats: RunStats) -> Iterator[Line]:
    """Yield the hours, then a row for each day: the higher the mark, the more runs began in that hour."""
    yield (Span("    0     6     12    18    ", "dim"),)
    most = max((count.runs for count in stats.hours.values()), default=1)
    for day, name in enumerate(_DAYS):
        cells: list[Cell] = []
        for hour in range(24):
            count = stats.hours.get((day, hour))
            if count is None:
                cells.append(("·", "dim"))
            else:
                level = math.ceil(count.runs / most * len(LEVELS)) - 1
                cells.append(
                    (LEVELS[level], "bad" if count.failed * 2 > count.runs else "warn" if count.failed else "ok")
                )
        yield (Span(f"{name} ", "dim"), *spans_of(cells))
