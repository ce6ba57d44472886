"""A run on a time axis: a bar for each milestone, then a bar for each phase beside its usual duration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from clawtui.model.runs.durations import Range, range_text
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.timeline import Step
from clawtui.model.text.units import short_span
from clawtui.tui.terminal.glyphs import BAR_DONE, CURRENT, RUN_MARK
from clawtui.tui.widgets.charts import TimeScale
from clawtui.tui.widgets.line import BLANK, Line, Role, Span, fit

USUAL_BAND = "░"
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
    shown_end = max(end, began + usual.high) if usual is not None and page is not None and page.run.running else end
    scale = TimeScale(began, max(shown_end, began + timedelta(seconds=1)), layout.room)
    lines = [layout.row(BLANK, "", "", _ticks(scale))]
    longest = max(steps, key=lambda step: step.took or timedelta(0))
    whole = max(end - began, timedelta(seconds=1))
    lines += [_step_line(step, step is longest and len(steps) > 1, scale, layout, now, whole) for step in steps]
    if usual is not None:
        first, last = scale.stretch(began + usual.low, began + usual.high)
        band = (Span(" " * first), Span(USUAL_BAND * (last - first), "dim"))
        lines.append(layout.row((Span("usually over", "dim"),), "", "", band))
    if page is not None:
        lines += _phase_lines(page, now, layout)
    return lines


class _Layout:
    """The widths of title, numbers and axis."""

    def __init__(self, width: int) -> None:
        self.title = max(_LEAST_TITLE, min(_MOST_TITLE, width * 3 // 10))
        self.room = max(10, width - self.title - _TOOK - 8)

    def row(self, title: Line, took: str, share: str, bar: Line) -> Line:
        return (*fit(title, self.title), Span(f"{took:>{_TOOK}} {share:>4}  ", "dim"), *fit(bar, self.room))


def _end(step: Step, now: datetime) -> datetime:
    return now if step.current else step.at + (step.took or timedelta(0))


def _step_line(step: Step, longest: bool, scale: TimeScale, layout: _Layout, now: datetime, whole: timedelta) -> Line:
    first, last = scale.stretch(step.at, _end(step, now))
    role: Role = "bad" if step.failed else "active" if step.current else "warn" if longest else "plain"
    mark = RUN_MARK["failed"] if step.failed else CURRENT if step.current else " "
    title: Line = (Span(f"{mark} ", role), Span(step.title, "strong" if step.current or longest else "plain"))
    took = now - step.at if step.current else step.took
    bar: Line = (Span(" " * first), Span(BAR_DONE * (last - first), role))
    if longest:
        bar = _beside(bar, " longest", first, last, layout.room)
    share = "" if took is None else f"{round(100 * took / whole)}%"
    return layout.row(title, "" if took is None else short_span(took), share, bar)


def _beside(bar: Line, word: str, first: int, last: int, room: int) -> Line:
    """Return the bar with a word after it, else before it, else in it, depending on the room."""
    if last + len(word) <= room:
        return (*bar, Span(word, "warn"))
    if first >= len(word) + 1:
        return (Span(" " * (first - len(word))), Span(f"{word.strip()} ", "warn"), *bar[1:])
    if last - first >= len(word) + 3:
        rest = last - first - len(word) - 2
        return (bar[0], Span(f"{BAR_DONE}{word} {BAR_DONE * rest}", bar[1].role))
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


def _phase_lines(page: RunReport, now: datetime, layout: _Layout) -> Iterator[Line]:
    """Yield a bar for the total time in each phase, from zero on, with the usual range shaded."""
    times = page.times(now)
    if not times:
        return
    count = max((len(spread.spans) for spread in page.usual.phases.values()), default=0)
    known = {phase: page.usual.phase(phase).usual for phase in times}
    heading = (
        f"against {count} past runs: usual {USUAL_BAND}" if any(known.values()) else "too few logs to say what is usual"
    )
    yield BLANK
    yield layout.row((Span("Phases", "strong"),), "", "", (Span(heading, "dim"),))
    spans = [*times.values(), *(usual.high for usual in known.values() if usual is not None)]
    longest = max(max(spans), timedelta(seconds=1))
    room = max(4, layout.room - 26)
    for phase, took in times.items():
        slow = page.usual.phase(phase).is_exceeded_by(took)
        current = (
            page.run.running
            and page.log_summary.phases.current is not None
            and page.log_summary.phases.current.phase == phase
        )
        role: Role = "warn" if slow else "active" if current else "plain"
        bar = _against(took, known[phase], longest, room, role)
        title: Line = (Span(f"{CURRENT if current else ' '} ", "active"), Span(phase))
        yield layout.row(title, short_span(took), "", (*bar, *_verdict(known[phase], slow)))


def _against(took: timedelta, usual: Range | None, longest: timedelta, room: int, role: Role) -> Line:
    done = max(1, round(took / longest * room))
    if usual is None:
        return (Span(BAR_DONE * done, role), Span(" " * (room - done)))
    low, high = round(usual.low / longest * room), max(1, round(usual.high / longest * room))
    gap, band = max(0, low - done), max(0, high - max(low, done))
    rest = room - done - gap - band
    return (Span(BAR_DONE * done, role), Span(" " * gap), Span(USUAL_BAND * band, "dim"), Span(" " * max(0, rest)))


def _verdict(usual: Range | None, slow: bool) -> Line:
    if usual is None:
        return BLANK
    text = range_text(usual)
    return (Span(f" slow, usually {text}", "warn"),) if slow else (Span(f" usually {text}", "dim"),)
