"""Text that compares a run with the usual durations of past runs; empty where too few are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from clawtui.model.runs.durations import range_text
from clawtui.model.runs.report import RunReport
from clawtui.model.text.units import short_span
from clawtui.model.text.width import cell_width
from clawtui.tui.widgets.line import BLANK, Line, Span


def left_short(page: RunReport | None, now: datetime) -> Line:
    """Return ``2–4m left slow git``: the time left, and the current phase where it takes unusually long."""
    if page is None:
        return BLANK
    left, current = page.left(now), page.log_summary.phases.current
    text: Line = BLANK
    if left is not None:
        text = (Span(f"{range_text(left)} left "),)
    elif page.is_slow(now):
        text = (Span("longer than usual ", "warn"),)
    slow = current is not None and current.phase in page.slow_phases(now)
    return (*text, Span(f"slow {current.phase} ", "warn")) if current is not None and slow else text


def pace_lines(page: RunReport, now: datetime, width: int) -> Iterator[Line]:
    """Yield the time left of a run in progress, and each phase that took longer than in 90 % of past runs.

    The usual duration has a line of its own if `width` cells are too few for both.
    """
    left, usual = page.left(now), page.usual.whole.usual
    past = f" · usually {range_text(usual)} ({len(page.usual.whole.spans)} past runs)" if usual is not None else ""
    if left is not None:
        yield from _beside(Span(f"{range_text(left)} left", "active"), past, width)
    elif page.run.running and page.is_slow(now):
        yield from _beside(Span("longer than nine in ten past runs", "warn"), past, width)
    times = page.times(now)
    for phase in page.slow_phases(now):
        usual = page.usual.phase(phase).usual
        if usual is not None:
            text = f" · usually {range_text(usual)}, nine in ten were faster"
            yield from _beside(Span(f"slow {phase}: {short_span(times[phase])}", "warn"), text, width)


def _beside(fact: Span, usual: str, width: int) -> Iterator[Line]:
    """Yield `fact` and, in the same line or the next one, the usual duration."""
    if not usual or cell_width(fact.text + usual) <= width:
        yield (fact, Span(usual, "dim"))
        return
    yield (fact,)
    yield (Span(f"  {usual.removeprefix(' · ')}", "dim"),)
