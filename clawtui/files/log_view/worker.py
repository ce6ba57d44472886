"""A background thread for long jobs on a log. It works in slices, so that the event loop can handle keys in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from weakref import WeakSet

_SLICE = 0.03
"""Seconds of work after which the thread sleeps for ``_PAUSE`` seconds, so that other threads run."""
_PAUSE = 0.001
_NEWS = 0.05
"""Shortest time between two reports, in seconds; the first result and the end of a job are reported at once."""

Steps = Iterator[bool]
"""A job in small steps; each yields whether it found something that the operator may wait for."""


_LONGEST = 60.0
"""The longest time, in seconds, for which other work waits at once."""

_waited_for: WeakSet[Background] = WeakSet()
"""The workers whose most urgent job is one that the operator waits for."""


def wait_for_urgent_jobs(pause: Callable[[float], None] = time.sleep) -> None:
    """Wait until no log has a job that the operator waits for: two threads share one interpreter."""
    ends = time.monotonic() + _LONGEST
    while _waited_for and time.monotonic() < ends:
        pause(_PAUSE * 10)


class Background:
    """Runner of jobs on one thread, step by step, always the most urgent one; the thread ends with the last job.

    ``news`` is called on that thread when there are new results.
    """

    def __init__(
        self, news: Callable[[], None], clock: Callable[[], float] = time.monotonic, least_urgent: int = 3
    ) -> None:
        self._news = news
        self._clock = clock
        self._least_urgent = least_urgent
        self._jobs: dict[int, Steps] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._reported = 0.0
        self._found = False

    def begin(self, urgency: int, steps: Steps) -> None:
        """Start ``steps`` in place of the job with this urgency; 0 is the most urgent."""
        with self._lock:
            self._jobs[urgency] = steps
            self._take_note()
            self._found = False
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="log", daemon=True)
                with suppress(RuntimeError):  # the thread limit is reached: the next job tries again
                    thread.start()
                    self._thread = thread

    def drop(self, urgency: int) -> None:
        """Stop the job with this urgency."""
        with self._lock:
            self._jobs.pop(urgency, None)
            self._take_note()

    def is_doing(self, urgency: int) -> bool:
        """Return whether the job with this urgency is unfinished."""
        return urgency in self._jobs

    def stop(self) -> None:
        """Stop all jobs."""
        with self._lock:
            self._jobs.clear()
            self._take_note()

    def _run(self) -> None:
        began = self._clock()
        while (job := self._next_job()) is not None:
            urgency, steps = job
            found = next(steps, None)
            if found is None:
                self._end(urgency, steps)
            now = self._clock()
            if found is None or (found and not self._found) or now - self._reported > _NEWS:
                self._found = self._found or bool(found)
                self._reported = now
                self._news()
            if now - began > _SLICE:
                time.sleep(_PAUSE)
                began = self._clock()

    def _next_job(self) -> tuple[int, Steps] | None:
        with self._lock:
            if not self._jobs:
                self._thread = None
                return None
            urgency = min(self._jobs)
            return urgency, self._jobs[urgency]

    def _end(self, urgency: int, steps: Steps) -> None:
        with self._lock:
            if self._jobs.get(urgency) is steps:
                del self._jobs[urgency]
                self._take_note()

    def _take_note(self) -> None:
        """Record whether the operator waits for a job."""
        if min(self._jobs, default=self._least_urgent) < self._least_urgent:
            _waited_for.add(self)
        else:
            _waited_for.discard(self)
