"""All logs of the last day as one, on a screen that follows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from clawtui.files.log_view.reader import LogFileReader
from clawtui.model.fleet import LogTail
from clawtui.operations.logs.collected_logs import CollectedLogs, Origin
from clawtui.tui.controllers.commands import CommandContext
from clawtui.tui.controllers.finding_acts import show_row
from clawtui.tui.controllers.runs.loader import Loader
from clawtui.tui.panes.log.lines import LineOrigin
from clawtui.tui.panes.log.pane import AllLogsPane
from clawtui.tui.panes.log.reader import LogReader
from clawtui.tui.panes.log.view_model import LogViewModel
from clawtui.tui.screens.run_screens import AllLogsScreen

_PERIOD: Final = timedelta(days=1)


class ShownAllLogs:
    """Controller of the screen with all logs. A thread reads the new lines, each second and after each change."""

    def __init__(self, context: CommandContext) -> None:
        self._context = context
        self._app = context.app
        self._view = context.dashboard.view
        self._since = context.clock() - _PERIOD
        self._logs = CollectedLogs(context.paths, self._since)
        self._pane = AllLogsPane(context.zone)
        self._pane.source.open_log = self._open_log
        self._pane.window.marks_restart = False  # older lines are left out when there are too many
        self._pane.body.lines.origin_of = self._origin_of
        self._loading = Loader(context.app, "reading all logs", self._load, self._take, self._fail)
        self._listed: object = None
        self._is_read = False
        self._problem: str | None = None
        self._tail = self._new_tail()
        self._screen = AllLogsScreen(self._pane, self._fill, self._loading.start, self._open_run, self._place)

    def open(self) -> None:
        """Show the screen."""
        self._app.push_screen(self._screen)

    def _fill(self) -> None:
        self._loading.start()
        self._show()

    def _show(self) -> None:
        now = self._context.clock()
        self._pane.show(LogViewModel("logs/all", tail=self._tail, title=self._title()), now)
        self._pane.tick(now)

    def _title(self) -> str:
        if not self._is_read:
            return "reading the last day …"
        since = f"since {self._since.astimezone(self._context.zone):%b %d %H:%M}"
        cut = self._logs.cut_logs
        left_out = f" · the end of {cut} large log{'' if cut == 1 else 's'}" if cut else ""
        return since + left_out + (f" · {self._problem}" if self._problem else "")

    def _load(self) -> bool:
        listed = self._view.fleet.logs
        is_listed = listed is not self._listed
        self._listed = listed
        return self._logs.read(is_listed=is_listed)

    def _take(self, is_new: bool) -> None:
        first, self._is_read = not self._is_read, True
        self._problem = self._logs.problem
        if first:
            self._pane.window.follow()
        if is_new or first:
            self._tail = self._new_tail()
            self._show()
            self._pane.renew()

    def _fail(self, problem: str) -> None:
        self._is_read, self._problem = True, problem
        self._show()

    def _new_tail(self) -> LogTail:
        return LogTail("logs/all", (), dropped=0, from_start=True, beginning=0)

    def _open_log(self, paths: tuple[str, ...], news: Callable[[], None]) -> LogReader:
        return LogFileReader(self._logs, news)

    def _origin_of(self, start: int) -> LineOrigin | None:
        origin = self._logs.origins.get(start)
        return None if origin is None else LineOrigin(origin.source, origin.of_dispatcher, origin.at, origin.times)

    def _chosen(self) -> Origin | None:
        chosen = self._pane.window.chosen
        return None if chosen is None else self._logs.origins.get(chosen.start)

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
