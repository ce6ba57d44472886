"""A background thread for long jobs on a log. It works in slices, so that the event loop can handle keys in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

_SLICE = 0.03
"""Seconds of work after which the thread sleeps for ``_BREATH`` seconds, so that other threads run."""
_BREATH = 0.001
_NEWS = 0.05
"""Shortest time between two reports, in seconds; the first result and the end of a job are reported at once."""

Steps = Iterator[bool]
"""A job in small steps; each yields whether it found something that the operator may wait for."""


class Background:
    """Runner of jobs on one thread, step by step, always the most urgent one; the thread ends with the last job.

    ``news`` is called on that thread when there are new results.
    """

    def __init__(self, news: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._news = news
        self._clock = clock
        self._jobs: dict[int, Steps] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._told = 0.0
        self._found = False

    def begin(self, urgency: int, steps: Steps) -> None:
        """Start ``steps`` in place of the job with this urgency; 0 is the most urgent."""
        with self._lock:
            self._jobs[urgency] = steps
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

    def is_doing(self, urgency: int) -> bool:
        """Return whether the job with this urgency is unfinished."""
        return urgency in self._jobs

    def stop(self) -> None:
        """Stop all jobs."""
        with self._lock:
            self._jobs.clear()

    def _run(self) -> None:
        began = self._clock()
        while (job := self._next_job()) is not None:
            urgency, steps = job
            found = next(steps, None)
            if found is None:
                self._end(urgency, steps)
            now = self._clock()
            if found is None or (found and not self._found) or now - self._told > _NEWS:
                self._found = self._found or bool(found)
                self._told = now
                self._news()
            if now - began > _SLICE:
                time.sleep(_BREATH)
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
