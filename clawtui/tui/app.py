"""The app: the live model at one end, the dashboard at the other, and the operations between."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.driver import Driver
from textual.screen import Screen

from clawtui.live.model import LiveModel
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths
from clawtui.tui.dashboard import Dashboard
from clawtui.tui.hangup import watch_for_hangup
from clawtui.tui.messages import FleetChanged, LogWanted, RescanWanted
from clawtui.tui.panes.automations import AutomationsPane
from clawtui.tui.themes import DARK, LIGHT


def utc_now() -> datetime:
    """The wall clock: the only one that the dashboard reads."""
    return datetime.now(UTC)


class ClawtuiApp(App[None], inherit_bindings=False):
    """Runs the live model for as long as the dashboard is there."""

    CSS_PATH = "clawtui.tcss"
    TITLE = "clawtui"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        paths: StatePaths,
        *,
        host: str,
        read_only: bool = False,
        demo: bool = False,
        clock: Callable[[], datetime] = utc_now,
        zone: tzinfo | None = None,
        driver_class: type[Driver] | None = None,
    ) -> None:
        super().__init__(driver_class=driver_class)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        self._paths = paths
        self._clock = clock
        self._read_only = read_only
        self.dashboard = Dashboard(str(paths.root), host, clock, zone, read_only=read_only, demo=demo)
        self.live = LiveModel(paths, self._publish)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What the style sheet names and Textual's own themes do not have."""
        return dict(DARK.variables)

    def on_mount(self) -> None:
        """Paints the frame; what is on disk follows."""
        self.push_screen(self.dashboard)
        self.live.start()
        self._end_orderly()

    def on_unmount(self) -> None:
        """Nothing is watched any more."""
        self.live.stop()

    def _end_orderly(self) -> None:
        """Signals and a lost terminal end the app as `q` does, so that the terminal is as it was."""
        if self.is_headless:
            return
        import asyncio

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))
        watch_for_hangup(sys.__stdin__.fileno() if sys.__stdin__ else 0, self._terminal_is_gone)

    def _terminal_is_gone(self) -> None:
        self.call_later(self.exit)

    def _publish(self, fleet: Fleet) -> None:
        self.post_message(FleetChanged(fleet))

    def on_fleet_changed(self, event: FleetChanged) -> None:
        """Another state of everything."""
        self.dashboard.show_fleet(event.fleet)
        self._refresh_dialog()

    def _refresh_dialog(self) -> None:
        from clawtui.tui.dialogs.lines_dialog import LinesDialog

        if isinstance(self.screen, LinesDialog):
            self.screen.refresh_lines()

    def on_log_wanted(self, event: LogWanted) -> None:
        """The live model follows what is looked at."""
        self.live.follow(event.path)

    def on_rescan_wanted(self, event: RescanWanted) -> None:
        """Everything is read again."""
        self.live.rescan()

    def on_automations_pane_enable_asked(self, event: AutomationsPane.EnableAsked) -> None:
        """Enables or disables an automation; the screen shows it once it is on disk."""
        if self._read_only:
            self.notify("Read-only: nothing is changed.", severity="warning", markup=False)
            return
        self.run_worker(partial(self._set_enabled, event.automation.id, event.enabled), thread=True)

    def _set_enabled(self, automation_id: str, enabled: bool) -> None:
        from clawtui.operations.automations import set_enabled
        from clawtui.operations.outcome import Failed

        try:
            said = set_enabled(self._paths, automation_id, enabled, self._clock())
        except Failed as error:
            self.call_later(partial(self.notify, str(error), severity="error", markup=False))
        else:
            self.call_later(partial(self.notify, said, markup=False))

    def action_help(self) -> None:
        """Every key of the place that one is in."""
        from clawtui.tui.dialogs.contents import help_lines
        from clawtui.tui.dialogs.lines_dialog import LinesDialog
        from clawtui.tui.key_hints import help_sections

        sections = help_sections(self.screen.active_bindings.values(), self.dashboard.panes.current)
        self.push_screen(LinesDialog("Keys", lambda: help_lines(sections)))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every operation by its name, with its key."""
        from clawtui.tui.key_hints import key_name

        seen = set()
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.action in seen or not binding.tooltip:
                continue
            seen.add(binding.action)
            title = f"{binding.tooltip[0].upper()}{binding.tooltip[1:]}"
            key = binding.key_display or key_name(binding.key)
            yield SystemCommand(title, f"key {key}", partial(self.run_action, binding.action, active.node))
        yield SystemCommand("Light or dark", "switch the theme", self._switch_theme)

    def _switch_theme(self) -> None:
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name
