"""The watcher of a list of directories, which can be replaced while it is watched."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Sequence

from clawtui.live.watching.events import Generate, WatchEvents, WatchThread, watch_directories

ATTEMPTS = 100
"""Attempts to watch while directories are being removed; each attempt omits the removed ones."""
REFUSALS = 5
"""Attempts to watch while the kernel refuses: an earlier watcher may not have freed its watches yet."""

_START_TIMEOUT = 5.0
"""Seconds within which the kernel must have accepted the directories."""
_END_TIMEOUT = 0.3
"""Seconds to wait for the end of a thread, which needs several steps."""
_PAUSE = 0.01
"""Seconds between two attempts after a refusal."""


class Watcher:
    """A watcher of a list of directories, with at most one `WatchThread` at a time.

    Directories cannot be added to a running generator. A new one is started, then the old one ends. Between the two
    an event may be lost, so the caller must compare the files with the disk afterwards.
    """

    def __init__(self, wake: Callable[[], None] = lambda: None, generate: Generate = watch_directories) -> None:
        """Prepare to watch; `wake` is called on another thread whenever there is something to collect."""
        self._wake = wake
        self._generate = generate
        self._reports: deque[frozenset[str]] = deque()
        self._current: WatchThread | None = None
        self._retired: list[WatchThread] = []
        self.refusal: Exception | None = None
        """The reason why nothing could be watched at the last attempt."""

    @property
    def serving(self) -> bool:
        """Whether the directories are watched; it stays true after an unexpected end until `collect` reports it."""
        return self._current is not None

    @property
    def step(self) -> float | None:
        """Seconds between two steps of the running generator; None where there is none."""
        return self._current.step if self._current else None

    @property
    def has_events(self) -> bool:
        """Whether `collect` has something to return."""
        return bool(self._reports)

    def watch(self, directories: Sequence[str], step: float) -> WatchEvents:
        """Watch `directories`, and nothing else, from now on; return the last reports of the earlier generator.

        Directories that no longer exist, cannot be read or have a name that is not UTF-8 are omitted. If the kernel
        refuses, nothing is watched and `refusal` has the reason.

        Args:
            directories: absolute paths.
            step: seconds between two steps of watchfiles.

        Raises:
            Exception: an error of the generator that is neither OSError, RuntimeError nor ImportError.
        """
        lost = False
        refusals = 0
        readable = [directory for directory in directories if _is_utf_8(directory)]
        for _ in range(ATTEMPTS if readable else 0):
            thread = self._thread(readable, step)
            self.refusal = error = _start(thread)
            if error is None:
                self._replace(thread)
                return WatchEvents(self._drain(), lost)
            if not isinstance(error, FileNotFoundError | PermissionError):
                refusals += 1
                if refusals == REFUSALS or isinstance(error, ImportError):
                    break
                lost = lost or self.serving
                self._end()
                time.sleep(_PAUSE)
            readable = [path for path in readable if os.access(path, os.R_OK | os.X_OK, effective_ids=True)]
            if not readable:
                break
        paths = self._drain()
        self.close()
        return WatchEvents(paths, lost=True)

    def try_step(self, directories: Sequence[str], step: float) -> bool:
        """Watch the same directories with another step; if that fails, keep the old step and return False."""
        thread = self._thread([directory for directory in directories if _is_utf_8(directory)], step)
        if _start(thread) is not None:
            return False
        self._replace(thread)
        return True

    def collect(self) -> WatchEvents:
        """Return the reports since the last call, without waiting; `lost` if the generator ended unexpectedly."""
        paths = self._drain()
        if self._current is None or self._current.alive:
            return WatchEvents(paths)
        error = self._current.error
        self.close()
        if error is not None and not isinstance(error, OSError | RuntimeError):
            raise error
        return WatchEvents(paths, lost=True)

    def close(self) -> None:
        """Stop watching and drop the reports."""
        self._end()
        self._reports.clear()

    def _thread(self, directories: Sequence[str], step: float) -> WatchThread:
        return WatchThread(self._generate, directories, step, self._report)

    def _report(self, paths: frozenset[str]) -> None:
        self._reports.append(paths)
        self._wake()

    def _drain(self) -> frozenset[str]:
        paths: set[str] = set()
        while self._reports:
            paths |= self._reports.popleft()
        return frozenset(paths)

    def _replace(self, thread: WatchThread) -> None:
        """Replace the current thread by `thread`. The current one first reports all earlier changes."""
        self._retired = [old for old in self._retired if old.alive]
        if self._current is not None:
            self._current.retire()
            self._retired.append(self._current)
        self._current = thread

    def _end(self) -> None:
        """End all threads, which frees their watches in the kernel."""
        ending = [*self._retired, *([self._current] if self._current else [])]
        self._current, self._retired = None, []
        for thread in ending:
            thread.stop()
        for thread in ending:
            thread.join(_END_TIMEOUT)


def _start(thread: WatchThread) -> Exception | None:
    """Start `thread`; return the error if its directories are not watched, else None.

    Raises an error that is not a refusal of the kernel but a bug.
    """
    try:
        started = thread.start(_START_TIMEOUT)
    except RuntimeError as error:  # the system can start no thread
        return error
    if started:
        return None
    thread.stop()
    refusal = thread.error or TimeoutError("the directories could not be watched in time")
    if not isinstance(refusal, OSError | RuntimeError | ImportError):
        raise refusal
    return refusal


def _is_utf_8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
