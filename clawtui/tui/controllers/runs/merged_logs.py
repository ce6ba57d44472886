"""The logs of the last day as one: read from the files of this host, or merged by the agent on the host of the root."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from textual.app import App

from clawtui.model.fleet import Fleet
from clawtui.model.search.log_results import Origin
from clawtui.tui.controllers.runs.loader import Loader
from clawtui.tui.panes.log.reader import LogReader

if TYPE_CHECKING:
    from clawtui.remote.client.logs.all_logs import RemoteAllLogs
    from clawtui.remote.client.source import RemoteSource
    from clawtui.storage.paths import StatePaths


class MergedLogs(Protocol):
    """All logs since an instant."""

    @property
    def is_read(self) -> bool:
        """Whether they were read once."""

    @property
    def left_out(self) -> int:
        """The number of logs that are too large to be read from the instant on."""

    @property
    def unread(self) -> str | None:
        """Why a log cannot be read; None if all can."""

    def open(self, news: Callable[[], None]) -> LogReader:
        """Return the reader of their lines."""

    def origin_of(self, start: int) -> Origin | None:
        """Return the origin of the line at an offset."""

    def read(self) -> None:
        """Begin to read what is new."""

    def reload(self) -> None:
        """Read everything again."""


class LocalLogs:
    """The logs of a root on this host. A thread reads the new lines, each second and after each change."""

    def __init__(
        self,
        app: App[None],
        paths: StatePaths,
        since: datetime,
        fleet: Callable[[], Fleet],
        changed: Callable[[], None],
    ) -> None:
        """Prepare; ``changed`` is called on the event loop after a reading that found something. Raises Unwritable."""
        from clawtui.operations.logs.collected_logs import CollectedLogs

        self._logs = CollectedLogs(paths, since)
        self._fleet = fleet
        self._changed = changed
        self._listed: object = None
        self._loading = Loader(app, "reading all logs", self._load, self._take, self._fail)
        self.is_read = False
        self.unread: str | None = None

    @property
    def left_out(self) -> int:
        """The number of logs that are too large to be read from the instant on."""
        return self._logs.cut_logs

    def open(self, news: Callable[[], None]) -> LogReader:
        """Return the reader of the lines so far."""
        from clawtui.files.log_view.reader import LogFileReader

        return LogFileReader(self._logs, news)

    def origin_of(self, start: int) -> Origin | None:
        """Return the origin of the line at an offset."""
        return self._logs.origins.get(start)

    def read(self) -> None:
        """Begin to read the new lines."""
        self._loading.start()

    def reload(self) -> None:
        """Begin to read the new lines: those before do not change."""
        self._loading.start()

    def _load(self) -> bool:
        listed = self._fleet().logs
        is_listed = listed is not self._listed
        self._listed = listed
        return self._logs.read(is_listed=is_listed)

    def _take(self, is_new: bool) -> None:
        is_first, self.is_read = not self.is_read, True
        self.unread = self._logs.problem
        if is_new or is_first:
            self._changed()

    def _fail(self, problem: str) -> None:
        self.is_read, self.unread = True, problem
        self._changed()


class LogsThere:
    """The logs of a root on another host, whose agent reads them as often as a dashboard there would."""

    def __init__(self, app: App[None], source: RemoteSource, since: datetime, changed: Callable[[], None]) -> None:
        """Prepare; ``changed`` is called on the event loop after each answer."""
        self._app = app
        self._source = source
        self._since = since
        self._changed = changed
        self._logs: RemoteAllLogs | None = None

    @property
    def is_read(self) -> bool:
        """Whether they were read there once."""
        return self._logs is not None and self._logs.is_read

    @property
    def left_out(self) -> int:
        """The number of logs that are too large to be read from the instant on."""
        return 0 if self._logs is None else self._logs.left_out

    @property
    def unread(self) -> str | None:
        """Why a log cannot be read; None if all can."""
        return None if self._logs is None else self._logs.unread

    def open(self, news: Callable[[], None]) -> LogReader:
        """Return the reader of their lines, and have the agent open them."""

        def report() -> None:
            news()
            self._app.call_later(self._changed)

        self._logs = self._source.logs.open_all(self._since, report)
        return self._logs.reader

    def origin_of(self, start: int) -> Origin | None:
        """Return the origin of the line at an offset; None where it is not known here."""
        return None if self._logs is None else self._logs.origin_of(start)

    def read(self) -> None:
        """Do nothing: the agent sends what is new."""

    def reload(self) -> None:
        """Read everything there again; without a connection, connect again at once."""
        self._source.rescan()
