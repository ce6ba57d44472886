"""The phases that a run has come through, as its log tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple


class PhaseStart(NamedTuple):
    """A run came to a phase."""

    phase: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Phases:
    """How long a run has been in which phase; a run may come back to one, and then its times add up."""

    spent: Mapping[str, timedelta] = field(default_factory=dict)
    """The time in each phase up to when it came to the current one; in the order in which it first came to them."""
    first: Mapping[str, datetime] = field(default_factory=dict)
    """When it first came to each."""
    current: PhaseStart | None = None
    """The phase in which it is, or ended, and since when."""
    last: datetime | None = None
    """The time of the log's last entry."""

    @property
    def furthest(self) -> PhaseStart | None:
        """The last phase that was new to the run: it tells how far it is, where it goes back to earlier ones."""
        phase = next(reversed(tuple(self.first)), None)
        return None if phase is None else PhaseStart(phase, self.first[phase])

    def times(self, until: datetime) -> Mapping[str, timedelta]:
        """The time in each phase, the current one's ``until`` then."""
        if self.current is None:
            return self.spent
        phase, since = self.current
        here = self.spent.get(phase, timedelta(0)) + max(timedelta(0), until - since)
        return {**self.spent, phase: here}
