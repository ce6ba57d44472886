"""Filling the screen with the dispatcher's last hours while it is open."""

from __future__ import annotations

from datetime import timedelta

from clawtui.model.fleet import LogTail
from clawtui.model.runs.dispatch_history import DispatchHistory
from clawtui.tui.controllers.commands import CommandContext
from clawtui.tui.controllers.runs.loader import Loader
from clawtui.tui.panes.activity.pane import ActivityPane, ActivityViewModel
from clawtui.tui.screens.run_screens import ActivityScreen


class ShownActivity:
    """Controller of the activity screen: it reads the dispatcher's logs again when the newest one has grown."""

    def __init__(self, context: CommandContext) -> None:
        self._app = context.app
        self._view = context.dashboard.view
        self._paths = context.paths
        self._clock = context.clock
        self._tail: LogTail | None = None
        self._dispatches: DispatchHistory | None = None
        self._problem: str | None = None
        self._loading = Loader(context.app, "reading the dispatcher's logs", self._load, self._take, self._fail)
        self._pane = ActivityPane(context.zone)
        self._screen = ActivityScreen(self._pane, self._fill, self._loading.start)

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

    def _load(self) -> DispatchHistory:
        from clawtui.operations.runs.dispatch_history import read_dispatches

        return read_dispatches(self._paths, self._clock() - timedelta(hours=self._pane.hours))

    def _take(self, dispatches: DispatchHistory) -> None:
        self._dispatches, self._problem = dispatches, None
        self._screen.refresh_lines()

    def _fail(self, problem: str) -> None:
        self._problem = problem
        self._screen.refresh_lines()
