"""The phases of a run and the time that it spent in each, by its log."""

from __future__ import annotations

from collections.abc import Mapping
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
