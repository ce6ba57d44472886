"""What makes the dashboard the user's own: keys, palette, clipboard, editor, pager, notifications, other roots."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.driver import Driver
from textual.screen import Screen

from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.doctor_monitor import FindingsChanged
from clawtui.tui.controllers.locks.verdict_monitor import LocksJudged
from clawtui.tui.controllers.user.theming import THEME_NAMES, Theming
from clawtui.tui.screens.messages import FleetChanged
from clawtui.tui.startup import Startup

if TYPE_CHECKING:
    from clawtui.tui.controllers.user.notifications import NotificationController


class Preferences(Theming, inherit_bindings=False):
    """The app's own part of it: what it does needs the dashboard and the setup, and no live model."""

    next_root: str | None = None
    """The name of the root that is wanted in place of this one, where that is why the dashboard ended."""
    wants_demo = False
    """Whether it ended because the demo is wanted in its place."""

    def __init__(
        self,
        setup: Startup,
        paths: StatePaths,
        clock: Callable[[], datetime],
        driver_class: type[Driver] | None = None,
        *,
        read_only: bool = False,
    ) -> None:
        super().__init__(setup, clock, driver_class)
        self._home_paths = paths
        self._home_read_only = read_only
        self._notifying: NotificationController | None = None

    def move_in(self) -> None:
        """Keys, columns, sizes and orders as they are wanted; what of that is not possible is said."""
        from clawtui.tui.controllers.user.unbound_keys import UnboundKeys

        complaints = [*self.setup.complaints, *self._remap(), *self.arrange()]
        self._explaining = UnboundKeys(self, self.dashboard.panes.panes)
        self._explaining.listen()
        for complaint in complaints:
            self.notify(complaint, severity="warning", markup=False, timeout=15)

    def _remap(self) -> list[str]:
        if not self.setup.settings.keys:
            return []
        from clawtui.tui.controllers.user.key_map import check_keys

        check = check_keys(self.setup.settings.keys)
        self.set_keymap(check.keymap)
        self.dashboard.on_pane_grid_current_changed()
        return [f"keys.{fault.id}: {fault.message}" for fault in check.faults]

    # The app has handlers of the same names: each class in the line of descent has its own called.

    def on_fleet_changed(self, event: FleetChanged) -> None:
        """A run may have failed."""
        self._herald().consider(event.fleet)

    def on_locks_judged(self, event: LocksJudged) -> None:
        """A lock may be orphaned by now."""
        self._herald().consider_verdicts(event.verdicts)

    def on_findings_changed(self, event: FindingsChanged) -> None:
        """A slot may have leaked."""
        self._herald().consider_findings(event.findings)

    def _herald(self) -> NotificationController:
        """Who tells the news; loaded when there is something to be told of, which is after the first paint."""
        if self._notifying is None:
            from clawtui.tui.controllers.user.notifications import NotificationController

            self._notifying = NotificationController(self, self.setup.settings.notify, self.setup.environment)
        return self._notifying

    def action_help(self) -> None:
        """Every key of the place that one is in."""
        from clawtui.tui.dialogs.dialog_text import help_lines
        from clawtui.tui.dialogs.lines_dialog import LinesDialog
        from clawtui.tui.screens.key_hints import help_sections

        sections = help_sections(self.screen.active_bindings.values(), self.dashboard.panes.current)
        self.push_screen(LinesDialog("Keys", lambda: help_lines(sections)))

    def action_explain(self, key: str) -> None:
        """Says where a key means something."""
        self._explaining.explain(key)

    def action_copy(self) -> None:
        """Copies something of what is chosen."""
        from clawtui.tui.controllers.user.clipboard import ClipboardController
        from clawtui.tui.screens.pane_screen import PaneScreen
        from clawtui.tui.screens.selection import copyable_on

        here = self.screen
        of, texts = (
            here.copyable_in_sight if isinstance(here, PaneScreen) else copyable_on(self.dashboard, self._home_paths)
        )
        ClipboardController(self, self.setup.environment).offer(of, texts)

    def action_page(self) -> None:
        """Shows the file of what is chosen in the pager."""
        from clawtui.tui.controllers.user.pager import PagerController
        from clawtui.tui.screens.pane_screen import PaneScreen
        from clawtui.tui.screens.selection import file_on

        here = self.screen
        path = here.path_in_sight if isinstance(here, PaneScreen) else file_on(self.dashboard)
        PagerController(self, self._home_paths, read_only=self._home_read_only).show(path)

    def action_edit(self) -> None:
        """Opens the configuration of the chosen automation in the editor."""
        from clawtui.tui.controllers.user.editor import EditorController

        chosen = None if self.dashboard.panes.current is self.dashboard.locks else self.dashboard.chosen
        EditorController(self, self._home_paths, self._clock, read_only=self._home_read_only).edit(chosen)

    def action_command_palette(self) -> None:
        """Finds an operation by its name; nothing in it blinks."""
        from textual.widgets import Input

        super().action_command_palette()

        def keep_still() -> None:
            for typed in self.screen.query(Input):
                typed.cursor_blink = False

        self.call_after_refresh(keep_still)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every operation by its name, with its key; then colours, and other roots."""
        from clawtui.tui.screens.palette import commands

        yield from commands(self, screen)
        for choice, name in THEME_NAMES.items():
            yield SystemCommand(f"Colours: {name}", "from now on", partial(self.use_theme, choice))
        if self.setup.may_leave:
            for name, root in self.setup.settings.roots.items():
                if name != self.setup.root_name:
                    yield SystemCommand(f"Root: {name}", f"go to {root.path}", partial(self._leave, name))
            yield SystemCommand("Demo", "see it over a simulated gateway", partial(self._leave, None))

    def _leave(self, next_root: str | None) -> None:
        """For another root, or the demo where there is none."""
        self.next_root, self.wants_demo = next_root, next_root is None
        self.exit()
