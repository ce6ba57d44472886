"""Functions that make the view model of each part of the dashboard from a fleet and the selected run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from clawtui.model.documents.base import Document, Problem
from clawtui.model.fleet import Fleet, LogTail, Reading
from clawtui.model.run_state import DispatcherStatus, Skip, dispatcher_status
from clawtui.model.runs.judgement import RunState
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.run import RunLines
from clawtui.model.text.units import rough_span
from clawtui.storage.user.files import shortened
from clawtui.tui.panes.automations.pane import AutomationsViewModel
from clawtui.tui.panes.header import FindingCounts, HeaderViewModel
from clawtui.tui.panes.locks.verdicts import Verdicts, current_verdicts, locks_to_look_at
from clawtui.tui.panes.locks.view_model import LocksViewModel
from clawtui.tui.panes.log.view_model import LogViewModel
from clawtui.tui.panes.timeline.view_model import TimelineViewModel
from clawtui.tui.screens.run_selection import RunChoice
from clawtui.tui.widgets.line import Line, Span

if TYPE_CHECKING:
    from clawtui.model.gateway.job import Job
    from clawtui.tui.screens.gateway_view import GatewayView

_LOG_SLACK: Final = timedelta(seconds=5)
"""The time before and after a run in which a stock gateway may log lines about it."""


class DashboardOptions(NamedTuple):
    """Values that are constant while the dashboard is open."""

    root: str
    host: str
    clock: Callable[[], datetime]
    zone: tzinfo | None
    read_only: bool
    demo: bool


class DispatcherReader:
    """Reader of the dispatcher's log, which parses it again only when it has grown."""

    def __init__(self) -> None:
        self._tails: tuple[LogTail, ...] = ()
        self._status = dispatcher_status(())

    def read(self, fleet: Fleet) -> DispatcherStatus:
        """Return the last state of the dispatcher."""
        tails = tuple(fleet.tails[path] for path in fleet.dispatcher_logs if path in fleet.tails)
        if len(tails) != len(self._tails) or any(new is not old for new, old in zip(tails, self._tails, strict=True)):
            self._tails = tails
            self._status = dispatcher_status(chain.from_iterable(tail.lines for tail in tails))
        return self._status


def _with_holders(skips: Mapping[str, Skip], fleet: Fleet, verdicts: Verdicts) -> Mapping[str, Skip]:
    """Return `skips` with the holder of the lock in the reason of each that is because of a lock."""
    from clawtui.model.runs.why import REPOSITORY_LOCKED, skip_text

    if not any(skip.reason == REPOSITORY_LOCKED for skip in skips.values()):
        return skips
    locks = current_verdicts(fleet, verdicts)
    named = {
        id: Skip(skip.at, skip_text(fleet, automation, skip, locks))
        for id, skip in skips.items()
        for automation in fleet.automations_with(id)
    }
    return {**skips, **named}


def automations_view_model(
    fleet: Fleet, dispatcher: DispatcherStatus, running: Mapping[str, RunReport], verdicts: Verdicts
) -> AutomationsViewModel:
    """Return the content of the automations pane; `running` has the reports on running runs by automation id.

    A skip because of a lock names its holder.
    """
    skips = dispatcher.skips and _with_holders(dispatcher.skips, fleet, verdicts)
    return AutomationsViewModel(fleet.automations, fleet.workspaces, skips, fleet.loaded, running)


def timeline_view_model(fleet: Fleet, choice: RunChoice, page: RunReport | None) -> TimelineViewModel:
    """Return the content of the timeline pane; `page` is the report on the run of `choice`."""
    chosen = choice.automation
    return TimelineViewModel(chosen, fleet.workspaces.get(chosen.id) if chosen else None, choice.run, page, choice.past)


def log_view_model(fleet: Fleet, choice: RunChoice, page: RunReport | None = None) -> LogViewModel:
    """Return the content of the log pane: the log of the selected run; ``page`` is the report on that run.

    If the run has no log, the title names that of the previous run.
    """
    chosen, run = choice.automation, choice.run
    path = fleet.dispatcher_log
    dispatcher = LogViewModel(path, fleet.tails.get(path) if path else None, older=fleet.older_dispatcher_logs)
    if chosen is None:
        return LogViewModel(dispatcher=dispatcher)
    if run is not None:
        path, own = run.logs[-1] if run.logs else None, not run.shares_log
        older, lines = run.logs[:-1], run.lines if run.shares_log else None
    else:
        older, lines = (), None
        path, own = fleet.run_log(chosen), chosen.id in fleet.logs.get(chosen.type, {})
    tail, ending = fleet.tails.get(path) if path else None, _ending(fleet, choice, page)
    before = any(one.log is not None for one in choice.runs[choice.position + 1 : choice.position + 2])
    return LogViewModel(path, tail, None if own else chosen.id, dispatcher, *ending, older, lines, has_before=before)


