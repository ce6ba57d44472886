"""The parts of the dashboard and their content: one fleet, its verdicts and findings, and the selected run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, Final

from textual.message import Message

from clawtui.model.fleet import Automation, Fleet
from clawtui.model.runs.judgement import BAD
from clawtui.model.runs.run import Run
from clawtui.tui.panes.automations.pane import AutomationsPane
from clawtui.tui.panes.banner import Banner, InterruptedNotices, notice_lines
from clawtui.tui.panes.footer import Footer
from clawtui.tui.panes.header import FindingCounter, Header
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.locks.verdicts import Verdicts
from clawtui.tui.panes.log.pane import LogPane
from clawtui.tui.panes.pane import Pane
from clawtui.tui.panes.timeline.pane import TimelinePane
from clawtui.tui.screens import view_models
from clawtui.tui.screens.judged_runs import RunJudge
from clawtui.tui.screens.run_selection import Pages, RunSelection, SelectionShown
from clawtui.tui.screens.shown_automation import ShownAutomation, show_run, shown_run
from clawtui.tui.screens.view_models import DashboardOptions
from clawtui.tui.terminal.screen_updates import TickRate
from clawtui.tui.widgets.error_boundary import failing_alone
from clawtui.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from clawtui.model.findings.finding import Finding
    from clawtui.model.gateway.job import Job
    from clawtui.tui.screens.gateway_view import GatewayView, Judged, Transcripts

_FIRST_FLEET: Final = 0.3
"""Seconds that the first frame waits at most for the first fleet of a local root."""


class DashboardView:
    """Content of the dashboard, derived from the last fleet, the selected automation and the time.

    A part that fails shows its failure, and the others keep working. `post` sends a message to the screen.
    """

    def __init__(self, options: DashboardOptions, post: Callable[[Message], object]) -> None:
        self._options = options
        self._post = post
        self.fleet = Fleet(options.root)
        self._as_read = self.fleet
        self.newest: Fleet | None = None
        """The newest fleet, set on the live thread, so that the first frame shows what was read before it."""
        self.waits = False
        """Whether the first frame waits for a moment for the first fleet, which a local root has at once."""
        self.arrived = Event()
        """Set once `newest` is there."""
        self.held_back: Fleet | None = None
        """The newest fleet while the dashboard is paused."""
        self.paused = False
        self.verdicts = Verdicts()
        self.findings: tuple[Finding, ...] | None = None
        """None until the first examination."""
        self.runs = RunSelection()
        self._runs_judge = RunJudge()
        self.gateway: GatewayView | None = None
        """The content for a stock gateway; None for a root with the files of the design."""
        self.header = Header()
        self.banner = Banner()
        self.automations = AutomationsPane()
        self.timeline = TimelinePane(options.zone)
        self.log_pane = LogPane(options.zone)
        self.locks = LocksPane()
        self.footer = Footer()
        self._finding_counts = FindingCounter()
        self._interrupted: InterruptedNotices = ()
        self._tick_rate = TickRate()
        self.dispatcher = view_models.DispatcherReader()
        self.shows_run: Callable[[], bool] = lambda: False
        """Returns whether timeline or log are visible."""
        self.subject = ShownAutomation(self.automations, self.locks)

    @property
    def chosen(self) -> Automation | None:
        """The automation that timeline and log show."""
        return self.subject.find(self.fleet)

    def pin(self) -> None:
        """Keep the run that is shown while the operator reads it, also when a newer one starts."""
        self.subject.pin(self.chosen)
        self.runs.pin()

    def unpin(self) -> None:
        """Show the newest run again, and that of another automation once the cursor is there."""
        self.subject.unpin()
        self.runs.return_to_newest()

    def read(self, pane: Pane) -> None:
        """Select the run of `pane`, which the operator has entered or scrolled."""
        if pane in (self.timeline, self.log_pane):
            self.pin()
        elif pane is not self.subject.lead:
            self.subject.lead_with(pane)
            self.show_selection()

    @property
    def chosen_job(self) -> Job | None:
        """The job of a stock gateway that timeline and log show."""
        return None if self.gateway is None else self.gateway.job(self.automations.table.selected)

    def start(self) -> None:
        """Show the fleet that has been read so far, for the first frame, which waits for a moment if it is none.

        Reading and drawing share one interpreter: an empty frame would make what is read arrive later.
        """
        if self.waits:
            self.arrived.wait(_FIRST_FLEET)
        self._judge(self.newest or self.fleet)
        self.refresh()

    def show_fleet(self, fleet: Fleet) -> None:
        """Show a new fleet, or keep it for later while paused."""
        if self.paused:
            self.held_back = fleet
            return
        self._judge(fleet)
        self.refresh()

    def show_verdicts(self, verdicts: Verdicts) -> None:
        """Show the verdicts on locks, slots and runs; while paused, keep those on the shown fleet."""
        if self.paused:
            return
        last, workspaces, self.verdicts = self.verdicts, self.fleet.workspaces, verdicts.after(self.verdicts)
        self._judge(self._as_read)
        if self.fleet.workspaces is not workspaces or not verdicts.has_same_words(last):
            self.refresh()
        else:
            self._show_locks(self._now())

    def _judge(self, fleet: Fleet) -> None:
        """Set ``fleet`` as the one that is shown, with the state of each run."""
        self._as_read = fleet
        self.fleet = self._runs_judge.judge(fleet, self.verdicts, self._now())

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show the number of findings."""
        self.findings = findings
        self._show_header(self._now())

    def show_gateway(self, judged: Judged) -> None:
        """Show the verdicts and findings about a stock gateway."""
        self.findings = judged.findings
        if self.gateway is not None and not self.paused:
            self.gateway.take_verdicts(judged)
            self.refresh()

    def show_transcripts(self, transcripts: Transcripts) -> None:
        """Show the events of the transcripts of a stock gateway's runs."""
        if self.gateway is not None:
            self.gateway.transcripts = transcripts
            self.show_selection()

    def show_interrupted(self, notices: InterruptedNotices) -> None:
        """Show the operations that killed processes left unfinished."""
        self._interrupted = notices
        self._show_banner()

    def show_pages(self, pages: Pages) -> None:
        """Show the reports on the selected run and on running runs."""
        self.runs.pages = pages
        if self.paused:
            self.show_selection()
        else:
            self.refresh()

    def toggle_pause(self) -> None:
        """Pause the dashboard, or continue with the newest fleet."""
        self.paused = not self.paused
        if not self.paused and self.held_back is not None:
            self._judge(self.held_back)
            self.held_back = None
        self.refresh()

    def select_run(self, run: Run) -> None:
        """Show a run of the chosen automation in timeline and log."""
        self.runs.show(run)
        self.show_selection()

    def pass_second(self) -> None:
        """Update ages and countdowns if a tick is due."""
        self._tick_rate.pass_second(self._tick)

    def refresh(self) -> None:
        """Show everything again."""
        self._tick_rate.reset()
        now = self._now()
        self._show_banner()
        self.gateway = view_models.gateway_view(self.gateway, self.fleet, now)
        running = self.runs.running
        with failing_alone(self.automations, retry=True):
            if self.gateway is not None:
                self.automations.show(self.gateway.jobs, now)
            else:
                dispatcher = self.dispatcher.read(self.fleet)
                rows = view_models.automations_view_model(self.fleet, dispatcher, running, self.verdicts)
                self.automations.show(rows, now)
        self._show_locks(now)
        self.show_selection()

    def show_selection(self) -> None:
        """Show the selected run in timeline and log."""
        now = self._now()
        shown = shown_run(self.fleet, self.runs, self.chosen, self.gateway, self.chosen_job)
        show_run(shown, self.timeline, self.log_pane, now)
        run, attended = shown.choice.run, self.subject.lead.table.cursor.held and self.shows_run()
        rows = self.automations.rows
        if attended and run is not None and run.status in BAD and rows.mark_seen(run.automation_id, run.started):
            self.automations.rearrange()
        self._post(SelectionShown(shown.log.path))

    def _tick(self) -> bool:
        """Update the parts that depend on the time; return whether a text that shows seconds has changed."""
        if self.paused:
            return False
        before = LineView.repainted_by_second
        now = self._now()
        self._show_header(now)
        for pane in (self.automations, self.timeline, self.log_pane, self.locks):
            with failing_alone(pane):
                pane.tick(now)
        return LineView.repainted_by_second != before

    def _show_locks(self, now: datetime) -> None:
        self._show_header(now)
        with failing_alone(self.locks, retry=True):
            gateway = self.gateway
            self.locks.show(gateway.held if gateway else view_models.locks_view_model(self.fleet, self.verdicts), now)

    def _show_banner(self) -> None:
        self.banner.show(notice_lines(self.fleet, self._interrupted, self.banner.default_roots))

    def _show_header(self, now: datetime) -> None:
        findings = self._finding_counts.of(self.findings or ())
        shown = view_models.header_view_model(self.fleet, self.verdicts, findings, self._options, now, self.paused)
        self.header.show(shown if self.gateway is None else view_models.gateway_header(shown, self.gateway))

    def _now(self) -> datetime:
        return self._options.clock()
