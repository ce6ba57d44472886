"""Reading the runs of a job of a stock gateway for the screen that shows them all."""

from __future__ import annotations

from typing import Final

from clawtui.model.gateway.job import Job
from clawtui.model.gateway.run_values import runs_of
from clawtui.model.runs.run import Run
from clawtui.tui.controllers.commands import CommandContext
from clawtui.tui.panes.runs.view_model import RunsViewModel


class JobRuns:
    """Reader of the runs of a job, a `RunsReader`. It loads more of them than the dashboard keeps."""

    what: Final = "reading the runs of a job"

    def __init__(self, context: CommandContext, job: Job) -> None:
        self._view = context.dashboard.view
        self._root = context.paths.root
        self._source = context.source
        self._job = job
        self._loaded: tuple[Run, ...] = ()

    def known(self) -> tuple[Run, ...]:
        """Return the runs in the fleet."""
        gateway = self._view.gateway
        return () if gateway is None else gateway.runs_of(self._job)

    def load(self) -> tuple[Run, ...]:
        """Read the runs of the job from the store."""
        from clawtui.tui.controllers.gateway.history import read_runs

        gateway = self._view.gateway
        owners = gateway.report.owners if gateway is not None else {}
        return runs_of(read_runs(self._root, self._source, self._job.id), owners)

    def take(self, loaded: tuple[Run, ...]) -> None:
        """Show these runs from now on."""
        self._loaded = loaded

    def view_model(self, known: tuple[Run, ...] | None, problem: str | None) -> RunsViewModel:
        """Return the runs that were loaded, or until then those in the fleet."""
        return RunsViewModel(self._job.name, self._loaded or known or (), problem=problem)
