"""The logs that a dashboard on another host has opened: the agent reads and searches them here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

from clawtui.files.log_view.reader import open_log
from clawtui.live.route import Kind, route
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Fleet
from clawtui.remote.agent.log_view import LogView, Send
from clawtui.remote.messages.fields import MAX_TEXT_FIELD, BadMessage
from clawtui.remote.messages.logs import CloseLog, LogRequests, LogState, OpenAllLogs, Opening, OpenLog
from clawtui.storage.paths import StatePaths

_MOST_OPEN: Final = 4
"""Logs that are open at once; the one that was opened first is closed for another one."""


class LogViews:
    """The open logs. `answer` and `look` may be called on different threads."""

    def __init__(
        self, paths: StatePaths, send: Send, is_gateway_log: Callable[[str], bool], fleet: Callable[[], Fleet]
    ) -> None:
        """Read the logs of a root, and that of a stock gateway.

        ``send`` raises OSError where the other end is gone; ``is_gateway_log`` is called with an absolute path;
        ``fleet`` returns the newest fleet, whose logs show when there is a new one.
        """
        self._paths = paths
        self._send = send
        self._is_gateway_log = is_gateway_log
        self._fleet = fleet
        self._lock = threading.RLock()
        self._open: dict[int, LogView] = {}

    def answer(self, request: LogRequests) -> None:
        """Carry out a request of a dashboard. Raises BadMessage for a path that is not that of a log, and OSError."""
        with self._lock:
            if isinstance(request, OpenLog):
                self._open_parts(request)
            elif isinstance(request, OpenAllLogs):
                self._open_all(request)
            elif isinstance(request, CloseLog):
                self._close(request.id)
            elif (view := self._open.get(request.id)) is not None:
                view.answer(request)

    def look(self) -> None:
        """Check the logs for changes. Raises OSError."""
        with self._lock:
            for view in self._open.values():
                view.look()

    def close(self) -> None:
        """Close all logs."""
        with self._lock:
            for id in tuple(self._open):
                self._close(id)

    def _open_parts(self, request: OpenLog) -> None:
        for path in request.paths:
            resource = route(path)
            is_own = resource is not None and resource.kind is Kind.LOG and "\0" not in path
            if not is_own and not path.startswith("/"):
                raise BadMessage("it asked for something that is no log")
            if not is_own and not self._is_gateway_log(path):  # it may have been the gateway's log before
                self._send(_not_open(request, "is not the log of the gateway now"))
                return
        self._make_room(request.id)
        reader = open_log(self._paths.automations, request.paths, partial(self._report, request.id))
        self._open[request.id] = LogView(reader, request, self._send)

    def _open_all(self, request: OpenAllLogs) -> None:
        from clawtui.remote.agent.all_logs import AllLogsView

        self._make_room(request.id)
        news = partial(self._report, request.id)
        try:
            self._open[request.id] = AllLogsView(self._paths, request, self._send, news, self._lock, self._fleet)
        except ClawtuiError as error:  # there is no directory for temporary files
            self._send(_not_open(request, str(error)[:MAX_TEXT_FIELD]))

    def _make_room(self, id: int) -> None:
        """Close the log that was opened under ``id`` before, and the oldest one where there are too many."""
        self._close(id)
        if len(self._open) >= _MOST_OPEN:
            self._close(next(iter(self._open)))

    def _close(self, id: int) -> None:
        if (view := self._open.pop(id, None)) is not None:
            view.close()

    def _report(self, id: int) -> None:
        """Send the results so far, on the thread of the search."""
        with self._lock, suppress(OSError):  # where the other end is gone, the input ends too
            if (view := self._open.get(id)) is not None:
                view.report()


def _not_open(request: Opening, problem: str) -> LogState:
    """Return the state of a log that cannot be opened."""
    numbers = {"id": request.id, "view": request.view, "search": request.search, "beginning": 0}
    return LogState(end=0, problem=problem, **numbers)
