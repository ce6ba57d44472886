"""The live model: a thread that keeps a fleet what the disk is, and says so whenever it changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue
from typing import NamedTuple

from clawtui.live.intervals import DEFAULT_INTERVALS, Intervals, Pause
from clawtui.live.missing_root import MissingRoot
from clawtui.live.root import Root, find_root
from clawtui.live.route import Kind, route
from clawtui.live.wakeup import Wakeup
from clawtui.live.watch_session import WatchSession
from clawtui.live.watcher import NotifyFactory, Watcher, quickest_watcher
from clawtui.model.base import Problem
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths

STOPPING = 1.0
"""Seconds that ``stop`` waits for the thread; one that hangs in a dead file system ends with the process."""


class _Follow(NamedTuple):
    path: str | None


class _Rescan(NamedTuple):
    pass


class _Stop(NamedTuple):
    pass


_Request = _Follow | _Rescan | _Stop


class LiveModel:
    """Watches the state directory and publishes the next fleet after each batch of changes.

    ``publish`` is called on the live thread. All other methods may be called from any thread and return at once,
    but for ``stop``.
    """

    def __init__(
        self,
        paths: StatePaths,
        publish: Callable[[Fleet], None],
        monotonic: Callable[[], float] = time.monotonic,
        timing: Intervals = DEFAULT_INTERVALS,
        notify_factory: NotifyFactory | None = None,
    ) -> None:
        self._paths = paths
        self._publish = publish
        self._clock = monotonic
        self._timing = timing
        self._watcher = Watcher(notify_factory) if notify_factory else quickest_watcher()
        self._bell = Wakeup()
        self._requests: SimpleQueue[_Request] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._root: Root | Problem | None = None
        self._session: WatchSession | MissingRoot | None = None
        self._root_due = 0.0
        self._followed: str | None = None
        self._failure: Problem | None = None
        self._published: tuple[Fleet, Problem | None] | None = None

    def start(self) -> None:
        """Begins to watch; the first fleet comes as soon as something has been read."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread, within a second; nothing is published after that."""
        self._request(_Stop())
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOPPING)

    def follow(self, path: str | None) -> None:
        """From now on ``fleet.tails`` has this log, relative to ``automations/``, besides the dispatcher's newest.

        Raises ValueError where ``path`` is none that a log can have.
        """
        if path is not None and ((thing := route(path)) is None or thing.kind is not Kind.LOG):
            raise ValueError(f"“{path}” is no log below automations/")
        self._request(_Follow(path))

    def rescan(self) -> None:
        """Everything is in doubt: each directory is watched anew, and each file is read again."""
        self._request(_Rescan())

    @property
    def passes(self) -> int:
        """How often everything below the root that is there now has been compared with the disk."""
        session = self._session
        return session.passes if session else 0

    def _run(self) -> None:
        try:
            while self._turn_or_recover():
                pass
        finally:
            self._end_session()
            self._bell.take_down()

    def _turn_or_recover(self) -> bool:
        """Whether to go on. A failure of ours is told in the fleet, and all starts over: no screen just stops."""
        try:
            return self._turn()
        except Exception as error:  # noqa: BLE001  whatever it is, a thread that died would leave a screen that lies
            self._failure = Problem("", f"watching failed and starts over: {type(error).__name__}: {error}")
            self._end_session()
            self._bell.wait(self._timing.recovery)
            return self._answer()

    def _turn(self) -> bool:
        session = self._session
        if session:
            self._wait(session.pause(self._clock()))
        if not self._answer():
            return False
        hints = self._watcher.collect()
        if session is None:
            self._tell_failure()
        if session is None or session.doubts_root(hints) or self._clock() >= self._root_due:
            session = self._find_session()
        self._show(session.turn(hints))
        if session.passes > 1:
            self._failure = None
        return True

    def _wait(self, pause: Pause) -> None:
        """Until there is something to do, or somebody asks for something."""
        self._bell.wait(pause.least)
        if pause.most > pause.least and self._requests.empty():
            most = min(pause.most, max(self._root_due - self._clock(), 0.0))
            self._bell.wait(most - pause.least, self._watcher.descriptor)

    def _request(self, request: _Request) -> None:
        self._requests.put(request)
        self._bell.ring()

    def _answer(self) -> bool:
        """Does all that was requested; False where one of the requests was to stop."""
        while not self._requests.empty():
            request = self._requests.get_nowait()
            if isinstance(request, _Stop):
                return False
            self._grant(request)
        return True

    def _grant(self, request: _Follow | _Rescan) -> None:
        if isinstance(request, _Follow):
            self._followed = request.path
            if self._session:
                self._session.follow(request.path)
        elif self._session:
            self._session.rescan()

    def _find_session(self) -> WatchSession | MissingRoot:
        """The session for the root that is there now: the one that runs, or another."""
        self._root_due = self._clock() + self._timing.root
        root = find_root(self._paths)
        if self._session is None or root != self._root:
            self._end_session()
            self._root = root
            if isinstance(root, Root):
                self._session = WatchSession(root, str(self._paths.root), self._watcher, self._timing, self._clock)
            else:
                self._session = MissingRoot(str(self._paths.root), root, self._timing)
            self._session.follow(self._followed)
        return self._session

    def _end_session(self) -> None:
        session, self._session = self._session, None
        self._watcher.close()
        if session:
            session.close()

    def _tell_failure(self) -> None:
        """Before anything else is tried: whatever failed may fail again at once."""
        if self._failure:
            self._show(self._published[0] if self._published else Fleet(str(self._paths.root)))

    def _show(self, fleet: Fleet) -> None:
        """Publishes the fleet, with our own failure in it while there is one, unless it was the last."""
        failure = self._failure
        if self._published and self._published[0] is fleet and self._published[1] == failure:
            return
        self._published = (fleet, failure)
        self._publish(replace(fleet, problems={**fleet.problems, failure.path: failure}) if failure else fleet)
