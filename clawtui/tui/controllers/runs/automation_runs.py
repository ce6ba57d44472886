"""Reading the runs of an automation for the screen that shows them all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from msgspec.structs import replace

from clawtui.model.documents.artifact import count_by_run
from clawtui.model.runs.durations import DurationStats
from clawtui.model.runs.run import Run
from clawtui.tui.controllers.commands import CommandContext
from clawtui.tui.panes.runs.view_model import RunsViewModel

_Identity = tuple[datetime, str]


class _Loaded(NamedTuple):
    """Data that a fleet does not hold: endings that are only in logs, and the number of artifacts of each run."""

    endings: Mapping[_Identity, Run]
    artifacts: Mapping[_Identity, int]


class AutomationRuns:
    """Reader of the runs of the selected automation, a `RunsReader`."""

    what: Final = "reading what is left of the runs"

    def __init__(self, context: CommandContext) -> None:
        self._view = context.dashboard.view
        self._paths = context.paths
        self._key = self._view.chosen.config.path if self._view.chosen is not None else ""
        self._runs: tuple[Run, ...] = ()
        self._loaded: _Loaded | None = None

    def known(self) -> tuple[Run, ...] | None:
        """Return the runs in the fleet; None where the automation does not exist any more."""
        automation = self._view.fleet.automations.get(self._key)
        if automation is None:
            return None
        self._runs = self._view.runs.runs_of(self._view.fleet, automation)
        return self._runs

    def load(self) -> _Loaded:
        """Read the endings of the runs that have none in the fleet, and count their artifacts."""
        from clawtui.operations.runs.history import with_ending
        from clawtui.storage.stores.artifacts import ArtifactStore

        runs = self._runs
        endings = {run.identity: with_ending(self._paths, run) for run in runs if run.status is None}
        found = ArtifactStore(self._paths).list_artifacts(runs[0].automation_id) if runs else ()
        return _Loaded(endings, count_by_run(found, runs))

    def take(self, loaded: _Loaded) -> None:
        """Use these endings and numbers from now on."""
        self._loaded = loaded

    def view_model(self, known: tuple[Run, ...] | None, problem: str | None) -> RunsViewModel:
        """Return the runs with their endings, and their usual durations."""
        automation = self._view.fleet.automations.get(self._key)
        if automation is None or known is None:
            return RunsViewModel(self._key, problem="does not exist any more")
        page = self._view.runs.page
        usual = page.usual if page is not None else DurationStats()
        if self._loaded is not None:
            artifacts: Mapping[_Identity, int] | None = self._loaded.artifacts
        else:
            artifacts = None if problem is None else {}
        return RunsViewModel(automation.name, tuple(map(self._as_it_ended, known)), usual, artifacts, problem)

    def _as_it_ended(self, run: Run) -> Run:
        """Return `run` with the ending found in its log, or unchanged if none was found."""
        ending = self._loaded.endings.get(run.identity) if self._loaded is not None else None
        return run if ending is None else replace(ending, next_start=run.next_start)
