"""The round-trip time to another host, and the difference of its clock, from pings and their answers."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from math import floor, log10
from typing import Final, NamedTuple

_KEPT: Final = 8
"""Answers of which the fastest tells the difference: the less time passed, the less it can be wrong."""
_NOTABLE: Final = 1.5
"""The least factor by which the usual time must have changed to be shown: what is on the screen must not flicker."""
_PRECISION: Final = 0.5
"""Seconds by which a difference must have changed to be taken: the age of a thing must not flicker."""


class _Answer(NamedTuple):
    seconds: float
    difference: float


class RoundTrips:
    """The measured round trips of one source."""

    def __init__(self) -> None:
        self._sent: dict[int, float] = {}
        self._answers: deque[_Answer] = deque(maxlen=_KEPT)
        self._last_id = 0
        self._shown: float | None = None
        """The usual time that was shown last, in seconds."""
        self.difference = timedelta(0)
        """How far the other clock is ahead, to half a second."""

    def begin(self, now: float) -> int:
        """Return the id of a ping that is sent at ``now``, by a clock that never goes back."""
        self._last_id += 1
        self._sent = {self._last_id: now}
        return self._last_id

    def end(self, id: int, now: float, there: float, here: datetime) -> None:
        """Take the answer to a ping: it came at ``now``, with the time ``there``, when it was ``here``."""
        sent = self._sent.pop(id, None)
        if sent is None:
            return
        seconds = max(0.0, now - sent)
        self._answers.append(_Answer(seconds, there - (here.timestamp() - seconds / 2)))
        best = min(self._answers)
        if abs(best.difference - self.difference.total_seconds()) > _PRECISION + best.seconds / 2:
            self.difference = timedelta(seconds=best.difference)

    def forget(self) -> None:
        """Begin again: the connection is another one. The difference stays until it is measured."""
        self._sent.clear()
        self._answers.clear()
        self._shown = None

    @property
    def shown(self) -> timedelta | None:
        """The usual round-trip time, rounded to one digit; None until one was measured."""
        if not self._answers:
            return None
        usual = max(0.001, sorted(answer.seconds for answer in self._answers)[len(self._answers) // 2])
        if self._shown is None or not 1 / _NOTABLE < usual / self._shown < _NOTABLE:
            self._shown = usual
        milliseconds = self._shown * 1000
        digit = 10 ** floor(log10(milliseconds))
        return timedelta(milliseconds=round(milliseconds / digit) * digit)
