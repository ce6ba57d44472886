"""What the kernel tells of a list of directories: which paths may have changed, and nothing of what they are.

Through watchfiles, wherever there is no inotify of our own to wait on.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Literal, Protocol

from clawtui.live.watch_events import WatchEvents, Watching

ATTEMPTS = 100
"""How often a watcher is built while directories vanish under it: each time those that are gone are left out."""
REFUSALS = 5
"""How often it is built while the kernel refuses, as an old one may not have given back yet what is needed."""

_LETTING_GO = 0.01
"""Seconds in which a closed watcher's own thread gives its watches back."""
_NEVER = 24 * 3600 * 1000
"""Milliseconds between two polls of the watcher that watchfiles falls back to: we poll better ourselves."""


class StopEvent(Protocol):
    """What RustNotify asks whether to stop."""

    def is_set(self) -> bool:
        """Asked once a step."""


class Notify(Protocol):
    """As much of RustNotify as is used."""

    def watch(
        self, debounce_ms: int, step_ms: int, timeout_ms: int, stop_event: StopEvent | None
    ) -> set[tuple[int, str]] | Literal["signal", "stop", "timeout"]:
        """What changed."""

    def close(self) -> None:
        """Stops watching."""


NotifyFactory = Callable[[list[str]], Notify]


def rust_notify(directories: list[str]) -> Notify:
    """Watches exactly these directories, nothing below them; raises what keeps it from watching one of them."""
    # Imported on the live thread, while the first paint is on its way: it brings multiprocessing along.
    from watchfiles._rust_notify import RustNotify

    return RustNotify(
        directories,
        debug=False,
        force_polling=False,
        poll_delay_ms=_NEVER,
        recursive=False,
        ignore_permission_denied=False,
    )


@cache
def _internal_error() -> type[Exception]:
    """What RustNotify raises where it does not know what happened; imported as late as RustNotify is."""
    from watchfiles._rust_notify import WatchfilesRustInternalError

    return WatchfilesRustInternalError


def quickest_watcher() -> Watching:
    """The best that this system has."""
    from clawtui.live.inotify import InotifyWatcher, available

    return InotifyWatcher() if available() else Watcher()


class Watcher:
    """One kernel watcher at a time over a list of directories.

    Directories cannot be added to one that runs, so it is built anew. What was added is to be listed afterwards.
    """

    def __init__(self, factory: NotifyFactory = rust_notify) -> None:
        self._factory = factory
        self._notify: Notify | None = None

    @property
    def serving(self) -> bool:
        """Whether the kernel tells of changes; where it does not, somebody has to look."""
        return self._notify is not None

    @property
    def descriptor(self) -> None:
        """It can only be asked."""

    def watch(self, directories: Sequence[str], anew: Collection[str] | None = None) -> WatchEvents:
        """Watches these from now on, or nothing where that is not possible; what the old watcher still knew.

        A directory that has vanished meanwhile, cannot be read or has a name that is not UTF-8 is left out. Whichever
        are ``anew``, all are watched anew.
        """
        before = WatchEvents()
        refusals = 0
        wanted = list(filter(_is_utf_8, directories))
        for _ in range(ATTEMPTS):
            try:
                new = self._factory(wanted) if wanted else None
            except (FileNotFoundError, PermissionError):
                pass
            except (OSError, _internal_error()):
                # No space for more watches, or no more watchers: the old one may hold what the new one needs.
                refusals += 1
                if refusals == REFUSALS:
                    break
                if self.serving:
                    before = WatchEvents(self.collect().paths, doubt=True)
                    self.close()
                time.sleep(_LETTING_GO)
            else:
                hints = self.collect()
                self.close()
                self._notify = new
                return WatchEvents(before.paths | hints.paths, before.doubt or hints.doubt)
            wanted = [directory for directory in wanted if os.access(directory, os.R_OK | os.X_OK, effective_ids=True)]
        self.close()
        return before._replace(doubt=True)

    def collect(self) -> WatchEvents:
        """What was told since the last time; returns at once."""
        if self._notify is None:
            return WatchEvents()
        try:
            changes = self._notify.watch(debounce_ms=0, step_ms=0, timeout_ms=0, stop_event=_ThirdLook())
        except _Enough:
            return WatchEvents()
        except _internal_error():  # a file name that is not UTF-8: it would be raised for ever
            self.close()
            return WatchEvents(doubt=True)
        return WatchEvents(frozenset(path for _, path in changes) if isinstance(changes, set) else frozenset())

    def close(self) -> None:
        """Watches nothing any more."""
        if self._notify is not None:
            self._notify.close()
            self._notify = None


class _Enough(Exception):
    """RustNotify has had its look."""


class _ThirdLook:
    """Ends ``RustNotify.watch`` without a loss.

    It looks, waits a step, and looks again whether more came before it returns what it has. Its own ways of ending
    earlier, the timeout and the stop, both clear what came in since the last look; an exception leaves it there.
    """

    def __init__(self) -> None:
        self._looks = 0

    def is_set(self) -> bool:
        self._looks += 1
        if self._looks > 2:
            raise _Enough
        return False


def _is_utf_8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
