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
    from clawtui.operations.runs.growing_log import LogSummaryReader
    from clawtui.operations.runs.log_summary import DurationStatsReader

_ANOTHER_RUN: Final = 0.0
_GOING_ON: Final = 1.0
"""Seconds between two readings of a running run."""
_SHARE: Final = 20
"""The pause after a round is at least this many times its duration, since a log can have gigabytes."""


class _Request(NamedTuple):
    """A run to read, and the objects that its report depends on: the same objects make the same report."""

    run: Run
    runs: tuple[Run, ...]
    inputs: tuple[object, ...]

    def is_same_as(self, other: _Request) -> bool:
        return self.runs is other.runs and all(new is old for new, old in zip(self.inputs, other.inputs, strict=True))


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
        self._requests: Mapping[PageKey, _Request] = {}
        self._read: dict[PageKey, tuple[_Request, RunReport]] = {}
        self._usual: DurationStatsReader | None = None
        self._summaries: LogSummaryReader | None = None
        self._gap = _GOING_ON
        self._worker = PeriodicWorker(app, "reading the reports on runs", self._read_all, monotonic)

    def observe(self, fleet: Fleet, shown: RunSelection) -> None:
        """Read the reports that are affected by a difference from the last fleet or selection."""
        if not fleet.loaded:
            return
        last, self._requests = self._requests, _requests(fleet, shown, self._going.of(fleet.workspaces))
        if any(key not in last or last[key].runs is not request.runs for key, request in self._requests.items()):
            self._worker.ask(_ANOTHER_RUN)
        elif any(not last[key].is_same_as(request) for key, request in self._requests.items()):
            self._worker.ask(self._gap)

    def _read_all(self) -> None:
        from clawtui.operations.runs.growing_log import LogSummaryReader
        from clawtui.operations.runs.log_summary import DurationStatsReader

        usual = self._usual = self._usual or DurationStatsReader(self._paths, wait_for_urgent_jobs)
        summaries = self._summaries = self._summaries or LogSummaryReader(self._paths, wait_for_urgent_jobs)
        began, requests = self._monotonic(), self._requests
        self._read = {key: self._page(key, one, usual, summaries) for key, one in requests.items()}
        summaries.keep({request.run.log for request in requests.values()})
        self._gap = max(_GOING_ON, _SHARE * (self._monotonic() - began))
        self._app.call_later(self._show, {key: page for key, (_, page) in self._read.items()})

    def _page(
        self, key: PageKey, request: _Request, usual: DurationStatsReader, summaries: LogSummaryReader
    ) -> tuple[_Request, RunReport]:
        from clawtui.model.errors import ClawtuiError
        from clawtui.operations.runs.history import with_ending
        from clawtui.operations.runs.report import read_report

        known = self._read.get(key)
        if known is not None and known[0].is_same_as(request):
            return known
        try:
            run = with_ending(self._paths, request.run)
            return request, read_report(self._paths, run, request.runs, self._clock(), usual, summaries)
        except ClawtuiError as error:
            return request, RunReport(request.run, problem=str(error))


def _requests(fleet: Fleet, shown: RunSelection, going: Iterable[str]) -> dict[PageKey, _Request]:
    """Return the runs to read: the selected one, and those in the workspaces `going`."""
    choice = shown.choice
    requests: dict[PageKey, _Request] = {}
    if choice.run is not None and choice.automation is not None:
        requests[choice.automation.id, choice.run.identity] = _request_for(
            fleet, choice.automation, choice.run, choice.runs
        )
    for automation in (each for id in going for each in fleet.automations_with(id)):
        runs = shown.runs_of(fleet, automation)
        if runs and runs[0].running:
            requests[automation.id, runs[0].identity] = _request_for(fleet, automation, runs[0], runs)
    return requests


def _request_for(fleet: Fleet, automation: Automation, run: Run, runs: tuple[Run, ...]) -> _Request:
    """Return the run with the objects that its report depends on: of a running one, also its state and progress."""
    workspace = fleet.workspaces.get(automation.id)
    state = workspace.state if workspace is not None and run.running else None
    # The end of a log on another host comes some time after the run was selected.
    has_log = fleet.connection is None or run.log in fleet.tails
    return _Request(run, runs, (state, workspace.progress if workspace is not None else None, has_log))
