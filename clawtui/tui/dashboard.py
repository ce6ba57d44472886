"""The dashboard: four panes, each with its slice of the newest fleet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from clawtui.model.fleet import Automation, Fleet
from clawtui.tui import slices
from clawtui.tui.cells_update import CellsCompositor
from clawtui.tui.key_hints import hints
from clawtui.tui.messages import LogWanted, RescanWanted
from clawtui.tui.pane_grid import PaneGrid
from clawtui.tui.panes.automations import AutomationsPane
from clawtui.tui.panes.footer import Footer
from clawtui.tui.panes.header import Header
from clawtui.tui.panes.locks import LocksPane
from clawtui.tui.panes.log import LogPane
from clawtui.tui.panes.notice import Notice, notice_lines
from clawtui.tui.panes.timeline import TimelinePane
from clawtui.tui.widgets.line_table import LineTable


class Dashboard(Screen[None], inherit_bindings=False):
    """Shows a fleet. Everything on it is derived from the last fleet, the chosen automation and the time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "app.help", "help", key_display="?", tooltip="the keys of this place"),
        Binding("enter", "open", "open", tooltip="deeper: an automation's timeline, then its log; a lock as JSON"),
        Binding("q", "back_or_quit", "quit", tooltip="one step back; at the top, quit"),
        Binding("escape", "back", "back", show=False, tooltip="one step back: filter, zoom, pane; never quits"),
        Binding("d", "details", "details", tooltip="what is on disk about it, as JSON"),
        Binding("L", "log", "log", tooltip="to the log of the chosen automation"),
        Binding("exclamation_mark", "problems", "problems", key_display="!", tooltip="what cannot be read, and why"),
        Binding("p", "pause", "pause", tooltip="hold the screen still, or go on with the newest"),
        Binding("R", "rescan", "rescan", show=False, tooltip="read everything anew"),
        Binding("colon,ctrl+p", "app.command_palette", "commands", show=False, tooltip="find a command by its name"),
        Binding("ctrl+z", "app.suspend_process", "suspend", show=False, tooltip="back to the shell; fg returns"),
        Binding("ctrl+c", "app.quit", "quit at once", show=False),
    ]

    def __init__(
        self, root: str, host: str, clock: Callable[[], datetime], zone: tzinfo | None, *, read_only: bool, demo: bool
    ) -> None:
        super().__init__(id="dashboard")
        self._compositor = CellsCompositor()
        self._clock = clock
        self._host = host
        self._read_only = read_only
        self._demo = demo
        self.fleet = Fleet(root)
        self.held_back: Fleet | None = None
        """The newest fleet, where the screen is held still."""
        self._paused = False
        self._log_wanted: str | None = None
        self._news = slices.NewsDesk()
        self.header = Header()
        self.notice = Notice()
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
        """The frame is painted before anything has been read."""
        self.panes.go_to(self.automations)
        self._show()
        self.set_interval(1.0, self.tick)

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

    def tick(self) -> None:
        """A second has passed: ages and countdowns are told anew."""
        if self._paused:
            return
        now = self._clock()
        self._show_header(now)
        for pane in self.panes.panes:
            pane.tick(now)

    def _show(self) -> None:
        now = self._clock()
        self._show_header(now)
        self.notice.show(notice_lines(self.fleet))
        self.automations.show(slices.automations_slice(self.fleet, self._news.read(self.fleet)), now)
        self.locks.show(slices.locks_slice(self.fleet), now)
        self._show_chosen(now)

    def _show_chosen(self, now: datetime) -> None:
        chosen = self.chosen
        self.timeline.show(slices.timeline_slice(self.fleet, chosen), now)
        shown = slices.log_slice(self.fleet, chosen)
        self.log_pane.show(shown, now)
        if shown.path != self._log_wanted:
            self._log_wanted = shown.path
            self.post_message(LogWanted(shown.path))

    def _show_header(self, now: datetime) -> None:
        self.header.show(
            slices.header_slice(
                self.fleet, self._host, now, read_only=self._read_only, paused=self._paused, demo=self._demo
            )
        )

    def on_line_table_selected(self, event: LineTable.Selected) -> None:
        """Timeline and log follow the chosen automation."""
        if event.control is self.automations.table:
            self._show_chosen(self._clock())

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

    def action_back(self) -> None:
        """One step back; at the top it does nothing."""
        self.panes.step_back()

    def action_back_or_quit(self) -> None:
        """One step back; at the top the end."""
        if not self.panes.step_back():
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

    def action_problems(self) -> None:
        """Shows what cannot be read, and why."""
        from clawtui.tui.dialogs.contents import problem_lines
        from clawtui.tui.dialogs.lines_dialog import LinesDialog

        self.app.push_screen(LinesDialog("Problems", lambda: problem_lines(self.fleet.problems)))

    def action_details(self) -> None:
        """Shows the files of the chosen thing as JSON."""
        from clawtui.tui.dialogs.contents import document_lines
        from clawtui.tui.dialogs.lines_dialog import LinesDialog

        if self.panes.current is self.locks:
            key = self.locks.table.selected or ""
            self.app.push_screen(LinesDialog(key, lambda: document_lines(slices.lock_documents(self.fleet, key))))
            return
        chosen = self.chosen
        if chosen is not None:
            key = chosen.config.path
            self.app.push_screen(LinesDialog(chosen.name, lambda: document_lines(slices.documents(self.fleet, key))))
