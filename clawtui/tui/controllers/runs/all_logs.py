"""All logs of the last day as one, on a screen that follows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from clawtui.model.fleet import LogTail
from clawtui.model.search.log_results import Origin
from clawtui.tui.controllers.commands import CommandContext
from clawtui.tui.controllers.finding_acts import show_row
from clawtui.tui.controllers.runs.merged_logs import LocalLogs, LogsThere, MergedLogs
from clawtui.tui.panes.log.lines import LineOrigin
from clawtui.tui.panes.log.pane import AllLogsPane
from clawtui.tui.panes.log.reader import LogReader
from clawtui.tui.panes.log.view_model import LogViewModel
from clawtui.tui.screens.run_screens import AllLogsScreen

if TYPE_CHECKING:
    from clawtui.remote.client.source import RemoteSource

_PERIOD: Final = timedelta(days=1)


class ShownAllLogs:
    """Controller of the screen with all logs of a root, wherever it is."""

    def __init__(self, context: CommandContext, source: RemoteSource | None = None) -> None:
        """Prepare to show the logs in the files of this host, or those that the agent of `source` merges."""
        self._context = context
        self._app = context.app
        self._view = view = context.dashboard.view
        self._since = context.clock() - _PERIOD
        self._logs: MergedLogs
        if source is None:
            self._logs = LocalLogs(context.app, context.paths, self._since, lambda: view.fleet, self._take)
        else:
            self._logs = LogsThere(context.app, source, self._since, self._take)
        self._pane = AllLogsPane(context.zone)
        self._pane.source.open_log = self._open_log
        self._pane.source.keeps_place = True  # older lines are left out when there are too many
        self._pane.window.marks_restart = False
        self._pane.body.lines.origin_of = self._origin_of
        self._tail = self._new_tail()
        self._screen = AllLogsScreen(self._pane, self._fill, self._logs.reload, self._open_run, self._place)

    def open(self) -> None:
        """Show the screen."""
        self._app.push_screen(self._screen)

    def _fill(self) -> None:
        self._logs.read()
        self._show()

    def _show(self) -> None:
        now = self._context.clock()
        is_complete = self._logs.is_read and not self._logs.unread
        why_empty = "No log has a line of the last day yet." if is_complete else ""
        self._pane.show(LogViewModel("logs/all", tail=self._tail, title=self._title(), why_empty=why_empty), now)
        self._pane.tick(now)

    def _title(self) -> str:
        if not self._logs.is_read:
            connection = self._view.fleet.connection
            is_waiting = connection is not None and connection.is_lost
            return "waiting for a connection …" if is_waiting else "reading the last day …"
        since = f"since {self._since.astimezone(self._context.zone):%b %d %H:%M}"
        cut = self._logs.left_out
        left_out = f" · the end of {cut} large log{'' if cut == 1 else 's'}" if cut else ""
        return since + left_out + (f" · {self._logs.unread}" if self._logs.unread else "")

    def _take(self) -> None:
        """Show what was read."""
        if not self._pane.is_attached:
            return  # the screen was closed meanwhile
        self._tail = self._new_tail()
        self._show()
        self._pane.renew()

    def _new_tail(self) -> LogTail:
        return LogTail("logs/all", (), dropped=0, from_start=True, beginning=0)

    def _open_log(self, paths: tuple[str, ...], news: Callable[[], None]) -> LogReader:
        return self._logs.open(news)

    def _origin_of(self, start: int) -> LineOrigin | None:
        origin = self._logs.origin_of(start)
        return None if origin is None else LineOrigin(origin.source, origin.of_dispatcher, origin.at, origin.times)

    def _chosen(self) -> Origin | None:
        chosen = self._pane.window.chosen
        return None if chosen is None else self._logs.origin_of(chosen.start)

    def _place(self) -> str | None:
        """Return the path of the log that has the chosen line."""
        origin = self._chosen()
        return None if origin is None else origin.path

    def _open_run(self) -> bool:
        """Go to the run that wrote the chosen line; return False if there is none."""
        origin = self._chosen()
        fleet = self._view.fleet
        found = [
            key for key, each in fleet.automations.items() if origin is not None and each.id == origin.automation_id
        ]
        if origin is None or not found or not show_row(self._view.automations, found[0]):
            return False
        self._context.dashboard.panes.go_to(self._view.automations)
        self._view.show_selection()
        if (run := self._view.runs.find_of_line(origin.path, origin.at)) is not None:
            self._view.select_run(run)
        self._context.dashboard.panes.go_to(self._view.log_pane)
        return True
