"""The dashboard: four panes, each with its slice of the newest fleet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Automation, Fleet
from clawtui.model.runs.run import Run
from clawtui.tui.panes.automations.pane import AutomationsPane
from clawtui.tui.panes.banner import Banner, InterruptedNotices, notice_lines
from clawtui.tui.panes.footer import Footer
from clawtui.tui.panes.header import Header
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.locks.verdicts import Verdicts
from clawtui.tui.panes.log.pane import LogPane
from clawtui.tui.panes.timeline.pane import TimelinePane
from clawtui.tui.screens import view_models as slices
from clawtui.tui.screens.bindings import GENERAL_KEYS, RUN_KEYS
from clawtui.tui.screens.key_hints import hints
from clawtui.tui.screens.messages import LogWanted, RescanWanted, RunsWanted
from clawtui.tui.screens.pane_grid import PaneGrid
from clawtui.tui.screens.run_selection import Pages, RunSelection
from clawtui.tui.screens.tick_rate import TickRate
from clawtui.tui.terminal.screen_updates import PacedScreen
from clawtui.tui.widgets.error_boundary import failing_alone
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.line_view import LineView


class Dashboard(PacedScreen, inherit_bindings=False):
    """Shows a fleet. Everything on it is derived from the last fleet, the chosen automation and the time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *RUN_KEYS,
        *GENERAL_KEYS,
    ]

    def __init__(
        self, root: str, host: str, clock: Callable[[], datetime], zone: tzinfo | None, *, read_only: bool, demo: bool
    ) -> None:
        super().__init__(id="dashboard")
        self._clock = clock
        self._host = host
        self._read_only = read_only
        self._demo = demo
        self.fleet = Fleet(root)
        self.newest: Fleet | None = None
        """What was read before the first frame is made; set on the live thread."""
        self.held_back: Fleet | None = None
        """The newest fleet, where the screen is held still."""
        self._paused = False
        self._verdicts = Verdicts()
        self.findings: tuple[Finding, ...] | None = None
        """What does not fit together; None until that has been looked into."""
        self._leftovers: InterruptedNotices = ()
        self._log_wanted: str | None = None
        self.runs = RunSelection()
        self._pace = TickRate()
        self._news = slices.ViewModels()
        self.header = Header()
        self.notice = Banner()
        self.automations = AutomationsPane()
        self.timeline = TimelinePane(zone)
        self.log_pane = LogPane(zone)
        self.locks = LocksPane()
        self.footer = Footer()
        self.panes = PaneGrid(self.automations, self.timeline, self.log_pane, self.locks)

    def compose(self) -> ComposeResult:
        """Header, panes, footer."""
        yield self.header
        yield self.notice
        yield self.panes
        yield self.footer

    def on_mount(self) -> None:
        """The first frame waits for nothing, and shows what has been read by then."""
        self.fleet = self.newest or self.fleet
        self.panes.go_to(self.automations)
        self._show()
        self.set_interval(1.0, partial(self._pace.pass_second, self.tick))

    @property
    def chosen(self) -> Automation | None:
        """The automation that timeline and log follow."""
        return self.fleet.automations.get(self.automations.table.selected or "")

    def show_fleet(self, fleet: Fleet) -> None:
        """Shows another state of everything; while paused it is kept for later."""
        if self._paused:
            self.held_back = fleet
            return
        self.fleet = fleet
        self._show()

    def show_verdicts(self, verdicts: Verdicts) -> None:
        """Shows what was judged; while paused, the verdicts on what is shown stay."""
        if not self._paused:
            self._verdicts = verdicts
            self._show_locks(self._clock())

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Shows how much does not fit together."""
        self.findings = findings
        self._show_header(self._clock())

    def show_leftovers(self, leftovers: InterruptedNotices) -> None:
        """Shows what a killed process left, until it is mended."""
        self._leftovers = leftovers
        self._show_notice()

    def show_pages(self, pages: Pages) -> None:
        """Shows what was read of the runs in sight."""
        self.runs.pages = pages
        if self._paused:
            self._show_chosen(self._clock())
        else:
            self._show()

    def show_run(self, run: Run) -> None:
        """Goes to the timeline of a run of the chosen automation."""
        self.runs.show(run)
        self._show_chosen(self._clock())
        self.panes.go_to(self.timeline)

    def show_run_log(self, run: Run) -> None:
        """Goes to the log of a run of the chosen automation."""
        self.show_run(run)
        self.panes.go_to(self.log_pane)

    def _show_notice(self) -> None:
        self.notice.show(notice_lines(self.fleet, self._leftovers))

    def tick(self) -> bool:
        """Time has passed: ages and countdowns are told anew. Whether that changed anything."""
        if self._paused:
            return False
        before = LineView.repainted
        now = self._clock()
        self._show_header(now)
        for pane in self.panes.panes:
            with failing_alone(pane):
                pane.tick(now)
        return LineView.repainted != before

    def _show(self) -> None:
        self._pace.hasten()
        now = self._clock()
        self._show_notice()
        news, going = self._news.read(self.fleet), self.runs.going
        with failing_alone(self.automations, retry=True):
            self.automations.show(slices.automations_slice(self.fleet, news, going), now)
        self._show_locks(now)
        self._show_chosen(now)

    def _show_locks(self, now: datetime) -> None:
        self._show_header(now)
        with failing_alone(self.locks, retry=True):
            self.locks.show(slices.locks_slice(self.fleet, self._verdicts), now)

    def _show_chosen(self, now: datetime) -> None:
        choice = self.runs.look(self.fleet, self.chosen)
        with failing_alone(self.timeline, retry=True):
            self.timeline.show(slices.timeline_slice(self.fleet, choice, self.runs.page), now)
        shown = slices.log_slice(self.fleet, choice)
        with failing_alone(self.log_pane, retry=True):
            self.log_pane.show(shown, now)
        for pane in (self.timeline, self.log_pane):
            pane.heading.note(slices.past_note(choice))
        self.post_message(RunsWanted())
        if shown.path != self._log_wanted:
            self._log_wanted = shown.path
            self.post_message(LogWanted(shown.path))

    def _show_header(self, now: datetime) -> None:
        self.header.show(
            slices.header_slice(
                self.fleet,
                self._verdicts,
                self.findings or (),
                self._host,
                now,
                read_only=self._read_only,
                paused=self._paused,
                demo=self._demo,
            )
        )

    def on_line_table_selected(self, event: LineTable.Selected) -> None:
        """Timeline and log follow the chosen automation."""
        if event.control is self.automations.table:
            self._show_chosen(self._clock())

    def on_line_table_opened(self) -> None:
        """A row was clicked twice."""
        self.action_open()

    def on_log_pane_entry_requested(self, event: LogPane.EntryRequested) -> None:
        """Show the whole log entry as JSON in a dialog."""
        from clawtui.tui.dialogs.dialog_text import entry_lines
        from clawtui.tui.dialogs.lines_dialog import LinesDialog

        self.app.push_screen(LinesDialog("Entry", lambda: entry_lines(event.line.decoded())))

    def on_pane_grid_current_changed(self) -> None:
        """The footer tells the keys of the place."""
        self.call_after_refresh(self._show_keys)

    def _show_keys(self) -> None:
        self.footer.show(hints(active for active in self.active_bindings.values() if active.node is not self.app))

    def action_open(self) -> None:
        """Deeper: from an automation to its timeline, from there to its log; a lock as JSON."""
        current = self.panes.current
        if current is self.automations:
            self.panes.go_to(self.timeline)
        elif current is self.timeline:
            self.panes.go_to(self.log_pane)
        else:
            self.action_details()

    def action_log(self) -> None:
        """To the log of the chosen automation."""
        self.panes.go_to(self.log_pane)

    def action_step_run(self, older: int) -> None:
        """Shows the run before, or the one after."""
        if self.chosen is None:
            self._say_nothing_is_chosen()
        elif self.runs.step(older):
            self._show_chosen(self._clock())
            if not self.panes.shows(self.timeline, self.log_pane):
                self.notify("Timeline (2) and log (3) show another run now.", markup=False, timeout=3)
        else:
            self.notify("This is the oldest run." if older > 0 else "This is the newest run.", markup=False)

    def _step_back(self) -> bool:
        """From a past run to the newest, after its filter and before all else; False where there is nothing to do."""
        if self.panes.clear_filter():
            return True
        if self.runs.return_to_newest():
            self._show_chosen(self._clock())
            return True
        return self.panes.step_back()

    def action_back(self) -> None:
        """One step back; at the top it does nothing."""
        self._step_back()

    def action_back_or_quit(self) -> None:
        """One step back; at the top the end."""
        if not self._step_back():
            self.app.exit()

    def action_pause(self) -> None:
        """Holds the screen still, or goes on with the newest."""
        self._paused = not self._paused
        if not self._paused and self.held_back is not None:
            self.fleet, self.held_back = self.held_back, None
        self._show()

    def action_rescan(self) -> None:
        """Doubts everything that is shown."""
        self.post_message(RescanWanted())
        self._show()

    def action_problems(self) -> None:
        """Shows what cannot be read, and why."""
        from clawtui.tui.dialogs.dialog_text import problem_lines
        from clawtui.tui.dialogs.lines_dialog import LinesDialog
        from clawtui.tui.widgets.lines_view import line_room

        room = line_room(self.app.size.width)
        self.app.push_screen(LinesDialog("Problems", lambda: problem_lines(self.fleet, room)))

    def action_details(self) -> None:
        """Shows the files of the chosen thing as JSON."""
        from clawtui.tui.dialogs.dialog_text import document_lines
        from clawtui.tui.dialogs.lines_dialog import LinesDialog
        from clawtui.tui.dialogs.lock_text import lock_detail_lines
        from clawtui.tui.widgets.lines_view import line_room

        if self.panes.current is self.locks:
            key = self.locks.table.selected or ""
            room = line_room(self.app.size.width)
            self.app.push_screen(LinesDialog(key, lambda: lock_detail_lines(self.fleet, self._verdicts, key, room)))
            return
        chosen = self.chosen
        if chosen is None:
            self._say_nothing_is_chosen()
            return
        key = chosen.config.path
        self.app.push_screen(LinesDialog(chosen.name, lambda: document_lines(slices.documents(self.fleet, key))))

    def _say_nothing_is_chosen(self) -> None:
        self.notify("There is no automation to choose here.", severity="warning", markup=False)
