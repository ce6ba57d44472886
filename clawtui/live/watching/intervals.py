"""The periods of the live layer, in seconds."""

from __future__ import annotations

import math
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

_WATCHED_CLOSELY = 4
"""The largest number of roots in one process that all get the intervals of a single root."""
_LONGEST_FACTOR = 5.0
"""The largest factor on the intervals of each of many roots."""


class Pause(NamedTuple):
    """The shortest and the longest wait before the next iteration, in seconds."""

    least: float
    """Wait this long even if the kernel reports changes."""
    most: float
    """Wait this long if it reports none."""


class Intervals(Struct, frozen=True):
    """All intervals, in seconds."""

    step: float = 0.003
    """Between two steps of watchfiles while changes go on, and between two portions of a pass."""
    silence: float = 0.015
    """Between two steps of watchfiles during a run that writes nothing. It costs a third of the CPU of `step`."""
    rest: float = 0.034
    """The same while nothing changes: it costs a seventh of the CPU of `step`. A change is seen after two steps."""
    burst: float = 2.0
    """How long changes must go on before the short step is used, because each change of the step costs a new generator
    and a whole pass."""
    lively: float = 15.0
    """How long after a change the short step is kept."""
    running: float = 600.0
    """How long after a change the step `silence` is kept while a run is in progress."""
    gap: float = 0.05
    """The shortest time between two fleets: a person reads no faster. The first one after a pause is shown at once."""
    steady_gap: float = 0.1
    """The same while changes come without a pause, as from a run that logs: each fleet costs a frame."""
    root: float = 1.0
    """Between two checks that the root is still the same directory: the kernel reports no renamed parent."""
    missing: float = 0.1
    """Between two checks for a root that does not exist."""
    reconcile: float = 4.0
    """Between two comparisons of everything while the kernel reports changes."""
    poll: float = 0.5
    """The same while it does not."""
    reread: float = 0.075
    """Before a document that has become malformed is read again."""
    first_slice: float = 0.24
    """How long to read at most before the first fleet is shown; it has one page of automations."""
    first_rest: float = 0.1
    """Pause after the first fleet in which it is drawn, because drawing and reading share one interpreter."""
    slice: float = 0.2
    """How long to read before the next fleet is shown, while there is more to read."""
    stuck: float = 2.0
    """How long one iteration may last before it is reported as stuck; usually it ends after about `slice`."""
    retry: float = 30.0
    """Before the next attempt to watch after the kernel refused."""
    recovery: float = 1.0
    """After an internal failure, before watching restarts."""

    def for_one_of(self, count: int) -> Intervals:
        """Return the intervals for one of `count` roots that one process watches.

        While nothing changes, each root costs 0.2 % of a CPU for the steps of watchfiles and regular checks. Each of
        many roots is checked less often, so the first change after a pause is seen later.
        """
        factor = min(max(1.0, count / _WATCHED_CLOSELY), _LONGEST_FACTOR)
        return replace(
            self,
            silence=self.silence * factor,
            rest=self.rest * factor,
            root=self.root * factor,
            stuck=self.stuck * factor,
        )


DEFAULT_INTERVALS = Intervals()
WITHOUT_FRAME = replace(DEFAULT_INTERVALS, first_rest=0.0)
"""The intervals where no frame is drawn meanwhile."""


class StepChooser:
    """The choice of the step of watchfiles: short while changes go on, longer during a run that writes nothing, long
    otherwise.

    A single change, or several at once, leave the step as it is. So does a pause shorter than `Intervals.lively`: the
    step does not alternate. A run that died without a final state keeps the step from being the long one for
    `Intervals.running` at most.
    """

    def __init__(self, intervals: Intervals, now: float) -> None:
        """Begin at `now` with the short step."""
        self._intervals = intervals
        self._burst_at = self._changed_at = self._retry_at = now
        self._short_until = now + intervals.lively
        self.running = False
        """Whether a run is in progress."""

    def note_change(self, now: float) -> None:
        """Record a change at `now`."""
        if now - self._changed_at >= self._intervals.lively:
            self._burst_at = now
        if now - self._burst_at >= self._intervals.burst:
            self._short_until = now + self._intervals.lively
        self._changed_at = now

    def note_failure(self, now: float) -> None:
        """Record that the step could not be changed at `now`: try again after the interval for recovery."""
        self._retry_at = now + self._intervals.recovery

    def step(self, now: float) -> float:
        """Return the step to use now, in seconds."""
        if now < self._short_until:
            return self._intervals.step
        return self._intervals.silence if now < self._rests_at else self._intervals.rest

    def due(self, current: float, now: float) -> float:
        """Return when the step `current` is to be replaced, if there is no change until then."""
        if current != self.step(now):
            return self._retry_at
        if now < self._short_until:
            return self._short_until
        return self._rests_at if now < self._rests_at else math.inf

    @property
    def _rests_at(self) -> float:
        """When the long step is due unless there is a change."""
        return self._changed_at + self._intervals.running if self.running else self._short_until
