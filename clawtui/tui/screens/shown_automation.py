"""The automation that timeline and log show, from a row or pinned, and the content of both panes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace
from textual.app import App
from textual.screen import Screen

from clawtui.model.documents.log_entry import RawLine
from clawtui.model.fleet import Automation, Fleet
from clawtui.tui.panes.automations.pane import AutomationsPane
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.log.pane import LogPane
from clawtui.tui.panes.log.view_model import LogViewModel
from clawtui.tui.panes.pane import Pane
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.panes.timeline.pane import TimelinePane
from clawtui.tui.panes.timeline.view_model import TimelineViewModel
from clawtui.tui.screens import view_models
from clawtui.tui.screens.run_selection import RunChoice, RunSelection
from clawtui.tui.widgets.error_boundary import failing_alone

if TYPE_CHECKING:
    from clawtui.model.gateway.job import Job
    from clawtui.tui.panes.gateway.run import GatewayRunViewModel
    from clawtui.tui.screens.dashboard_view import DashboardView
    from clawtui.tui.screens.gateway_view import GatewayView


class ShownAutomation:
    """Choice of the automation that timeline, log and keys are about.

    Of the panes with automations and with locks, the one that was current last determines the automation. An automation
    is pinned while the operator reads its timeline or log.
    """

    def __init__(self, automations: AutomationsPane, locks: LocksPane) -> None:
        self._automations = automations
        self._locks = locks
        self._lead: TablePane = automations
        self._pinned: str | None = None

    @property
    def lead(self) -> TablePane:
        """The pane whose row is shown."""
        return self._lead

    def find(self, fleet: Fleet) -> Automation | None:
        """Return the automation in `fleet`; None if there is no row, or if the row's lock has no holder in `fleet`."""
        pinned = fleet.automations.get(self._pinned) if self._pinned is not None else None
        if pinned is not None:
            return pinned
        selected = self._lead.table.selected or ""
        return holder(fleet, selected) if self._lead is self._locks else fleet.automations.get(selected)

    def why_none(self, fleet: Fleet) -> str:
        """Return the reason why `find` returns None."""
        if self._lead is not self._locks:
            return "There is no automation to choose here."
        reading = fleet.locks.get(self._locks.table.selected or "")
        if reading is None:
            return "There is no lock to choose here."
        if reading.value is None:
            return "The lock cannot be read, so that its holder is unknown."
        return f"{reading.value.field_text('automation_id')}, which holds the lock, is not an automation here."

    def lead_with(self, pane: Pane) -> None:
        """Show the automation of the row of `pane`, if it is one of these two panes."""
        if pane is self._automations or pane is self._locks:
            if pane is not self._lead:
                self._pinned = None
            self._lead = self._locks if pane is self._locks else self._automations

    def pin(self, automation: Automation | None) -> None:
        """Keep `automation`, and the cursor of the table on its row."""
        self._pinned = automation.config.path if automation is not None else None
        self._lead.table.cursor.hold()

    def unpin(self) -> None:
        """Follow the row of the table again."""
        self._pinned = None


def holder(fleet: Fleet, lock: str) -> Automation | None:
    """Return the automation that holds the lock at the path `lock`; None if that is unknown or not in `fleet`."""
    reading = fleet.locks.get(lock)
    if reading is None or reading.value is None:
        return None
    return next(iter(fleet.automations_with(reading.value.automation_id)), None)


class ShownRun(NamedTuple):
    """The content of the two panes."""

    choice: RunChoice
    timeline: TimelineViewModel | GatewayRunViewModel
    log: LogViewModel


def shown_run(
    fleet: Fleet,
    runs: RunSelection,
    chosen: Automation | None,
    gateway: GatewayView | None = None,
    job: Job | None = None,
    place: str = "",
) -> ShownRun:
    """Return what is shown of the selected run of ``chosen``, or of ``job`` of a stock gateway.

    ``place`` names the root where the panes show those of several.
    """
    if gateway is not None and job is not None:
        choice = runs.choose(job.id, gateway.runs_of(job))
    else:
        choice = runs.look(fleet, chosen)
    if gateway is not None:
        log = view_models.gateway_log(fleet, job, choice)
        return ShownRun(choice, gateway.run_view(job, choice.run, past=choice.past), replace(log, place=place))
    log = view_models.log_view_model(fleet, choice, runs.page)
    return ShownRun(choice, view_models.timeline_view_model(fleet, choice, runs.page), replace(log, place=place))


def show_run(shown: ShownRun, timeline: TimelinePane, log: LogPane, now: datetime) -> None:
    """Show a run in the two panes; one that fails shows its failure."""
    with failing_alone(timeline, retry=True):
        timeline.show(shown.timeline, now)
    with failing_alone(log, retry=True):
        log.show(shown.log, now)
    for pane in (timeline, log):
        pane.heading.note(view_models.past_note(shown.choice, now))


def title_of(view: DashboardView, chosen: Automation | Job | None) -> Callable[[], str]:
    """Return a function that returns the name of an automation or a job now; where it is gone, the one that it had."""

    def newest_name() -> str:
        if chosen is None:
            return ""
        if isinstance(chosen, Automation):
            return view.fleet.automations.get(chosen.config.path, chosen).name
        return ((view.gateway.job(chosen.id) if view.gateway is not None else None) or chosen).name

    return newest_name


def show_entry(app: App[None], line: RawLine) -> None:
    """Show a whole log entry as JSON in a dialog."""
    from clawtui.tui.dialogs.dialog_text import entry_lines
    from clawtui.tui.dialogs.lines_dialog import LinesDialog

    app.push_screen(LinesDialog("Entry", lambda width: entry_lines(line.decoded(), width)))


def notify_no_selection(node: App[None] | Screen[None], view: DashboardView) -> None:
    """Say why no automation, job or lock is selected."""
    node.notify(view.subject.why_none(view.fleet), severity="warning", markup=False)
