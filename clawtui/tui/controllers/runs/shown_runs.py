"""Filling the screen with all runs of an automation while it is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from clawtui.model.documents.artifact import count_by_run
from clawtui.model.runs.durations import DurationStats
from clawtui.model.runs.run import Run
from clawtui.tui.controllers.commands import CommandContext
from clawtui.tui.controllers.runs.loader import Loader
from clawtui.tui.panes.runs.pane import RunsPane
from clawtui.tui.panes.runs.view_model import RunsViewModel
from clawtui.tui.screens.run_screens import RunsScreen

_Identity = tuple[datetime, str]


class _Read(NamedTuple):
    """Data that a fleet does not hold: endings that are only in logs, and the number of artifacts of each run."""

    endings: Mapping[_Identity, Run]
    artifacts: Mapping[_Identity, int]


class ShownRuns:
    """Controller of one screen with the runs of an automation."""

    def __init__(self, context: CommandContext) -> None:
        self._app = context.app
        self._view = context.dashboard.view
        self._paths = context.paths
        self._clock = context.clock
        self._key = self._view.chosen.config.path if self._view.chosen is not None else ""
        self._runs: tuple[Run, ...] = ()
        self._read: _Read | None = None
        self._problem: str | None = None
        self._loading = Loader(context.app, "reading what is left of the runs", self._load, self._take, self._fail)
        self._pane = RunsPane(context.zone)
        self._screen = RunsScreen(
            self._pane, self._fill, self._loading.start, context.dashboard.open_run, context.dashboard.open_run_log
        )

    def open(self) -> None:
        """Show the screen, with the cursor on the run that the dashboard shows."""
        self._app.push_screen(self._screen)

    def _fill(self) -> None:
        view = self._view
        automation = view.fleet.automations.get(self._key)
        if automation is None:
            self._pane.show(RunsViewModel(self._key, problem="does not exist any more"), self._clock())
            return
        runs = view.runs.runs_of(view.fleet, automation)
        first, changed = not self._runs, runs is not self._runs
        if changed:
            self._runs = runs
            self._loading.start()
        page = view.runs.page
        usual = page.usual if page is not None else DurationStats()
        artifacts = self._read.artifacts if self._read is not None else None
        with_endings = tuple(map(self._as_it_ended, runs))
        self._pane.show(RunsViewModel(automation.name, with_endings, usual, artifacts, self._problem), self._clock())
        if first and view.runs.choice.run is not None:
            self._pane.go_to(view.runs.choice.run)

    def _as_it_ended(self, run: Run) -> Run:
        """Return `run` with the ending found in its log, or unchanged if none was found."""
        ending = self._read.endings.get(run.identity) if self._read is not None else None
        return run if ending is None else replace(ending, next_start=run.next_start)

    def _load(self) -> _Read:
        from clawtui.operations.runs.history import with_ending
        from clawtui.storage.stores.artifacts import ArtifactStore

        runs = self._runs
        endings = {run.identity: with_ending(self._paths, run) for run in runs if run.status is None}
        found = ArtifactStore(self._paths).list_artifacts(runs[0].automation_id) if runs else ()
        return _Read(endings, count_by_run(found, runs))

    def _take(self, read: _Read) -> None:
        self._read, self._problem = read, None
        self._screen.refresh_lines()

    def _fail(self, problem: str) -> None:
        self._read, self._problem = self._read or _Read({}, {}), problem
        self._screen.refresh_lines()
