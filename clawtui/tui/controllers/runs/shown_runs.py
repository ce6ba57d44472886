"""The runs of an automation, for as long as somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import NamedTuple

from textual.app import App

from clawtui.model.documents.artifact import count_by_run
from clawtui.model.runs.durations import DurationStats
from clawtui.model.runs.run import Run
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.runs.loader import Loader
from clawtui.tui.panes.runs.pane import RunsPane
from clawtui.tui.panes.runs.view_model import RunsViewModel
from clawtui.tui.screens.dashboard import Dashboard
from clawtui.tui.screens.runs_screen import RunsScreen

_Identity = tuple[datetime, str]


class _Read(NamedTuple):
    """What no fleet tells: how those ended of which only a log tells, and what is left of each."""

    endings: Mapping[_Identity, Run]
    artifacts: Mapping[_Identity, int]


class ShownRuns:
    """Keeps one screen of runs what the disk is."""

    def __init__(
        self,
        app: App[None],
        dashboard: Dashboard,
        paths: StatePaths,
        clock: Callable[[], datetime],
        zone: tzinfo | None,
    ) -> None:
        self._app = app
        self._dashboard = dashboard
        self._paths = paths
        self._clock = clock
        self._key = dashboard.chosen.config.path if dashboard.chosen is not None else ""
        self._runs: tuple[Run, ...] = ()
        self._read: _Read | None = None
        self._problem: str | None = None
        self._loading = Loader(app, "reading what is left of the runs", self._load, self._take, self._fail)
        self._pane = RunsPane(zone)
        self._screen = RunsScreen(
            self._pane, self._fill, self._loading.start, dashboard.show_run, dashboard.show_run_log
        )

    def open(self) -> None:
        """Shows the screen, with the cursor on the run that the dashboard shows."""
        self._app.push_screen(self._screen)

    def _fill(self) -> None:
        dashboard = self._dashboard
        automation = dashboard.fleet.automations.get(self._key)
        if automation is None:
            self._pane.show(RunsViewModel(self._key, problem="is not there any more"), self._clock())
            return
        runs = dashboard.runs.runs_of(dashboard.fleet, automation)
        first, changed = not self._runs, runs is not self._runs
        if changed:
            self._runs = runs
            self._loading.start()
        page = dashboard.runs.page
        usual = page.usual if page is not None else DurationStats()
        artifacts = self._read.artifacts if self._read is not None else None
        told = tuple(map(self._as_it_ended, runs))
        self._pane.show(RunsViewModel(automation.name, told, usual, artifacts, self._problem), self._clock())
        if first and dashboard.runs.choice.run is not None:
            self._pane.go_to(dashboard.runs.choice.run)

    def _as_it_ended(self, run: Run) -> Run:
        """The run with the ending that only its log tells."""
        ending = self._read.endings.get(run.identity) if self._read is not None else None
        return run if ending is None else replace(ending, next_start=run.next_start)

    def _load(self) -> _Read:
        from clawtui.operations.runs.artifacts import artifacts_of
        from clawtui.operations.runs.history import with_ending

        runs = self._runs
        endings = {run.identity: with_ending(self._paths, run) for run in runs if run.status is None}
        found = artifacts_of(self._paths, runs[0].automation_id) if runs else ()
        return _Read(endings, count_by_run(found, runs))

    def _take(self, read: _Read) -> None:
        self._read, self._problem = read, None
        self._screen.refresh_lines()

    def _fail(self, problem: str) -> None:
        self._read, self._problem = self._read or _Read({}, {}), problem
        self._screen.refresh_lines()
