"""The row of a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from clawtui.model.runs.durations import Spread
from clawtui.model.runs.judgement import BAD
from clawtui.model.runs.run import Run
from clawtui.model.text.units import rough_span, short_span
from clawtui.presentation.roles import RUN_ROLE
from clawtui.tui.terminal.glyphs import RUN_MARK
from clawtui.tui.widgets.line import BLANK, Line, Span


def cells(run: Run, usual: Spread, artifacts: int | None, now: datetime, zone: tzinfo | None) -> Sequence[Line]:
    """Return the cells of a run: start, age, status, duration, its ratio to the median, log, summary, artifacts.

    `artifacts` is None until they have been counted. A cell without a number is empty, and the summary takes its width.
    """
    took = now - run.started if run.running else run.took
    return (
        (Span(_started(run, zone)),),
        (Span(rough_span(now - run.started), "dim"),),
        _status(run),
        (Span(short_span(took)),) if took is not None else BLANK,
        _against(run, usual),
        _log(run),
        (Span(run.summary or "", "bad" if run.status in BAD else "plain"),) if run.summary else (Span(" "),),
        (Span(str(artifacts)),) if artifacts else BLANK,
    )


def searched_text(run: Run, zone: tzinfo | None) -> str:
    """Return the text that a filter searches, in lower case."""
    day = f"{run.started.astimezone(zone):%Y-%m-%d}"
    return " ".join((_started(run, zone), day, run.status or "unknown", run.summary or "", run.name)).casefold()


def _started(run: Run, zone: tzinfo | None) -> str:
    return f"{run.started.astimezone(zone):%d %b %H:%M:%S}"


def _status(run: Run) -> Line:
    if run.status is None:
        return (Span("? unknown", "warn"),)
    return (Span(f"{RUN_MARK[run.status]} {run.label}", RUN_ROLE[run.status]),)


def _against(run: Run, usual: Spread) -> Line:
    """Return ``1.4×``, the ratio to the median duration; empty for a run that was not completed."""
    median, took = usual.median, run.took
    if median is None or not median or took is None or not run.is_completed:
        return BLANK
    slow = usual.is_exceeded_by(took)
    return (Span(f"{min(took / median, 999):.1f}×", "warn" if slow else "dim"),)


def _log(run: Run) -> Line:
    """Return whether the run's log still exists; ``day`` for a log shared with the other runs of the day."""
    if run.log is None:
        return (Span("gone", "dim"),)
    return (Span("day" if run.shares_log else "yes", "dim"),)
