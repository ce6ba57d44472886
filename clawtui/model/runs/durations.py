"""How long something usually takes, and so how much of it is left: ranges, and only where enough is known."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from clawtui.model.runs.phases import Phases

ENOUGH = 3
"""Past times that make a usual one; of fewer nothing is claimed."""

_SLOW_TENTHS = 9


class Range(NamedTuple):
    """From ``low`` to ``high``: the middle half of what is known."""

    low: timedelta
    high: timedelta


@dataclass(frozen=True, slots=True)
class Spread:
    """How long one thing took, each time that it was done."""

    spans: tuple[timedelta, ...] = ()
    """From the shortest to the longest."""

    @staticmethod
    def of(spans: Iterable[timedelta]) -> Spread:
        """The spread of ``spans``, which come in any order."""
        return Spread(tuple(sorted(spans)))

    @property
    def usual(self) -> Range | None:
        """The middle half; None where too few are known."""
        return _middle(self.spans) if len(self.spans) >= ENOUGH else None

    @property
    def median(self) -> timedelta | None:
        """What half of them took less than; None where too few are known."""
        return _quantile(self.spans, 2) if len(self.spans) >= ENOUGH else None

    def is_exceeded_by(self, span: timedelta) -> bool:
        """Whether ``span`` is longer than nine in ten; never where too few are known."""
        count = len(self.spans)
        return count >= ENOUGH and bisect_left(self.spans, span) * 10 >= count * _SLOW_TENTHS

    def left(self, elapsed: timedelta) -> Range | None:
        """What is left after ``elapsed``: what was left then of those that took longer.

        None where too few took longer. As time goes by, the end that follows from it never comes earlier.
        """
        longer = self.spans[bisect_right(self.spans, elapsed) :]
        if len(longer) < ENOUGH:
            return None
        low, high = _middle(longer)
        return Range(low - elapsed, high - elapsed)


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that went through to its end."""

    took: timedelta
    phases: Phases | None = None
    """What its log tells; None where that is gone, or is another's too."""


@dataclass(frozen=True, slots=True)
class DurationStats:
    """How long an automation's runs and their phases take."""

    whole: Spread = Spread()
    phases: Mapping[str, Spread] = field(default_factory=dict)
    """All the time that a run spends in a phase, by phase."""
    rest: Mapping[str, Spread] = field(default_factory=dict)
    """From where a run first comes to a phase to its end, by phase."""

    def left(self, elapsed: timedelta, phases: Phases | None = None, now: datetime | None = None) -> Range | None:
        """What is left of a run after ``elapsed``; more exactly where it is known how far its ``phases`` are.

        None where nothing can be claimed, as for a run that takes longer than nearly all before it.
        """
        furthest = phases.furthest if phases is not None else None
        if furthest is None or now is None:
            return self.whole.left(elapsed)
        rest = self.rest.get(furthest.phase, Spread())
        if len(rest.spans) < ENOUGH:
            return self.whole.left(elapsed)
        return rest.left(max(timedelta(0), now - furthest.at))

    def slow(self, times: Mapping[str, timedelta]) -> tuple[str, ...]:
        """The phases that took longer than nine in ten of the past ones."""
        return tuple(phase for phase, took in times.items() if self.phase(phase).is_exceeded_by(took))

    def phase(self, phase: str) -> Spread:
        """What is known of one phase."""
        return self.phases.get(phase, Spread())


def duration_stats_of(runs: Iterable[PastRun]) -> DurationStats:
    """What follows from past runs, of which those whose log is gone still tell how long they took."""
    whole: list[timedelta] = []
    phases: dict[str, list[timedelta]] = {}
    rest: dict[str, list[timedelta]] = {}
    for run in runs:
        whole.append(run.took)
        if run.phases is None or run.phases.last is None:
            continue
        end = run.phases.last
        for phase, took in run.phases.times(end).items():
            phases.setdefault(phase, []).append(took)
        for phase, at in run.phases.first.items():
            rest.setdefault(phase, []).append(max(timedelta(0), end - at))
    return DurationStats(Spread.of(whole), _spreads(phases), _spreads(rest))


def range_text(spread: Range) -> str:
    """``2–4m``, ``40s–2m``, ``up to 3m``, ``about 5m``: no more exact than it is."""
    low, high = _rounded(spread.low), _rounded(spread.high)
    if high == low:
        return f"about {high[0]}{high[1]}"
    if low[0] == 0:
        return f"up to {high[0]}{high[1]}"
    return f"{low[0]}–{high[0]}{high[1]}" if low[1] == high[1] else f"{low[0]}{low[1]}–{high[0]}{high[1]}"


def _rounded(span: timedelta) -> tuple[int, str]:
    """In one unit: fives of seconds below a minute, minutes below two hours, hours below two days, then days."""
    seconds = max(0.0, span.total_seconds())
    if seconds < 57.5:
        return round(seconds / 5) * 5, "s"
    for limit, size, unit in ((7200, 60, "m"), (172_800, 3600, "h")):
        if seconds < limit:
            return round(seconds / size), unit
    return round(seconds / 86400), "d"


def _spreads(spans: Mapping[str, Sequence[timedelta]]) -> Mapping[str, Spread]:
    return {phase: Spread.of(of_phase) for phase, of_phase in spans.items()}


def _middle(spans: Sequence[timedelta]) -> Range:
    return Range(_quantile(spans, 1), _quantile(spans, 3))


def _quantile(spans: Sequence[timedelta], quarter: int) -> timedelta:
    """The quartile, with a straight line between two neighbours."""
    position, part = divmod(quarter * (len(spans) - 1), 4)
    below = spans[position]
    return below if part == 0 else below + (spans[position + 1] - below) * part / 4
