"""Statistics of an automation's runs: durations, the rate of success, and the hours of the week at which they began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Final, NamedTuple

from msgspec import Struct, field

from clawtui.model.runs.durations import Spread
from clawtui.model.runs.judgement import BAD, RunState
from clawtui.model.runs.run import Run

_NO_ATTEMPT: Final[frozenset[RunState]] = frozenset({"cancelled", "skipped", "superseded", "unknown"})
"""The ends that do not show whether the automation works."""


class HourCount(NamedTuple):
    """The number of runs that began in an hour of the week."""

    runs: int = 0
    failed: int = 0


class RunStats(Struct, frozen=True):
    """Statistics of the runs of one automation."""

    completed: Spread = field(default_factory=Spread)
    """The durations of the runs that were completed."""
    succeeded: int = 0
    attempts: int = 0
    """How many runs ended, without those that were cancelled or skipped."""
    hours: Mapping[tuple[int, int], HourCount] = field(default_factory=dict)
    """By day of the week, from 0 for Monday, and hour."""

    @property
    def success_percentage(self) -> int | None:
        """How many of 100 runs succeeded, rounded down; None if there are no attempts."""
        return self.succeeded * 100 // self.attempts if self.attempts else None


def run_stats(runs: Sequence[Run], zone: tzinfo | None) -> RunStats:
    """Return the statistics of ``runs``, with the hours in ``zone``; None is the zone of the machine."""
    took = [run.took for run in runs if run.is_completed and run.took is not None]
    ended = [run.status for run in runs if not run.running and run.status is not None]
    attempts = [status for status in ended if status not in _NO_ATTEMPT]
    return RunStats(Spread.of(took), attempts.count("success"), len(attempts), _hours(runs, zone))


def _hours(runs: Iterable[Run], zone: tzinfo | None) -> Mapping[tuple[int, int], HourCount]:
    hours: dict[tuple[int, int], HourCount] = {}
    for run in runs:
        began = run.started.astimezone(zone)
        known = hours.get((began.weekday(), began.hour), HourCount())
        hours[began.weekday(), began.hour] = HourCount(known.runs + 1, known.failed + (run.status in BAD))
    return hours
