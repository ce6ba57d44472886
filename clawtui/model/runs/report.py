"""All facts about one run for a pane or command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct, field

from clawtui.model.runs.durations import DurationStats, Range
from clawtui.model.runs.log_summary import CLOSING, LogSummary
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Timeline


class RunReport(Struct, frozen=True):
    """One run with its timeline, the summary of its log, and the durations of earlier runs."""

    run: Run
    timeline: Timeline = field(default_factory=Timeline)
    log_summary: LogSummary = field(default_factory=LogSummary)
    usual: DurationStats = field(default_factory=DurationStats)
    problem: str | None = None
    """Why its log cannot be read."""

    def elapsed(self, now: datetime) -> timedelta | None:
        """Return how long the run has taken so far, or took; None if unknown."""
        return max(timedelta(0), now - self.run.started) if self.run.running else self.run.took

    def left(self, now: datetime) -> Range | None:
        """Return the time left of a run that is going; None if it cannot be estimated, or it has reached its end."""
        if self.is_at_end:
            return None
        elapsed = self.elapsed(now)
        return (
            self.usual.left(elapsed, self.log_summary.phases, now) if self.run.running and elapsed is not None else None
        )

    @property
    def is_at_end(self) -> bool:
        """Whether it has reached 100 %, or a phase in which only its end is written."""
        last, current = self.timeline.steps[-1:], self.log_summary.phases.current
        reached = bool(last) and last[0].percentage is not None and last[0].percentage >= 100
        return reached or (current is not None and current.phase in CLOSING)

    def times(self, now: datetime) -> Mapping[str, timedelta]:
        """Return the time in each phase."""
        phases = self.log_summary.phases
        until = now if self.run.running else phases.last
        return phases.times(until) if until is not None else phases.spent

    def slow_phases(self, now: datetime) -> tuple[str, ...]:
        """Return the phases that took longer than in nine of ten earlier runs."""
        return self.usual.slow(self.times(now))

    def is_slow(self, now: datetime) -> bool:
        """Return whether the run takes longer than nine of ten earlier runs."""
        elapsed = self.elapsed(now)
        return elapsed is not None and self.usual.whole.is_exceeded_by(elapsed)
