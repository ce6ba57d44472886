"""A run on a time axis: a bar for each milestone, then a bar for each phase beside its usual duration.

All bars have one scale, and the length of a bar depends only on its duration: a longer bar is a longer time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from clawtui.model.runs.durations import Range, range_text
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.timeline import Step
from clawtui.model.text.units import short_span
from clawtui.tui.terminal.glyphs import BAR_FULL, BAR_GOES_ON, CURRENT, RUN_MARK
from clawtui.tui.widgets.charts import TimeScale, bar_text
from clawtui.tui.widgets.line import BLANK, Line, Role, Span, fit, spread

USUAL_BAND = "░"
AXIS_HEAD = 1
"""Lines above the first milestone: the ticks."""
_TICK_ROOM = 9
_TOOK = 7
_LEAST_TITLE, _MOST_TITLE = 16, 44


def axis_lines(steps: Sequence[Step], page: RunReport | None, now: datetime, width: int) -> list[Line]:
    """Return the milestones on a time axis with the longest one marked, then the phases; no lines without `steps`."""
    if not steps:
        return []
    layout = _Layout(width)
    began, end = steps[0].at, max(_end(step, now) for step in steps)
    usual = page.usual.whole.usual if page is not None else None
    times = page.times(now) if page is not None else {}
    shown_end = max(end, began + max(times.values(), default=timedelta(0)))
    if usual is not None and page is not None and page.run.running:
        shown_end = max(shown_end, began + usual.high)
    scale = TimeScale(began, max(shown_end, began + timedelta(seconds=1)), layout.room)
    lines = [layout.row(BLANK, "", "", _ticks(scale))]
    longest = max(steps, key=lambda step: _took(step, now))
    whole = max(end - began, timedelta(seconds=1))
    lines += [_step_line(step, step is longest and len(steps) > 1, scale, layout, now, whole) for step in steps]
    if usual is not None:
        lines.append(layout.row((Span("usually over", "dim"),), "", "", _band(BLANK, usual, scale)))
    if page is not None and times:
        lines += _phase_lines(page, times, now, scale, layout)
    return lines


class _Layout:
    """The widths of title, numbers and axis."""

    def __init__(self, width: int) -> None:
        self.title = max(_LEAST_TITLE, min(_MOST_TITLE, width * 3 // 10))
        self.room = max(10, width - self.title - _TOOK - 8)

    def row(self, title: Line, took: str, share: str, bar: Line, role: Role = "dim") -> Line:
        return (*fit(title, self.title), Span(f"{took:>{_TOOK}} {share:>4}  ", role), *fit(bar, self.room))


def _end(step: Step, now: datetime) -> datetime:
    return step.at + _took(step, now)


def _took(step: Step, now: datetime) -> timedelta:
    return max(timedelta(0), now - step.at) if step.current else step.took or timedelta(0)


def _step_line(step: Step, longest: bool, scale: TimeScale, layout: _Layout, now: datetime, whole: timedelta) -> Line:
    role: Role = "bad" if step.failed else "active" if step.current else "warn" if longest else "plain"
    mark = RUN_MARK["failed"] if step.failed else CURRENT if step.current else " "
    title: Line = (Span(f"{mark} ", role), Span(step.title, "strong" if step.current or longest else "plain"))
    took = _took(step, now)
    text = bar_text(scale.eighths(took))
    first = min(scale.column(step.at), scale.width - len(text))
    bar: Line = (Span(" " * first), Span(text, role))
    if longest:
        bar = _beside(bar, " longest", first, first + len(text), layout.room)
    known = step.current or step.took is not None
    share = f"{round(100 * took / whole)}%" if known else ""
    return layout.row(title, short_span(took) if known else "", share, bar)


def _beside(bar: Line, word: str, first: int, last: int, room: int) -> Line:
    """Return the bar with a word after it, else before it, else in it, depending on the room."""
    if last + len(word) <= room:
        return (*bar, Span(word, "warn"))
    if first >= len(word) + 1:
        return (Span(" " * (first - len(word))), Span(f"{word.strip()} ", "warn"), *bar[1:])
    if last - first >= len(word) + 3:
        return (bar[0], Span(f"{BAR_FULL}{word} {bar[1].text[len(word) + 2 :]}", bar[1].role))
    return bar


def _ticks(scale: TimeScale) -> Line:
    """Return ``0s   1m   2m``: times since the start."""
    row = ""
    for at in scale.ticks(_TICK_ROOM):
        column = scale.column(scale.start + at)
        label = "╵" + re.sub(r"(?<=[mh])00[sm]$", "", short_span(at))
        if column >= len(row) and column + len(label) <= scale.width:
            row += " " * (column - len(row)) + label
    return (Span(row, "dim"),)


def _phase_lines(
    page: RunReport, times: Mapping[str, timedelta], now: datetime, scale: TimeScale, layout: _Layout
) -> Iterator[Line]:
    """Yield a bar for the total time in each phase, from the start of the axis on, with the usual range shaded."""
    count = max((len(spread.spans) for spread in page.usual.phases.values()), default=0)
    known = {phase: page.usual.phase(phase).usual for phase in times}
    is_known = any(known.values())
    heading = f"against {count} past runs: usual {USUAL_BAND}" if is_known else "too few logs to say what is usual"
    yield BLANK
    title = spread((Span("Phases", "strong"),), (Span("usual " if is_known else "", "dim"),), layout.title)
    yield layout.row(title, "", "", (Span(heading, "dim"),))
    slow = page.slow_phases(now)
    reached = page.log_summary.phases.current
    for phase, took in times.items():
        current = page.run.running and reached is not None and reached.phase == phase
        role: Role = "warn" if phase in slow else "active" if current else "plain"
        usual = known[phase]
        name: Line = (Span(f"{CURRENT if current else ' '} ", "active"), Span(phase))
        text = f" {range_text(usual)} " if usual is not None else ""
        title = spread(name, (Span(text, "dim"),), layout.title)
        bar = _band((Span(bar_text(scale.eighths(took)), role),), usual, scale)
        word = "slow" if phase in slow else ""
        yield layout.row(title, short_span(took), word, bar, "warn" if word else "dim")


def _band(bar: Line, usual: Range | None, scale: TimeScale) -> Line:
    """Return the bar with the usual range after it, as far as that is longer; an arrow where the axis ends before."""
    if usual is None:
        return bar
    done = sum(len(span.text) for span in bar)
    low, high = scale.eighths(usual.low) // 8, -(-scale.eighths(usual.high) // 8)
    is_cut = usual.high > scale.end - scale.start
    band_end = max(done, min(high, scale.width) - is_cut)
    gap = max(0, min(low, band_end) - done)
    band = (*bar, Span(" " * gap), Span(USUAL_BAND * (band_end - done - gap), "dim"))
    return (*band, Span(BAR_GOES_ON, "dim")) if is_cut and band_end < scale.width else band
