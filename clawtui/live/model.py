"""The thread that keeps a fleet up to date and publishes it whenever it changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import Enum, auto
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from clawtui.live.missing_root import MissingRoot
from clawtui.live.publication import Publication
from clawtui.live.reading.order import TableOrder
from clawtui.live.root import Root, find_root
from clawtui.live.route import Kind, route
from clawtui.live.source import NONE, Capabilities, Publish, Session
from clawtui.live.watch_session import WatchSession
from clawtui.live.watching.events import Generate, WatchEvents, watch_directories
from clawtui.live.watching.intervals import DEFAULT_INTERVALS, Intervals, Pause
from clawtui.live.watching.watcher import Watcher
from clawtui.model.documents.base import Problem
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths

if TYPE_CHECKING:
    from clawtui.model.gateway.state import StoreKind

STOPPING = 1.0
"""Seconds that `stop` waits for the thread. A thread that hangs in a dead file system ends only with the process."""


class _Follow(NamedTuple):
    path: str | None


class _Order(Enum):
    """A request without an argument."""

    CONTINUE = auto()
    RESCAN = auto()
    STOP = auto()


_Request = _Follow | _Order


class LiveModel:
    """A model of the state directory that publishes the next fleet after each batch of changes.

    It is the `Source` of a local root, of any kind of store. `publish` is called on the live thread. All methods may be
    called from any thread and return at once, except `stop`.
    """

    def __init__(
        self,
        paths: StatePaths,
        monotonic: Callable[[], float] = time.monotonic,
        intervals: Intervals = DEFAULT_INTERVALS,
        generate: Generate = watch_directories,
        order: TableOrder | None = None,
    ) -> None:
        """Prepare to watch below `paths`.

        Args:
            paths: the state directory, which need not exist.
            monotonic: a monotonic clock in seconds.
            intervals: the periods of all checks.
            generate: yields the changes in a list of directories.
            order: how the automations are sorted, of which those on top are read first; None: by urgency.
        """
        self._paths = paths
        self._publication = Publication(str(paths.root), intervals.stuck)
        self._clock = monotonic
        self._intervals = intervals
        self._wakeup = threading.Event()
        self._watcher = Watcher(self._wakeup.set, generate)
        self._requests: SimpleQueue[_Request] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._root: Root | StoreKind | Problem | None = None
        self._session: Session | None = None
        self._root_due, self._order = 0.0, order
        self._followed_log: str | None = None
        """The log that was requested last."""
        self._followed: str | None = None
        self._failure: Problem | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What can be changed at the root as it is now."""
        session = self._session
        return session.capabilities if session else NONE

    def start(self, publish: Publish) -> None:
        """Begin to watch; `publish` gets the first fleet, on the live thread, as soon as something has been read."""
        self._publication.start(publish, self._where)
        self._thread.start()

    def stop(self) -> None:
        """End the thread within a second; nothing is published after that."""
        self._request(_Order.STOP)
        self._publication.stop()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOPPING)

    def follow(self, path: str | None) -> None:
        """Keep the end of the log at `path`, relative to `automations/`, in `fleet.tails`; None ends that.

        The dispatcher's newest log is always in it, and so is that of a stock gateway, whose path is absolute.
        Raises ValueError where `path` cannot be the path of a log.
        """
        is_inside = path is not None and not path.startswith("/")
        if path is not None and is_inside and ((resource := route(path)) is None or resource.kind is not Kind.LOG):
            raise ValueError(f"“{path}” is no log below automations/")
        if path != self._followed_log:
            self._followed_log = path
            self._request(_Follow(path))

    def end_pause(self) -> None:
        """End the pause after the first fleet: it has been drawn."""
        self._request(_Order.CONTINUE)

    def rescan(self) -> None:
        """Watch each directory again and read each file again."""
        self._request(_Order.RESCAN)

    @property
    def passes(self) -> int:
        """How often everything below the present root has been compared with the disk."""
        session = self._session
        return session.passes if session else 0

    def _run(self) -> None:
        try:
            while self._turn_or_recover():
                pass
        finally:
            self._end_session()

    def _turn_or_recover(self) -> bool:
        """Run one iteration of the loop; return whether to continue. After an internal failure, restart watching."""
        try:
            return self._turn()
        except Exception as error:  # noqa: BLE001  if the thread ended, the screen would stay wrong
            self._failure = Problem("", f"watching failed and starts over: {type(error).__name__}: {error}")
            self._end_session()
            self._publication.end_work()
            self._wait(Pause(self._intervals.recovery, self._intervals.recovery))
            return self._answer_requests()

    def _turn(self) -> bool:
        session = self._session
        if session:
            self._wait(session.pause(self._clock()))
        self._publication.begin_work()
        if not self._answer_requests():
            return False
        events = self._watcher.collect()
        if session is None:
            self._show_failure()
        if session is None or session.doubts_root(events) or self._clock() >= self._root_due:
            session = self._find_session()
        fleet = session.update(events)
        # The root may be gone. Its parts must not disappear from the screen one by one.
        if self._publication.has_more_than(fleet):
            session = self._find_session()
            fleet = session.update(WatchEvents())
        self._show(fleet)
        if session.passes > 1:
            self._failure = None
        return True

    def _wait(self, pause: Pause) -> None:
        """Wait until there is something to do, or a request arrives."""
        now = self._clock()
        earliest, latest = now + pause.least, now + pause.most
        if latest > earliest:
            latest = max(min(latest, self._root_due), earliest)
        while self._requests.empty() and now < latest and not (now >= earliest and self._watcher.has_events):
            # Capped: `threading` raises OverflowError for a timeout of more than about 292 years.
            self._wakeup.wait(min((earliest if now < earliest else latest) - now, threading.TIMEOUT_MAX))
            self._wakeup.clear()
            now = self._clock()

    def _request(self, request: _Request) -> None:
        self._requests.put(request)
        self._wakeup.set()

    def _answer_requests(self) -> bool:
        """Handle all requests; return False if one of them was to stop."""
        while not self._requests.empty():
            request = self._requests.get_nowait()
            if request is _Order.STOP:
                return False
            self._answer(request)
        return True

    def _answer(self, request: _Request) -> None:
        if isinstance(request, _Follow):
            self._followed = request.path
            if self._session:
                self._session.follow(request.path)
        elif self._session and request is _Order.RESCAN:
            self._session.rescan()
        elif self._session and request is _Order.CONTINUE:
            self._session.end_pause()

    def _find_session(self) -> Session:
        """Return the session for the root that exists now: the running one, or a new one."""
        self._root_due = self._clock() + self._intervals.root
        root = find_root(self._paths)
        if self._session is None or root != self._root:
            self._end_session()
            self._root = root
            name = str(self._paths.root)
            if isinstance(root, Root):
                self._session = WatchSession(root, name, self._watcher, self._intervals, self._clock, self._order)
            elif isinstance(root, str):
                from clawtui.live.gateway.session import StockGateway

                self._session = StockGateway(self._paths.root, name, root, self._watcher, self._intervals, self._clock)
            else:
                self._session = MissingRoot(self._paths.root, name, root, self._intervals)
            self._session.follow(self._followed)
        return self._session

    def _end_session(self) -> None:
        session, self._session = self._session, None
        self._watcher.close()
        if session:
            session.close()

    def _show_failure(self) -> None:
        """Publish an internal failure first, because the next attempt may fail in the same way."""
        if self._failure:
            self._show(self._publication.last or Fleet(str(self._paths.root)))
            self._publication.begin_work()

    def _show(self, fleet: Fleet) -> None:
        """Publish the fleet unless it is the last one; add a problem of clawtui itself or of the installation."""
        problem = self._failure
        if problem is None and self._session is not None and "" not in fleet.problems:
            problem = self._session.problem
        self._publication.show(fleet, problem)

    def _where(self) -> str:
        """Return the path that is being read, from any thread."""
        session, root = self._session, self._root
        reading = session.reading if session is not None else ""
        return str(root.base / reading) if isinstance(root, Root) else str(self._paths.root)
