"""Runs on a time axis: one row for each automation, with a letter for each skipped dispatch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final, get_args

from clawtui.model.documents.base import RunStatus
from clawtui.model.runs.dispatch_history import ActivityRow, DispatchHistory, SkippedDispatch
from clawtui.model.runs.judgement import BAD
from clawtui.model.runs.slot_lanes import LaneRun
from clawtui.tui.panes.activity.bars import bar_cells, lane_line, line_of
from clawtui.tui.terminal.glyphs import CURRENT, RUN_MARK
from clawtui.tui.widgets.charts import TimeScale
from clawtui.tui.widgets.line import BLANK, Cell, Line, Span, fit

DISPATCH = "·"

_LETTERS: Final[Mapping[str, str]] = {"repository-locked": "L", "concurrency-limit": "C"}
_OTHER = "S"
_TICK_ROOM = 8
_TOTALS_FROM = 100
_TOTALS = 34


def activity_lines(
    rows: Sequence[ActivityRow],
    dispatches: DispatchHistory,
    since: datetime,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    marked: tuple[int, datetime] | None = None,
    lanes: Sequence[Sequence[LaneRun]] = (),
    max_slots: int | None = None,
) -> list[Line]:
    """Return the axis, dispatches, a lane for each slot, a row for each automation, and the meaning of the letters.

    The axis is from `since` to `now`, with times of day in `zone`; the lines have `width` cells. `marked` is the row
    and the time of the run or skip at the cursor.
    """
    title = max(16, min(34, width // 4))
    totals = _TOTALS if width >= _TOTALS_FROM else 0
    scale = TimeScale(since, now, max(10, width - title - totals - 2))

    def row(name: Line, cells: Line, totals_cell: Line = BLANK) -> Line:
        end = (Span("  "), *fit(totals_cell, totals)) if totals else BLANK
        return (*fit(name, title - 1), Span(" "), *fit(cells, scale.width), *end)

    lines = [row(BLANK, _clock_row(scale, zone))]
    lines.append(row((Span("dispatches", "dim"),), _dots(dispatches, scale)))
    at_cursor = (rows[marked[0]].key, marked[1]) if marked is not None and marked[0] < len(rows) else None
    for number, runs in enumerate(lanes, 1):
        shown = sum(1 for run in runs if run.span.ended is None or run.span.ended >= since)
        totals_cell = (Span(_runs_text(shown), "dim"),) if shown else BLANK
        lines.append(
            row((Span(_lane_title(number, max_slots), "dim"),), lane_line(runs, scale, at_cursor), totals_cell)
        )
    for number, one in enumerate(rows):
        at = marked[1] if marked is not None and marked[0] == number else None
        name = (
            Span(f"{CURRENT if one.running else ' '} ", "active"),
            Span(one.name, "strong" if one.running else "plain"),
        )
        lines.append(row(name, _cells_of(one, scale, at), _totals(one)))
    if not rows:
        lines.append((Span("nothing ran, and nothing was skipped", "dim"),))
    return [*lines, BLANK, *_legend(rows)]


def _clock_row(scale: TimeScale, zone: tzinfo | None) -> Line:
    text = ""
    for at in scale.clock_ticks(_TICK_ROOM, zone):
        column = scale.column(at)
        label = f"╵{at:%H:%M}"
        if column >= len(text) and column + len(label) <= scale.width:
            text += " " * (column - len(text)) + label
    return (Span(text, "dim"),)


def _dots(dispatches: DispatchHistory, scale: TimeScale) -> Line:
    columns = {scale.column(at) for at in dispatches.at if at >= scale.start}
    return (Span("".join(DISPATCH if column in columns else " " for column in range(scale.width)), "dim"),)


def _cells_of(row: ActivityRow, scale: TimeScale, marked: datetime | None) -> Line:
    cells: dict[int, Cell] = {}
    for passed in row.passed:
        cells[scale.column(passed.at)] = (_letter(passed), "warn")
    for run in reversed(row.ran):
        cells.update(bar_cells(run, scale))
    if marked is not None:
        column = scale.column(marked)
        cells[column] = (cells.get(column, (" ", "plain"))[0], "match")
    return line_of(cells, scale.width)


def _lane_title(number: int, max_slots: int | None) -> str:
    return f"slot {number}" if max_slots is None or number <= max_slots else f"beyond {max_slots} slots"


def _runs_text(count: int) -> str:
    return f"{count} run{'s' if count > 1 else ''}"


def _totals(row: ActivityRow) -> Line:
    """Return ``3 runs · 12 skipped, last: repository-locked``."""
    pieces: list[Span] = []
    if row.ran:
        pieces.append(Span(_runs_text(len(row.ran)), "dim"))
    failed = sum(run.status in BAD for run in row.ran)
    if failed:
        pieces.append(Span(f"{' · ' if pieces else ''}{failed} failed", "bad"))
    if row.passed:
        reason = Counter(one.reason or "skipped" for one in row.passed).most_common(1)[0][0]
        pieces.append(Span(f"{' · ' if pieces else ''}{len(row.passed)}× {reason}", "warn"))
    return tuple(pieces)


def _legend(rows: Sequence[ActivityRow]) -> Iterator[Line]:
    reasons: dict[str, set[str]] = {}
    for row in rows:
        for passed in row.passed:
            reasons.setdefault(_letter(passed), set()).add(passed.reason or "for no reason given")
    if reasons:
        legend = "   ".join(f"{letter} {', '.join(sorted(texts))}" for letter, texts in sorted(reasons.items()))
        yield (Span("skipped      ", "dim"), Span(legend, "warn"))
    marks = "   ".join(f"{RUN_MARK[status]} {status}" for status in get_args(RunStatus))
    yield (Span("runs         ", "dim"), Span(f"{marks}   {CURRENT} running", "dim"))


def _letter(passed: SkippedDispatch) -> str:
    return _LETTERS.get(passed.reason, _OTHER)
