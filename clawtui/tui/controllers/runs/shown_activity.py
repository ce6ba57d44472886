"""Filling the screen with the dispatcher's last hours while it is open."""

from __future__ import annotations

from datetime import datetime, timedelta

from clawtui.model.fleet import LogTail
from clawtui.model.runs.dispatch_history import DispatchHistory
from clawtui.tui.controllers.commands import CommandContext
from clawtui.tui.controllers.finding_acts import show_row
from clawtui.tui.controllers.runs.loader import Loader
from clawtui.tui.panes.activity.pane import ActivityPane, ActivityViewModel
from clawtui.tui.screens.run_screens import ActivityScreen


class ShownActivity:
    """Controller of the activity screen: it reads the dispatcher's logs again when the newest one has grown."""

    def __init__(self, context: CommandContext) -> None:
        self._app = context.app
        self._view = context.dashboard.view
        self._panes = context.dashboard.panes
        self._paths = context.paths
        self._clock = context.clock
        self._tail: LogTail | None = None
        self._dispatches: DispatchHistory | None = None
        self._problem: str | None = None
        self._loading = Loader(context.app, "reading the dispatcher's logs", self._load, self._take, self._fail)
        self._pane = ActivityPane(context.zone)
        self._screen = ActivityScreen(self._pane, self._fill, self._loading.start, self._open)

    def open(self) -> None:
        """Show the screen."""
        self._loading.start()
        self._app.push_screen(self._screen)

    def _fill(self) -> None:
        fleet = self._view.fleet
        tail = fleet.tails.get(fleet.dispatcher_log or "")
        if tail is not self._tail:
            self._tail = tail
            self._loading.start()
        self._pane.show(ActivityViewModel(fleet, self._dispatches or DispatchHistory(), self._problem), self._clock())

    def _open(self, key: str, at: datetime) -> None:
        """Go to the run of the automation at `key` that began at `at`, or to its row."""
        if not show_row(self._view.automations, key):
            self._app.notify("It has no automation any more.", markup=False)
            return
        self._panes.go_to(self._view.automations)
        self._view.show_selection()
        run = self._view.runs.find_started(at)
        if run is not None:
            self._view.select_run(run)
            self._panes.go_to(self._view.timeline)

    def _load(self) -> DispatchHistory:
        from clawtui.operations.runs.dispatch_history import read_dispatches

        return read_dispatches(self._paths, self._clock() - timedelta(hours=self._pane.hours))

    def _take(self, dispatches: DispatchHistory) -> None:
        self._dispatches, self._problem = dispatches, None
        self._screen.refresh_lines()

    def _fail(self, problem: str) -> None:
        self._problem = problem
        self._screen.refresh_lines()
