"""The screen of the dashboard: the keys that move between its panes and runs, and the dialogs about the selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from clawtui.model.documents.base import EPOCH
from clawtui.model.runs.run import Run
from clawtui.tui.panes.automations.pane import AutomationsPane
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.log.pane import LogPane
from clawtui.tui.screens.bindings import GENERAL_KEYS, RUN_KEYS
from clawtui.tui.screens.dashboard_view import DashboardView
from clawtui.tui.screens.key_hints import footer_hints
from clawtui.tui.screens.pane_grid import PaneGrid
from clawtui.tui.screens.shown_automation import notify_no_selection, show_entry, title_of
from clawtui.tui.screens.view_models import DashboardOptions, documents
from clawtui.tui.terminal.screen_updates import PacedScreen
from clawtui.tui.widgets.line import Line
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.messages import MessageLine, dismiss_message

if TYPE_CHECKING:
    from clawtui.tui.screens.gateway_view import GatewayView


class Dashboard(PacedScreen, inherit_bindings=False):
    """Screen with the navigation of the dashboard; its content is in `view`."""

    BINDINGS: ClassVar[list[BindingType]] = [*RUN_KEYS, *GENERAL_KEYS]

    def __init__(self, options: DashboardOptions) -> None:
        super().__init__(id="dashboard")
        self.add_class("idle-locks")  # a class that is set later styles all widgets again
        self.view = DashboardView(options, self._pass_on)
        self.panes = PaneGrid(self.view.automations, self.view.timeline, self.view.log_pane, self.view.locks)
        self.panes.on_read = self.view.read
        self.leave: Callable[[], None] | None = None
        """Function that leads back to the list of several roots, if the dashboard was opened from one."""
        self._read_only = options.read_only
        self._shown_keys = ("", False)
        self.view.shows_run = lambda: self.panes.shows(self.view.timeline, self.view.log_pane)

    def compose(self) -> ComposeResult:
        """Yield header, banner, panes and footer."""
        yield self.view.header
        yield self.view.banner
        yield self.panes
        yield self.view.footer
        yield MessageLine()

    def on_mount(self) -> None:
        """Show the fleet that has been read so far: the first frame does not wait for the rest."""
        self.panes.go_to(self.view.automations)
        self.view.start()
        self.set_interval(1.0, self.view.pass_second)

    def open_run(self, run: Run) -> None:
        """Go to the timeline of a run of the selected automation."""
        self.view.select_run(run)
        self.panes.go_to(self.view.timeline)

    def open_run_log(self, run: Run) -> None:
        """Go to the log of a run of the selected automation."""
        self.view.select_run(run)
        self.panes.go_to(self.view.log_pane)

    def on_line_table_selected(self, event: LineTable.Selected) -> None:
        """Show the selected automation, or the holder of the selected lock, in timeline and log."""
        lead = self.view.subject.lead
        if event.control is lead.table:
            if self.panes.current is lead:
                self.view.subject.unpin()
            self.view.show_selection()

    def on_automations_pane_failure_found(self, event: AutomationsPane.FailureFound) -> None:
        """Show the failed run, also when a newer one is running."""
        self.view.show_selection()
        if (run := self.view.runs.find_started(event.started)) is not None:
            self.view.select_run(run)

    def on_log_pane_entry_requested(self, event: LogPane.EntryRequested) -> None:
        """Show the whole log entry as JSON in a dialog."""
        show_entry(self.app, event.line)

    @on(PaneGrid.CurrentChanged)
    def refresh_keys(self) -> None:
        """Show the keys of the current pane in the footer, after the next refresh."""
        self.call_after_refresh(self._show_keys)

    def _pass_on(self, message: Message) -> None:
        """Post a message of the view to the app; update the footer if `q` or the kind of gateway is another one."""
        if _keys_of(self) != self._shown_keys:
            self.refresh_keys()
        self.app.post_message(message)

    def _show_keys(self) -> None:
        self._shown_keys = _keys_of(self)
        words = {"general.quit": self._shown_keys[0]}
        self.view.footer.show(footer_hints(self, words, read_only=self._read_only))

    @on(LineTable.Opened)
    def action_open(self) -> None:
        """Go from an automation to its timeline, from a milestone to its line in the log; show a lock as JSON."""
        current, step = self.panes.current, self.view.timeline.cursor.chosen
        if current is self.view.automations:
            self.panes.go_to(self.view.timeline)
        elif current is self.view.timeline:
            self.panes.go_to(self.view.log_pane)
            if step is not None:
                self.view.log_pane.source.show_step(step.at, step.title)
                self.view.log_pane.renew()
        else:
            self.action_details()

    def action_log(self) -> None:
        """Go to the log of the selected automation."""
        self.panes.go_to(self.view.log_pane)

    def action_step_run(self, older: int) -> None:
        """Show the run before (1) or after (-1) the current one; in the dispatcher's log, the day before or after."""
        view = self.view
        if self.panes.current is view.log_pane and view.log_pane.source.shown.of_dispatcher:
            view.log_pane.action_search("day", -older)
        elif view.chosen is None and view.chosen_job is None:
            notify_no_selection(self, view)
        elif view.runs.step(older):
            view.show_selection()
            if not self.panes.shows(view.timeline, view.log_pane):
                self.notify("Timeline (2) and log (3) now show another run.", markup=False, timeout=3)
        else:
            self.notify("This is the oldest run." if older > 0 else "This is the newest run.", markup=False)

    def action_back(self, quits: bool = False) -> None:
        """Dismiss a message, or go one step back; at the top, return to the list of roots, or quit if `quits`.

        The key is only disabled if there is no such list.
        """
        if dismiss_message(self.app) and not quits:
            return
        if _step_back(self):
            self.refresh_keys()
        elif self.leave is not None:
            self.leave()
        elif quits:
            self.app.exit()

    def action_all_roots(self) -> None:
        """Return to the list of several roots."""
        if self.leave is not None:
            self.leave()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the key for the list of several roots if there is no such list."""
        return action != "all_roots" or self.leave is not None

    def action_release_blocking(self) -> None:
        """Ask whether to release the lock on the repository of the chosen automation."""
        from clawtui.model.runs.why import blocking_lock

        chosen = self.view.chosen
        lock = blocking_lock(self.view.fleet, chosen) if chosen is not None else None
        if lock is None:
            self.notify("No lock on its repository is known.", markup=False)
        else:
            self.post_message(LocksPane.ReleaseAsked(lock.path))

    def action_pause(self) -> None:
        """Pause the dashboard, or continue with the newest state."""
        self.view.toggle_pause()

    def action_details(self) -> None:
        """Show each field of the files of the selected item, and the files as JSON."""
        from clawtui.tui.dialogs.field_text import automation_lines
        from clawtui.tui.dialogs.lines_dialog import LinesDialog
        from clawtui.tui.dialogs.lock_text import lock_detail_lines

        view, chosen = self.view, self.view.chosen
        if view.gateway is not None:
            _show_gateway_details(self, view.gateway)
        elif self.panes.current is view.locks:
            path = view.locks.table.selected or ""

            def facts(width: int) -> Sequence[Line]:
                return lock_detail_lines(view.fleet, view.verdicts, path, width)

            self.app.push_screen(LinesDialog(path, facts))
        elif chosen is None:
            notify_no_selection(self, view)
        else:
            key = chosen.config.path

            def lines(width: int) -> Sequence[Line]:
                now = view.automations.now or EPOCH
                return automation_lines(documents(view.fleet, key), view.fleet, key, now, width)

            self.app.push_screen(LinesDialog(title_of(view, chosen), lines))


def _step_back(dashboard: Dashboard) -> bool:
    """Clear the filter, else return to the newest run, else leave zoom or pane; return False if none applies."""
    if dashboard.panes.clear_filter():
        return True
    if dashboard.view.runs.return_to_newest():
        dashboard.view.show_selection()
        if dashboard.panes.current in (dashboard.view.timeline, dashboard.view.log_pane):
            dashboard.view.pin()
        return True
    stepped = dashboard.panes.step_back()
    if stepped and dashboard.panes.current is dashboard.view.automations:
        dashboard.view.unpin()
    return stepped


def _keys_of(dashboard: Dashboard) -> tuple[str, bool]:
    """Return what the footer depends on: the word for `q`, that of the step back, and whether the gateway is stock."""
    is_stock = dashboard.view.gateway is not None
    if not dashboard.panes.has_filter and dashboard.view.runs.choice.past:
        return "newest run", is_stock
    return dashboard.panes.back_word or ("quit" if dashboard.leave is None else "all roots"), is_stock


def _show_gateway_details(dashboard: Dashboard, gateway: GatewayView) -> None:
    """Show the values of the selected item in the store of a stock gateway."""
    from clawtui.tui.dialogs.gateway_text import held_lines, job_lines
    from clawtui.tui.dialogs.lines_dialog import LinesDialog

    view, job = dashboard.view, dashboard.view.chosen_job
    if dashboard.panes.current is view.locks:
        key = view.locks.table.selected
        dashboard.app.push_screen(LinesDialog(key or "", lambda width: held_lines(gateway.held.held(key), width)))
    elif job is None:
        notify_no_selection(dashboard, view)
    else:
        run = gateway.gateway_run(job, view.runs.choice.run)
        dashboard.app.push_screen(LinesDialog(title_of(view, job), lambda width: job_lines(gateway.job(job.id), run)))
