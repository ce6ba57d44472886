"""Filling the screen with the runs of a job of a stock gateway while it is open."""

from __future__ import annotations

from clawtui.model.gateway.job import Job
from clawtui.model.gateway.run_values import runs_of
from clawtui.model.runs.run import Run
from clawtui.tui.controllers.commands import CommandContext
from clawtui.tui.controllers.runs.loader import Loader
from clawtui.tui.panes.runs.pane import RunsPane
from clawtui.tui.panes.runs.view_model import RunsViewModel
from clawtui.tui.screens.run_screens import RunsScreen


class ShownGatewayRuns:
    """Controller of one screen with the runs of a job. More of them are read than the dashboard keeps."""

    def __init__(self, context: CommandContext, job: Job) -> None:
        self._app = context.app
        self._view = context.dashboard.view
        self._root = context.paths.root
        self._source = context.source
        self._clock = context.clock
        self._job = job
        self._seen: object = None
        self._runs: tuple[Run, ...] = ()
        self._problem: str | None = None
        self._loading = Loader(context.app, "reading the runs of a job", self._load, self._take, self._fail)
        self._pane = RunsPane(context.zone)
        self._screen = RunsScreen(
            self._pane, self._fill, self._loading.start, context.dashboard.open_run, context.dashboard.open_run_log
        )

    def open(self) -> None:
        """Show the screen, with the cursor on the run that the dashboard shows."""
        self._app.push_screen(self._screen)

    def _fill(self) -> None:
        gateway = self._view.gateway
        known = () if gateway is None else gateway.runs_of(self._job)
        first = self._seen is None
        if known is not self._seen:
            self._seen = known
            self._loading.start()
        runs = self._runs or known
        self._pane.show(RunsViewModel(self._job.name, runs, problem=self._problem), self._clock())
        if first and self._view.runs.choice.run is not None:
            self._pane.go_to(self._view.runs.choice.run)

    def _load(self) -> tuple[Run, ...]:
        from clawtui.tui.controllers.gateway.history import read_runs

        gateway = self._view.gateway
        owners = gateway.report.owners if gateway is not None else {}
        return runs_of(read_runs(self._root, self._source, self._job.id), owners)

    def _take(self, runs: tuple[Run, ...]) -> None:
        self._runs, self._problem = runs, None
        self._screen.refresh_lines()

    def _fail(self, problem: str) -> None:
        self._problem = problem
        self._screen.refresh_lines()
