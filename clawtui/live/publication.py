"""The publication of fleets, with a watchdog that reports when the reading thread hangs in the file system."""

from __future__ import annotations

import threading
from collections.abc import Callable

from msgspec.structs import replace

from clawtui.live.source import Publish
from clawtui.model.documents.base import Problem
from clawtui.model.fleet import Fleet

_SECONDS = (1, 2, 3, 5, 8, 12, 20, 30, 45, 60)
"""The durations that the message reports. After the last one it is renewed once a minute, to limit the messages."""


class Publication:
    """Publisher of fleets that measures how long the reading thread has worked on the next one.

    A call of the file system can hang for ever, on a mount whose server is gone. The reading thread cannot report that
    itself: the watchdog publishes the last fleet again, with a mark that reading is stuck.
    """

    def __init__(self, root: str, patience: float) -> None:
        """Prepare for `root`; the watchdog reports work that has lasted for `patience` seconds."""
        self._root = root
        self._patience = patience
        self._lock = threading.RLock()
        self._publish: Publish = _discard
        self._published: tuple[Fleet, Problem | None] | None = None
        self._turns = 0
        self._working = False
        self._where: Callable[[], str] = str
        self._ended = threading.Event()
        self._watchdog = threading.Thread(target=self._watch, name="live-watchdog", daemon=True)

    @property
    def last(self) -> Fleet | None:
        """The last fleet, without the problem that was added to it."""
        return self._published[0] if self._published else None

    def has_more_than(self, fleet: Fleet) -> bool:
        """Return whether the last fleet has more automations, workspaces or locks than `fleet`."""
        last = self.last
        if last is None or fleet is last:
            return False
        parts = ((fleet.automations, last.automations), (fleet.workspaces, last.workspaces), (fleet.locks, last.locks))
        return any(len(now) < len(before) for now, before in parts)

    def start(self, publish: Publish, where: Callable[[], str]) -> None:
        """Publish with `publish` from now on; `where` returns the path that is being read."""
        self._publish, self._where = publish, where
        self._watchdog.start()

    def stop(self) -> None:
        """Publish nothing from now on; wait up to a second for a publication in progress on another thread."""
        self._ended.set()
        if self._lock.acquire(timeout=1.0):
            self._lock.release()

    def begin_work(self) -> None:
        """Record that the thread begins to read."""
        self._turns += 1
        self._working = True

    def end_work(self) -> None:
        """Record that the thread has nothing to do."""
        self._working = False

    def show(self, fleet: Fleet, problem: Problem | None) -> None:
        """Publish the fleet, with `problem` added, unless both are unchanged. This also ends the work."""
        with self._lock:
            self.end_work()
            if self._published and self._published[0] is fleet and self._published[1] == problem:
                return
            self._put(fleet, problem)

    def _put(self, fleet: Fleet, problem: Problem | None) -> None:
        self._published = (fleet, problem)
        if not self._ended.is_set():
            self._publish(replace(fleet, problems={**fleet.problems, problem.path: problem}) if problem else fleet)

    def _watch(self) -> None:
        """Count the periods of one iteration. A clock would also count the time while the process was stopped."""
        turn, periods = 0, 0
        while not self._ended.wait(self._patience / 2):
            with self._lock:
                periods = periods + 1 if self._working and self._turns == turn else 0
                turn = self._turns
                if periods >= 2 and not self._ended.is_set():
                    self._report(periods * self._patience / 2)

    def _report(self, seconds: float) -> None:
        fleet, before = self._published or (Fleet(self._root), None)
        rounded = _rounded(seconds)
        problem = Problem("", f"reading is stuck for {rounded} s at {self._where()}; what is shown is of before that")
        if not fleet.loaded:
            problem = Problem("", f"still reading, for {rounded} s, at {self._where()}")
        if before == problem:
            return
        self._published = (fleet, problem)
        self._publish(replace(fleet, watch="stuck", problems={**fleet.problems, "": problem}))


def _rounded(seconds: float) -> int:
    if seconds >= _SECONDS[-1]:
        return int(seconds // 60) * 60
    return max((number for number in _SECONDS if number <= seconds), default=1)


def _discard(fleet: Fleet) -> None:
    """Drop the fleet: `start` has not set a receiver yet."""
