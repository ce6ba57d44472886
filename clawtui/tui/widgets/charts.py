"""Small charts in cells: a progress bar, a row of marks for runs, and a common time axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

from msgspec import Struct

from clawtui.model.runs.judgement import RunState
from clawtui.presentation.roles import RUN_ROLE
from clawtui.tui.terminal.glyphs import BAR_FULL, BAR_LEFT, RUN_MARK
from clawtui.tui.widgets.line import Line, Span

_EIGHTHS: Final = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
LEVELS: Final = "▁▂▃▄▅▆▇█"
"""Columns of one to eight eighths of a cell."""

_STEPS = tuple(
    timedelta(seconds=seconds)
    for seconds in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
)


class TimeScale(Struct, frozen=True):
    """Time axis with the times from `start` to `end` on `width` cells."""

    start: datetime
    end: datetime
    width: int

    def column(self, instant: datetime) -> int:
        """Return the cell of `instant`, from 0; a time outside the axis is at the nearer end."""
        whole = self.end - self.start
        if whole <= timedelta(0) or self.width < 1:
            return 0
        cell = int((instant - self.start) / whole * self.width)
        return max(0, min(self.width - 1, cell))

    def stretch(self, start: datetime, end: datetime) -> tuple[int, int]:
        """Return the first cell of a period and the cell after its last one; a period takes at least one cell."""
        first = self.column(start)
        return first, max(first + 1, self.column(end) + (1 if end >= self.end else 0))

    def eighths(self, span: timedelta) -> int:
        """Return the length of `span` in eighths of a cell, at least one and at most the axis. It never decreases."""
        whole = self.end - self.start
        if whole <= timedelta(0):
            return 1
        return max(1, min(self.width * 8, math.ceil(span / whole * self.width * 8)))

    def ticks(self, room: int) -> Iterator[timedelta]:
        """Yield round times since the start, at least `room` cells apart."""
        step = self._step(room)
        at = timedelta(0)
        while step is not None and at <= self.end - self.start:
            yield at
            at += step

    def clock_ticks(self, room: int, zone: tzinfo | None) -> Iterator[datetime]:
        """Yield round times of day in `zone`, at least `room` cells apart; None is the zone of the machine."""
        step = self._step(room)
        if step is None:
            return
        start = self.start.astimezone(zone)
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        at = midnight + -((midnight - start) // step) * step
        while at <= self.end:
            yield at
            at += step

    def _step(self, room: int) -> timedelta | None:
        whole = self.end - self.start
        if whole <= timedelta(0):
            return None
        least = whole * room / max(1, self.width)
        return next((step for step in _STEPS if step >= least), None)


def bar_text(eighths: int) -> str:
    """Return a bar of so many eighths of a cell; its last cell is padded by its own character."""
    done, part = divmod(eighths, 8)
    return BAR_FULL * done + _EIGHTHS[part]


def progress_bar(percentage: float, width: int) -> Line:
    """Return a bar of `width` cells, filled to `percentage` of 100 in steps of an eighth of a cell."""
    bar = bar_text(int(max(0.0, min(100.0, percentage)) * width * 8 / 100))
    return (Span(bar, "active"), Span(BAR_LEFT * (width - len(bar)), "dim"))


RunEnd = tuple[RunState | None, timedelta | None]
"""The status of a run and its duration; the status is None where it is unknown how the run ended."""


def sparkline(runs: Sequence[RunEnd]) -> Line:
    """Return ``▂▃▂✗▇``: for each successful run its duration relative to the longest, a mark for the others."""
    longest = max((took for status, took in runs if status == "success" and took), default=timedelta(0))
    return tuple(_mark(status, took, longest) for status, took in runs)


def _mark(status: RunState | None, took: timedelta | None, longest: timedelta) -> Span:
    if status is None:
        return Span("?", "warn")
    if status != "success" or took is None or not longest:
        return Span(RUN_MARK[status], RUN_ROLE[status])
    return Span(LEVELS[min(len(LEVELS) - 1, int(took / longest * len(LEVELS)))], "ok")
