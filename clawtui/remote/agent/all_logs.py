"""All logs of a root as one, for a dashboard on another host: they are read and merged on a thread of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from clawtui.files.log_view.reader import LogFileReader
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Fleet
from clawtui.operations.logs.collected_logs import CollectedLogs
from clawtui.remote.agent.log_view import SENT_AT_ONCE, LogView, Send
from clawtui.remote.messages.fields import MAX_TEXT_FIELD
from clawtui.remote.messages.log_parts import MAX_PAGE, WireOrigins, wire_origins
from clawtui.remote.messages.logs import LogRequests, LogState, OpenAllLogs
from clawtui.storage.paths import StatePaths

_PERIOD: Final = 1.0
"""Seconds between two readings where nothing else has changed, as in the dashboard of this host."""


class AllLogsView(LogView):
    """The merged logs. Nothing is sent before they were read once."""

    def __init__(
        self,
        paths: StatePaths,
        request: OpenAllLogs,
        send: Send,
        news: Callable[[], None],
        lock: threading.RLock,
        fleet: Callable[[], Fleet],
    ) -> None:
        """Begin to read. Raises Unwritable.

        ``lock`` is that of the open logs; ``news`` and ``send`` are those of a `LogView`; ``fleet`` returns the newest
        fleet.
        """
        self._logs = CollectedLogs(paths, request.since)
        self._newest = fleet
        self._lock = lock
        self._is_read = False
        self._failure: str | None = None
        self._early: list[LogRequests] = []
        """The requests that came before the logs were read: an answer without a line would be taken for all of them."""
        self._wake, self._ended = threading.Event(), threading.Event()
        super().__init__(LogFileReader(self._logs, news), request, send)
        threading.Thread(target=self._read, name="agent-all-logs", daemon=True).start()

    def answer(self, request: LogRequests) -> None:
        """Carry out a request about this log, once the logs were read. Raises OSError."""
        if self._is_read:
            super().answer(request)
        else:
            self._early.append(request)

    def look(self) -> None:
        """Have the logs read now; what is new is sent when they were read."""
        self._wake.set()

    def report(self) -> None:
        """Send what has changed, once the logs were read. Raises OSError."""
        if self._is_read:
            super().report()

    def origins_of(self, lines: Sequence[RawLine]) -> WireOrigins | None:
        """Return where lines come from."""
        return wire_origins(self._logs.origins.get(line.start) for line in lines)

    def size_of(self, line: RawLine) -> int:
        """Return how much room a line and its origin take in a message, in characters."""
        origin = self._logs.origins.get(line.start)
        return len(line.text) + (0 if origin is None else len(origin.path) + 2 * len(origin.source))

    def state(self) -> LogState:
        """Return the extent of the merged log, and what of the logs is missing in it."""
        unread = self._failure or self._logs.problem
        missing = {"left_out": self._logs.cut_logs or None, "unread": unread and unread[:MAX_TEXT_FIELD]}
        return super().state().model_copy(update=missing)

    def close(self) -> None:
        """Stop the reading, and close the logs."""
        self._ended.set()
        self._wake.set()
        super().close()

    def _read(self) -> None:
        listed: object = None
        while not self._ended.is_set():
            self._wake.clear()
            logs, is_new = self._newest().logs, False
            try:
                is_new, self._failure = self._logs.read(is_listed=logs is not listed), None
                listed = logs
            except ClawtuiError as error:
                self._failure = str(error)
            with self._lock, suppress(OSError):  # where the other end is gone, the input ends too
                if not self._ended.is_set():
                    self._show(is_new=is_new)
            self._wake.wait(_PERIOD)

    def _show(self, *, is_new: bool) -> None:
        """Send what was read: also the line before it, which may be repeated more often now."""
        is_first, self._is_read = not self._is_read, True
        end, beginning = self.reader.end, self.reader.beginning
        self.reader.look()
        if is_new and not is_first and self.reader.beginning == beginning:
            is_small = self.reader.end - end <= SENT_AT_ONCE
            self.send_page(end, 1, MAX_PAGE if is_small else 0)
        self.report()
        early, self._early = self._early, []
        for request in early:
            self.answer(request)
