"""The thread that runs `watchfiles.watch` and reports the paths that it yields."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

DEBOUNCE = 20
"""The longest time in milliseconds for which watchfiles collects a series of changes before it yields them."""

_NEVER = 24 * 3600 * 1000
"""Milliseconds between two polls of watchfiles' own polling mode. It is not used, because it compares whole seconds."""
_FINAL_LOOKS = 5
"""The least number of steps after which a replaced thread ends: watchfiles yields a change at the second step after the
kernel's report."""
_FINAL_SECONDS = 0.2
"""The least time before that: on a busy system watchfiles may be late to read the kernel's reports."""


class WatchEvents(NamedTuple):
    """Paths that may have changed, unordered; there may be others."""

    paths: frozenset[str] = frozenset()
    """Absolute; each begins with the name under which its directory is watched."""
    lost: bool = False
    """Whether events were lost, so that everything may have changed."""


class StopEvent(Protocol):
    """The stop event that watchfiles checks once a step."""

    def is_set(self) -> bool:
        """Return whether to stop."""


Generate = Callable[[Sequence[str], int, StopEvent], Iterable["AbstractSet[tuple[int, str]]"]]
"""The type of `watch_directories`: from directories, a step in milliseconds and a stop event to sets of changes."""


def watch_directories(
    directories: Sequence[str], step: int, stop_event: StopEvent
) -> Iterable[AbstractSet[tuple[int, str]]]:
    """Yield the changes in `directories`, and nothing below them, until `stop_event` is set.

    Every argument that an environment variable could change is passed explicitly. There is no timeout, because
    watchfiles drops the changes that arrive while one ends. watchfiles is imported here, on the thread that watches:
    that takes 30 ms, during which the dashboard is drawn for the first time.

    Raises:
        ImportError: watchfiles is not installed or cannot be loaded.
        FileNotFoundError, PermissionError: one of the directories cannot be watched.
        OSError: the kernel has no more watches.
        RuntimeError: anything else in watchfiles, such as a file name that is not UTF-8.
    """
    from watchfiles import watch

    return watch(
        *directories,
        watch_filter=None,
        debounce=DEBOUNCE,
        step=step,
        stop_event=stop_event,
        rust_timeout=0,
        yield_on_timeout=False,
        raise_interrupt=False,
        debug=False,
        force_polling=False,
        poll_delay_ms=_NEVER,
        recursive=False,
        ignore_permission_denied=False,
    )


class WatchThread:
    """One run of the generator in a daemon thread. It is also the stop event that watchfiles checks once a step.

    watchfiles starts to watch in its first `next()` and does not report when it does. It checks the stop event only
    after that, so the first check shows that the directories are watched.
    """

    def __init__(
        self,
        generate: Generate,
        directories: Sequence[str],
        step: float,
        report: Callable[[frozenset[str]], None],
    ) -> None:
        """Prepare to watch `directories` with a step of `step` seconds.

        `report` is called on the watching thread with each set of paths, and with an empty set when the thread ends.
        """
        self._generate = generate
        self._directories = directories
        self._report = report
        self._looks_left: int | None = None
        self._decided = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchfiles", daemon=True)
        self.step = step
        self.error: Exception | None = None
        """The exception that the generator raised."""

    def start(self, timeout: float) -> bool:
        """Start watching; return whether the directories are watched within `timeout` seconds.

        Raises RuntimeError where the system can start no thread.
        """
        self._thread.start()
        return self._decided.wait(timeout) and self._thread.is_alive() and self.error is None

    @property
    def alive(self) -> bool:
        """Whether it still watches."""
        return self._thread.is_alive() and self.error is None

    def retire(self) -> None:
        """End after the changes that have already happened have been reported."""
        self._looks_left = max(_FINAL_LOOKS, round(_FINAL_SECONDS / self.step))

    def stop(self) -> None:
        """End at the next step; changes that are not reported yet are dropped."""
        self._looks_left = 0

    def join(self, timeout: float) -> None:
        """Wait up to `timeout` seconds for the end of the thread, which frees its watches in the kernel."""
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def is_set(self) -> bool:
        """Return whether to stop. watchfiles calls this in each step, before it reads the kernel's reports."""
        if self._looks_left is None:
            if not self._decided.is_set():  # it is called 300 times a second
                self._decided.set()
            return False
        self._decided.set()
        self._looks_left -= 1
        return self._looks_left < 0

    def _run(self) -> None:
        try:
            _require_threads()
            for changes in self._generate(self._directories, max(1, round(1000 * self.step)), self):
                self._report(frozenset(path for _, path in changes))
        except Exception as error:  # noqa: BLE001  kept for the watcher, which decides what it means
            self.error = error
        finally:
            self._decided.set()
            self._report(frozenset())


_NEEDED_THREADS = 2


def _require_threads() -> None:
    """Raise RuntimeError if the system starts no more threads, because watchfiles would then abort the process."""
    end = threading.Event()
    probes = [threading.Thread(target=end.wait, daemon=True) for _ in range(_NEEDED_THREADS)]
    try:
        for probe in probes:
            probe.start()
    finally:
        end.set()
    for probe in probes:
        probe.join()
