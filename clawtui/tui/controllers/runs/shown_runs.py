"""Filling the screen with the runs of an automation, or of a job of a stock gateway, while it is open."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

from clawtui.model.runs.run import Run
from clawtui.tui.controllers.commands import CommandContext
from clawtui.tui.controllers.runs.loader import Loader
from clawtui.tui.panes.runs.pane import RunsPane
from clawtui.tui.panes.runs.view_model import RunsViewModel
from clawtui.tui.screens.run_screens import RunsScreen

T = TypeVar("T")


class RunsReader(Protocol[T]):
    """Reader of the runs of one automation or job: those in the fleet, and more that is loaded in a thread."""

    @property
    def what(self) -> str:
        """The name of the load in a failure report."""

    def known(self) -> tuple[Run, ...] | None:
        """Return the runs in the fleet, the same object while they are the same; None where there is no automation."""

    def load(self) -> T:
        """Load what the fleet does not have; called in a thread. Raises ClawtuiError."""

    def take(self, loaded: T) -> None:
        """Use the result of `load` from now on."""

    def view_model(self, known: tuple[Run, ...] | None, problem: str | None) -> RunsViewModel:
        """Return the content of the pane; `problem` is the reason why the last load failed."""


class ShownRuns(Generic[T]):
    """Controller of one screen with runs."""

    def __init__(self, context: CommandContext, reader: RunsReader[T]) -> None:
        self._app = context.app
        self._view = context.dashboard.view
        self._clock = context.clock
        self._reader = reader
        self._known: tuple[Run, ...] | None = None
        self._problem: str | None = None
        self._loading = Loader(context.app, reader.what, reader.load, self._take, self._fail)
        self._pane = RunsPane(context.zone)
        self._screen = RunsScreen(
            self._pane, self._fill, self._loading.start, context.dashboard.open_run, context.dashboard.open_run_log
        )

    def open(self) -> None:
        """Show the screen, with the cursor on the run that the dashboard shows."""
        self._app.push_screen(self._screen)

    def _fill(self) -> None:
        known, first = self._reader.known(), not self._known
        if known is not None and known is not self._known:
            self._known = known
            self._loading.start()
        self._pane.show(self._reader.view_model(known, self._problem), self._clock())
        run = self._view.runs.choice.run
        if known is not None and first and run is not None:
            self._pane.go_to(run)

    def _take(self, loaded: T) -> None:
        self._reader.take(loaded)
        self._problem = None
        self._screen.refresh_lines()

    def _fail(self, problem: str) -> None:
        self._problem = problem
        self._screen.refresh_lines()
