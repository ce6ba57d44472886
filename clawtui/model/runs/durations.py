"""Durations of runs and of their phases, and estimates of the time left: ranges, and only if enough runs are known."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import Struct, field


class PhaseStart(NamedTuple):
    """A phase and the time at which a run entered it."""

    phase: str
    at: datetime


class Phases(Struct, frozen=True):
    """The time that a run spent in each phase; the times of a phase that it enters again add up."""

    spent: Mapping[str, timedelta] = field(default_factory=dict)
    """The time in each phase, without that since ``current`` was last entered; in the order of the first entries."""
    first: Mapping[str, datetime] = field(default_factory=dict)
    """When each phase was first entered."""
    current: PhaseStart | None = None
    """The current or last phase, and when it was last entered."""
    last: datetime | None = None
    """The time of the log's last entry."""

    @property
    def furthest(self) -> PhaseStart | None:
        """The phase whose first entry is the latest: the progress of a run that goes back to earlier phases."""
        phase = next(reversed(tuple(self.first)), None)
        return None if phase is None else PhaseStart(phase, self.first[phase])

    def times(self, until: datetime) -> Mapping[str, timedelta]:
        """Return the time in each phase, with the current one counted to ``until``."""
        if self.current is None:
            return self.spent
        phase, since = self.current
        here = self.spent.get(phase, timedelta(0)) + max(timedelta(0), until - since)
        return {**self.spent, phase: here}


ENOUGH = 3
"""How many durations are needed for an estimate."""

_SLOW_TENTHS = 9


class Range(NamedTuple):
    """The range from the first to the third quartile."""

    low: timedelta
    high: timedelta


class Spread(Struct, frozen=True):
    """The known durations of a run or a phase."""

    spans: tuple[timedelta, ...] = ()
    """Sorted, the shortest first."""

    @staticmethod
    def of(spans: Iterable[timedelta]) -> Spread:
        """Return the spread of ``spans``, in any order."""
        return Spread(tuple(sorted(spans)))

    @property
    def usual(self) -> Range | None:
        """The middle half; None if there are fewer than `ENOUGH`."""
        return _middle(self.spans) if len(self.spans) >= ENOUGH else None

    @property
    def median(self) -> timedelta | None:
        """The median; None if there are fewer than `ENOUGH`."""
        return _quantile(self.spans, 2) if len(self.spans) >= ENOUGH else None

    @property
    def nine_in_ten(self) -> Range | None:
        """The range without the shortest and the longest twentieth; None if there are fewer than `ENOUGH`."""
        return Range(_at(self.spans, 1, 20), _at(self.spans, 19, 20)) if len(self.spans) >= ENOUGH else None

    def is_exceeded_by(self, span: timedelta) -> bool:
        """Return whether ``span`` is longer than nine of ten; False if there are fewer than `ENOUGH`."""
        count = len(self.spans)
        return count >= ENOUGH and bisect_left(self.spans, span) * 10 >= count * _SLOW_TENTHS

    def left(self, elapsed: timedelta) -> Range | None:
        """Return the time left after ``elapsed``, from the runs that took longer than that.

        None if fewer than `ENOUGH` took longer. The estimated end never becomes earlier as time passes.
        """
        longer = self.spans[bisect_right(self.spans, elapsed) :]
        if len(longer) < ENOUGH:
            return None
        low, high = _middle(longer)
        return Range(low - elapsed, high - elapsed)


class PastRun(Struct, frozen=True):
    """An earlier run that was completed."""

    took: timedelta
    phases: Phases | None = None
    """From its log; None if the log is gone or shared with other runs."""


