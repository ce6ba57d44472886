"""All that is known of one run, gathered for whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from clawtui.model.runs.durations import DurationStats, Range
from clawtui.model.runs.log_summary import LogSummary
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Timeline


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run: its timeline, what its log tells, and how long such runs usually take."""

    run: Run
    timeline: Timeline = field(default_factory=Timeline)
    log_summary: LogSummary = field(default_factory=LogSummary)
    usual: DurationStats = field(default_factory=DurationStats)
    problem: str | None = None
    """Why its log cannot be read."""

    def elapsed(self, now: datetime) -> timedelta | None:
        """How long it has been going, or went."""
        return max(timedelta(0), now - self.run.started) if self.run.running else self.run.took

    def left(self, now: datetime) -> Range | None:
        """What is left of a run that is going; None where nothing can be claimed."""
        elapsed = self.elapsed(now)
        return (
            self.usual.left(elapsed, self.log_summary.phases, now) if self.run.running and elapsed is not None else None
        )

    def times(self, now: datetime) -> Mapping[str, timedelta]:
        """The time in each phase."""
        phases = self.log_summary.phases
        until = now if self.run.running else phases.last
        return phases.times(until) if until is not None else phases.spent

    def slow_phases(self, now: datetime) -> tuple[str, ...]:
        """The phases that took longer than nine in ten of the past ones."""
        return self.usual.slow(self.times(now))

    def is_slow(self, now: datetime) -> bool:
        """Whether the whole run takes longer than nine in ten of the past ones."""
        elapsed = self.elapsed(now)
        return elapsed is not None and self.usual.whole.is_exceeded_by(elapsed)
