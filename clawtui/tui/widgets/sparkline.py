"""Runs as a row of marks: how long those took that went well, and which did not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Literal

from clawtui.model.documents.base import RunStatus
from clawtui.presentation.roles import RUN_ROLE
from clawtui.tui.terminal.glyphs import RUN_MARK
from clawtui.tui.widgets.line import Line, Span

_LEVELS: Final = "▁▂▃▄▅▆▇█"

Ending = tuple[RunStatus | Literal["running"] | None, timedelta | None]
"""How a run ended, and how long it took."""


def sparkline(runs: Sequence[Ending]) -> Line:
    """``▂▃▂✗▇``: the time that each run took which went well, the longest the highest; the others by their marks."""
    longest = max((took for status, took in runs if status == "success" and took), default=timedelta(0))
    return tuple(_mark(status, took, longest) for status, took in runs)


def _mark(status: RunStatus | Literal["running"] | None, took: timedelta | None, longest: timedelta) -> Span:
    if status is None:
        return Span("?", "warn")
    if status == "running":
        return Span("▸", "active")
    if status != "success" or took is None or not longest:
        return Span(RUN_MARK[status], RUN_ROLE[status])
    return Span(_LEVELS[min(len(_LEVELS) - 1, int(took / longest * len(_LEVELS)))], "ok")
