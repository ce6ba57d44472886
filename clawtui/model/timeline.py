"""A run's milestones with their durations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clawtui.model.progress import Milestone


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone and the time until the next."""

    at: datetime
    title: str
    percentage: int | float
    took: timedelta | None
    """None for the last one of a run that is over: nothing says when it ended."""
    current: bool


def steps(
    timeline: Sequence[Milestone], now: datetime, running: bool, ended: datetime | None = None
) -> tuple[Step, ...]:
    """The milestones in their order; the last one lasts until ``now`` while the run is going, else until ``ended``."""
    result = []
    for position, milestone in enumerate(timeline):
        last = position == len(timeline) - 1
        until = (now if running else ended) if last else timeline[position + 1].timestamp
        took = None if until is None else max(timedelta(0), until - milestone.timestamp)
        result.append(Step(milestone.timestamp, milestone.milestone, milestone.percentage, took, last and running))
    return tuple(result)
