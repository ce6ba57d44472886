"""How often the live model looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Pause(NamedTuple):
    """How long there is nothing to do, in seconds."""

    least: float
    """So long whatever the kernel tells: nobody reads faster."""
    most: float
    """So long where it tells nothing."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """All intervals in seconds."""

    step: float = 0.005
    """Between two questions to a watcher that can only be asked while things change; and between two portions."""
    rest: float = 0.075
    """The same while nothing does: a short step costs five times the CPU."""
    lively: float = 15.0
    """How long after a change the short step is kept."""
    gap: float = 0.05
    """At least this lies between two fleets: nobody reads faster. What follows a quiet time is shown at once."""
    root: float = 1.0
    """Between two looks at whether the root is still the same directory; the kernel tells of no renamed parent."""
    wait: float = 0.1
    """Between two looks for a root that is not there."""
    sweep: float = 4.0
    """Between two passes over everything while the kernel tells of changes."""
    poll: float = 0.5
    """The same where it does not."""
    mend: float = 0.075
    """Before a document that is malformed all of a sudden is looked at again."""
    first_slice: float = 0.08
    """How long is read before the first fleet is shown."""
    first_rest: float = 0.1
    """After the first fleet, before more is read: in that time it is painted, and both want the one interpreter."""
    slice: float = 0.1
    """How long is read before the next one is, while there is more to read."""
    retry: float = 30.0
    """Before the kernel is asked again after it could not serve."""
    recovery: float = 1.0
    """After a failure of our own, before all starts over."""


DEFAULT_INTERVALS = Intervals()