def _ending(fleet: Fleet, choice: RunChoice, page: RunReport | None) -> tuple[RunState | None, datetime | None]:
    """Return the state of the selected run, and when it ended; from its log where only that says so."""
    run = choice.run
    if run is not None and run.status is None and page is not None:
        run = page.run
    if run is None or choice.automation is None:
        return None, None
    workspace = fleet.workspaces.get(choice.automation.id)
    if run.status == "lost" and workspace is not None and workspace.run is not None:
        return run.status, workspace.run.ended
    return run.status, run.ended


def gateway_log(fleet: Fleet, job: Job | None, choice: RunChoice) -> LogViewModel:
    """Return the content of the log pane: the lines of the gateway's log about a job in the time of the selected run.

    Without a run they are all lines about the job. The lines after the newest run are shown with it.
    """
    path = fleet.gateway.log if fleet.gateway is not None else None
    if path is None:
        return LogViewModel(has_gateway=True)
    tail = fleet.tails.get(path) if path else None
    everything = LogViewModel(path, tail)
    if job is None:
        return replace(everything, dispatcher=everything)
    run, lines = choice.run, None
    if run is not None:
        ends = [end for end in (run.ended, run.next_start) if end is not None and run.next_start is not None]
        until = min(ends) + _LOG_SLACK if ends else None
        lines = RunLines(job.id, None, run.started - _LOG_SLACK, until)
    return LogViewModel(path, tail, job.id, everything, run=lines)


def past_note(choice: RunChoice, now: datetime) -> Line:
    """Return the note that a past run is shown, with the key that shows the newest one; empty for the newest."""
    if choice.run is None or not choice.past:
        return ()
    if choice.overtaken:
        since = rough_span(now - choice.runs[0].started)
        return (Span(f"NEWER RUN STARTED {since} AGO · Esc shows it", "warn", click="screen.back"), Span("  "))
    return (Span(f"PAST RUN, {choice.position} back · Esc: newest", "warn", click="screen.back"), Span("  "))


def locks_view_model(fleet: Fleet, verdicts: Verdicts) -> LocksViewModel:
    """Return the content of the locks pane."""
    return LocksViewModel(fleet.locks, fleet.lock_timeout, fleet.concurrency, verdicts)


def header_view_model(
    fleet: Fleet,
    verdicts: Verdicts,
    findings: FindingCounts,
    options: DashboardOptions,
    now: datetime,
    paused: bool,
) -> HeaderViewModel:
    """Return the content of the header at `now`."""
    need_attention, in_doubt = locks_to_look_at(fleet.locks, verdicts, now, fleet.lock_timeout)
    dispatcher = fleet.dispatcher.value if fleet.dispatcher else None
    return HeaderViewModel(
        root=shortened(fleet.root),
        host=options.host if fleet.connection is None else fleet.connection.summary,
        watch=fleet.watch,
        connection="" if fleet.connection is None else fleet.connection.fault,
        used_slots=len(fleet.slots),
        max_slots=fleet.max_slots if fleet.slots_known else None,
        locks_to_look_at=need_attention + in_doubt,
        locks_need_action=need_attention > 0,
        problems=len(fleet.problems),
        findings=findings.notable,
        findings_role="bad" if findings.has_error else "warn",
        dispatcher_off=dispatcher is not None and not dispatcher.enabled,
        read_only=options.read_only,
        paused=paused,
        demo=options.demo,
    )


def gateway_view(known: GatewayView | None, fleet: Fleet, now: datetime) -> GatewayView | None:
    """Return the content for the stock gateway of `fleet`, with the results `known` so far; None if it has none."""
    if fleet.gateway is None:
        return None
    if known is None or known.report.state.kind != fleet.gateway.kind:
        from clawtui.tui.screens.gateway_view import GatewayView

        return GatewayView(fleet.gateway, now)
    known.take(fleet.gateway, now)
    return known


def gateway_header(shown: HeaderViewModel, gateway: GatewayView) -> HeaderViewModel:
    """Return the content of the header with the kind, the condition and the locks of a stock gateway."""
    dead, quiet = gateway.locks_to_look_at()
    words = {"down": "gateway down", "stuck": "gateway stuck", "stopped": "gateway stopped"}
    return replace(
        shown,
        kind=gateway.report.state.short_title,
        gateway=words.get(gateway.report.condition, ""),
        locks_to_look_at=dead + quiet,
        locks_need_action=dead > 0,
        max_slots=None,
    )


def documents(fleet: Fleet, key: str) -> Iterable[tuple[str, Document | Problem | None]]:
    """Return the path and content of each file about the automation at `key`: configuration, workspace, state."""
    automation = fleet.automations.get(key)
    if automation is None:
        return ()
    readings: list[Reading[Document] | None] = [automation.config]
    workspace = fleet.workspaces.get(automation.id)
    if workspace is not None:
        readings += [workspace.info, workspace.state, workspace.progress]
    return [_content(reading) for reading in readings if reading is not None]


def _content(reading: Reading[Document]) -> tuple[str, Document | Problem | None]:
    return (reading.path, reading.value or reading.problem)
