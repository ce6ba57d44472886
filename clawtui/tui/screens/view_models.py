"""A fleet cut into what each part of the dashboard shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from clawtui.model.documents.base import Document, Problem
from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Fleet, LogTail, Reading
from clawtui.model.run_state import DispatcherStatus, dispatcher_news
from clawtui.model.runs.report import RunReport
from clawtui.storage.user.files import shortened
from clawtui.tui.panes.automations.pane import AutomationsViewModel
from clawtui.tui.panes.header import HeaderViewModel
from clawtui.tui.panes.locks.verdicts import Verdicts, locks_to_look_at
from clawtui.tui.panes.locks.view_model import LocksViewModel
from clawtui.tui.panes.log.view_model import LogViewModel
from clawtui.tui.panes.timeline.view_model import TimelineViewModel
from clawtui.tui.screens.run_selection import RunChoice
from clawtui.tui.widgets.line import Line, Span


class ViewModels:
    """The dispatcher's news, read again only when its log says something new."""

    def __init__(self) -> None:
        self._tail: LogTail | None = None
        self._news = dispatcher_news(())

    def read(self, fleet: Fleet) -> DispatcherStatus:
        """What the dispatcher last did."""
        path = fleet.dispatcher_log
        tail = fleet.tails.get(path) if path else None
        if tail is not self._tail:
            self._tail = tail
            self._news = dispatcher_news(tail.lines if tail else ())
        return self._news


def automations_slice(fleet: Fleet, news: DispatcherStatus, going: Mapping[str, RunReport]) -> AutomationsViewModel:
    """For the automations pane; ``going`` is what is known of the runs that go on, by their automations' ids."""
    return AutomationsViewModel(fleet.automations, fleet.workspaces, news.skips, fleet.loaded, going)


def timeline_slice(fleet: Fleet, choice: RunChoice, page: RunReport | None) -> TimelineViewModel:
    """For the timeline pane."""
    chosen = choice.automation
    return TimelineViewModel(chosen, fleet.workspaces.get(chosen.id) if chosen else None, choice.run, page, choice.past)


def log_slice(fleet: Fleet, choice: RunChoice) -> LogViewModel:
    """For the log pane: the log of the run that is shown. One that goes on and has none has the newest there is."""
    chosen, run = choice.automation, choice.run
    path = fleet.dispatcher_log
    dispatcher = LogViewModel(path, fleet.tails.get(path) if path else None)
    if chosen is None:
        return LogViewModel(dispatcher=dispatcher)
    if run is not None and (run.log is not None or not run.running):
        path, own = run.log, not run.shares_log
    else:
        path, own = fleet.run_log(chosen), chosen.id in fleet.logs.get(chosen.type, {})
    return LogViewModel(path, fleet.tails.get(path) if path else None, None if own else chosen.id, dispatcher)


def past_note(choice: RunChoice) -> Line:
    """Says plainly that another run than the newest is shown, and how to return to that."""
    if choice.run is None or not choice.past:
        return ()
    return (Span(f"PAST RUN, {choice.position} back · Esc: newest", "warn"), Span("  "))


def locks_slice(fleet: Fleet, verdicts: Verdicts) -> LocksViewModel:
    """For the locks pane."""
    return LocksViewModel(fleet.locks, fleet.lock_timeout, fleet.concurrency, verdicts)


def header_slice(
    fleet: Fleet,
    verdicts: Verdicts,
    findings: Sequence[Finding],
    host: str,
    now: datetime,
    *,
    read_only: bool = False,
    paused: bool = False,
    demo: bool = False,
) -> HeaderViewModel:
    """For the header."""
    need_a_hand, in_doubt = locks_to_look_at(fleet.locks, verdicts, now, fleet.lock_timeout)
    dispatcher = fleet.dispatcher.value if fleet.dispatcher else None
    return HeaderViewModel(
        root=shortened(fleet.root),
        host=host,
        watch=fleet.watch,
        used_slots=len(fleet.slots),
        max_slots=None if fleet.concurrency is not None and fleet.concurrency.value is None else fleet.max_slots,
        locks_to_look_at=need_a_hand + in_doubt,
        locks_need_a_hand=need_a_hand > 0,
        problems=len(fleet.problems),
        findings=sum(finding.severity != "info" for finding in findings),
        findings_role="bad" if any(finding.severity == "error" for finding in findings) else "warn",
        dispatcher_off=dispatcher is not None and not dispatcher.enabled,
        read_only=read_only,
        paused=paused,
        demo=demo,
    )


def documents(fleet: Fleet, key: str) -> Iterable[tuple[str, Document | Problem | None]]:
    """Everything that is on disk about the automation with this key, file by file."""
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
