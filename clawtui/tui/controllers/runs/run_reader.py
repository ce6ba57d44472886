"""Reading the reports on the selected run and on all running runs in the background."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from textual.app import App

from clawtui.files.log_view.worker import wait_for_urgent_jobs
from clawtui.model.fleet import Automation, Fleet, Workspace
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.run import Run
from clawtui.model.versioned_map import Derived
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.background import PeriodicWorker
from clawtui.tui.screens.run_selection import PageKey, Pages, RunSelection

if TYPE_CHECKING:
    from clawtui.model.documents.workspace import RuntimeState
    from clawtui.operations.runs.log_summary import DurationStatsReader

_ANOTHER_RUN: Final = 0.0
_GOING_ON: Final = 1.0
"""Seconds between two readings of a running run."""
_SHARE: Final = 20
"""The pause after a round is at least this many times its duration, since a log can have gigabytes."""


class _Wanted(NamedTuple):
    """A run to read, and the objects that its report depends on: the same objects make the same report."""

    run: Run
    runs: tuple[Run, ...]
    papers: tuple[object, ...]

    def is_same_as(self, other: _Wanted) -> bool:
        return self.runs is other.runs and all(new is old for new, old in zip(self.papers, other.papers, strict=True))


class RunReader:
    """Reader of reports in the background; it calls `show` with all of them on the event loop."""

    def __init__(
        self,
        app: App[None],
        paths: StatePaths,
        clock: Callable[[], datetime],
        show: Callable[[Pages], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._paths = paths
        self._clock = clock
        self._show = show
        self._monotonic = monotonic
        self._going: Derived[str, Workspace, RuntimeState] = Derived(lambda workspace: workspace.running)
        self._wanted: Mapping[PageKey, _Wanted] = {}
        self._read: dict[PageKey, tuple[_Wanted, RunReport]] = {}
        self._usual: DurationStatsReader | None = None
        self._gap = _GOING_ON
        self._worker = PeriodicWorker(app, "reading the reports on runs", self._read_all, monotonic)

    def consider(self, fleet: Fleet, shown: RunSelection) -> None:
        """Read the reports that are affected by a difference from the last fleet or selection."""
        if not fleet.loaded:
            return
        last, self._wanted = self._wanted, _wanted(fleet, shown, self._going.of(fleet.workspaces))
        if any(key not in last or last[key].runs is not wanted.runs for key, wanted in self._wanted.items()):
            self._worker.ask(_ANOTHER_RUN)
        elif any(not last[key].is_same_as(wanted) for key, wanted in self._wanted.items()):
            self._worker.ask(self._gap)

    def _read_all(self) -> None:
        from clawtui.operations.runs.log_summary import DurationStatsReader

        self._usual = self._usual or DurationStatsReader(self._paths, wait_for_urgent_jobs)
        began, wanted = self._monotonic(), self._wanted
        self._read = {key: self._page(key, one, self._usual) for key, one in wanted.items()}
        self._gap = max(_GOING_ON, _SHARE * (self._monotonic() - began))
        self._app.call_later(self._show, {key: page for key, (_, page) in self._read.items()})

    def _page(self, key: PageKey, wanted: _Wanted, usual: DurationStatsReader) -> tuple[_Wanted, RunReport]:
        from clawtui.model.errors import ClawtuiError
        from clawtui.operations.runs.history import with_ending
        from clawtui.operations.runs.report import read_report

        known = self._read.get(key)
        if known is not None and known[0].is_same_as(wanted):
            return known
        try:
            run = with_ending(self._paths, wanted.run)
            return wanted, read_report(self._paths, run, wanted.runs, self._clock(), usual, wait_for_urgent_jobs)
        except ClawtuiError as error:
            return wanted, RunReport(wanted.run, problem=str(error))


def _wanted(fleet: Fleet, shown: RunSelection, going: Iterable[str]) -> dict[PageKey, _Wanted]:
    """Return the runs to read: the selected one, and those in the workspaces `going`."""
    choice = shown.choice
    wanted: dict[PageKey, _Wanted] = {}
    if choice.run is not None and choice.automation is not None:
        wanted[choice.automation.id, choice.run.identity] = _want(fleet, choice.automation, choice.run, choice.runs)
    for automation in (each for id in going for each in fleet.automations_with(id)):
        runs = shown.runs_of(fleet, automation)
        if runs and runs[0].running:
            wanted[automation.id, runs[0].identity] = _want(fleet, automation, runs[0], runs)
    return wanted


def _want(fleet: Fleet, automation: Automation, run: Run, runs: tuple[Run, ...]) -> _Wanted:
    """Return the run with the objects that its report depends on: of a running one, also its state and progress."""
    workspace = fleet.workspaces.get(automation.id)
    state = workspace.state if workspace is not None and run.running else None
    # The end of a log on another host comes some time after the run was selected.
    has_log = fleet.connection is None or run.log in fleet.tails
    return _Wanted(run, runs, (state, workspace.progress if workspace is not None else None, has_log))