class DurationStats(Struct, frozen=True):
    """The durations of an automation's runs and of their phases."""

    whole: Spread = Spread()
    phases: Mapping[str, Spread] = field(default_factory=dict)
    """By phase: the whole time that a run spends in it."""
    rest: Mapping[str, Spread] = field(default_factory=dict)
    """By phase: the time from the first entry into it to the end of the run."""
    after: Mapping[str, Spread] = field(default_factory=dict)
    """By phase: the time from the first entry into it to the end of the run, without the time in the phase itself."""

    def left(self, elapsed: timedelta, phases: Phases | None = None, now: datetime | None = None) -> Range | None:
        """Return the time left of a run after ``elapsed``, from the phase that it has reached if ``phases`` are known.

        None if it cannot be estimated, as for a run that takes longer than nearly all earlier ones.
        """
        furthest = phases.furthest if phases is not None else None
        if furthest is None or now is None:
            return self.whole.left(elapsed)
        rest = self.rest.get(furthest.phase, Spread())
        if len(rest.spans) < ENOUGH:
            return self.whole.left(elapsed)
        left = rest.left(max(timedelta(0), now - furthest.at))
        is_in_it = phases is not None and phases.current is not None and phases.current.phase == furthest.phase
        return _no_less_than(left, self.after.get(furthest.phase)) if is_in_it else left

    def slow(self, times: Mapping[str, timedelta]) -> tuple[str, ...]:
        """Return the phases that took longer than in nine of ten earlier runs."""
        return tuple(phase for phase, took in times.items() if self.phase(phase).is_exceeded_by(took))

    def phase(self, phase: str) -> Spread:
        """Return the durations of one phase."""
        return self.phases.get(phase, Spread())


def duration_stats_of(runs: Iterable[PastRun]) -> DurationStats:
    """Return the statistics of earlier runs; those without a log count for the whole duration only."""
    whole: list[timedelta] = []
    phases: dict[str, list[timedelta]] = {}
    rest: dict[str, list[timedelta]] = {}
    after: dict[str, list[timedelta]] = {}
    for run in runs:
        whole.append(run.took)
        if run.phases is None or run.phases.last is None:
            continue
        end = run.phases.last
        times = run.phases.times(end)
        for phase, took in times.items():
            phases.setdefault(phase, []).append(took)
        for phase, at in run.phases.first.items():
            rest.setdefault(phase, []).append(max(timedelta(0), end - at))
            to_come = end - at - times.get(phase, timedelta(0))
            after.setdefault(phase, []).append(max(timedelta(0), to_come))
    return DurationStats(Spread.of(whole), _spreads(phases), _spreads(rest), _spreads(after))


def _no_less_than(left: Range | None, after: Spread | None) -> Range | None:
    """Return the time left, which is never less than that of the phases still to come.

    A run that takes longer in a phase than any before it has at least those before it.
    """
    to_come = after.usual if after is not None else None
    if to_come is None or to_come.high <= timedelta(0):
        return left
    if left is None:
        return to_come
    return Range(max(left.low, to_come.low), max(left.high, to_come.high))


def range_text(spread: Range) -> str:
    """Return a range as text: ``2–4m``, ``40s–2m``, ``up to 3m`` or ``about 5m``."""
    low, high = _rounded(spread.low), _rounded(spread.high)
    if high == low:
        return f"about {high[0]}{high[1]}"
    if low[0] == 0:
        return f"up to {high[0]}{high[1]}"
    return f"{low[0]}–{high[0]}{high[1]}" if low[1] == high[1] else f"{low[0]}{low[1]}–{high[0]}{high[1]}"


def _rounded(span: timedelta) -> tuple[int, str]:
    """Return a span in its unit, rounded to 5 s below a minute, minutes below 2 h, hours below 2 days, else days."""
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
    return _at(spans, quarter, 4)


def _at(spans: Sequence[timedelta], part: int, parts: int) -> timedelta:
    """Return the value that ``part`` of ``parts`` are below, interpolated linearly between two neighbours."""
    position, rest = divmod(part * (len(spans) - 1), parts)
    below = spans[position]
    return below if rest == 0 else below + (spans[position + 1] - below) * rest / parts
