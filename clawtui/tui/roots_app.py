"""The Textual app over several roots: one list of their automations, from which the dashboard of a root opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

from textual import on
from textual.app import SystemCommand
from textual.driver import Driver
from textual.message import Message
from textual.screen import Screen

from clawtui.model.listed_root import ListedRoot
from clawtui.roots.foreign_locks import ForeignLocks
from clawtui.roots.sources import RootSources
from clawtui.tui.base_app import BaseApp
from clawtui.tui.controllers.roots.acts import ListActs, Request
from clawtui.tui.controllers.roots.commands import ListCommands
from clawtui.tui.controllers.roots.monitors import RootMonitors
from clawtui.tui.controllers.roots.runs import ShownRootRuns
from clawtui.tui.controllers.user.preferences import Startup
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.roots.pane import RootsPane
from clawtui.tui.screens.palette import commands
from clawtui.tui.screens.roots.roots_view import RootsView
from clawtui.tui.screens.roots.screen import RootsScreen
from clawtui.tui.terminal.themes import apply_theme, resolve

_ELSEWHERE: Final = "x e n c m H w d y v a W A C B M D S p left_square_bracket right_square_bracket"
"""The keys of a root's own dashboard that have no meaning here; S has one only in the pane with the locks."""


class Position(NamedTuple):
    """A row of the list: a root, and an automation of it by its key there; empty for the root itself."""

    root: ListedRoot
    key: str


class RootsChanged(Message):
    """Message that some roots have new fleets."""


class RootsApp(BaseApp):
    """App that shows what the sources of several roots publish; it ends with the row that was opened in ``opened``."""

    def __init__(
        self,
        sources: RootSources,
        *,
        clock: Callable[[], datetime],
        zone: tzinfo | None = None,
        read_only: bool = False,
        startup: Startup | None = None,
        position: Position | None = None,
        notices: Sequence[str] = (),
        driver_class: type[Driver] | None = None,
    ) -> None:
        """Show the roots of ``sources``, and ``notices`` as messages; the cursor at ``position`` once it is there."""
        self._startup = startup = startup or Startup(environment={})
        super().__init__(clock, driver_class)
        apply_theme(self, resolve(startup.ui_state.theme_over(startup.settings.theme), startup.environment))
        self._sources = sources
        self.view = RootsView(sources.roots, clock, zone, read_only=read_only)
        self._list = RootsScreen(self.view, (position.root.name, position.key) if position is not None else None)
        quiet_after = startup.settings.quiet_after
        foreign = ForeignLocks(sources, quiet_after)
        self._monitors = RootMonitors(self, self.view, lambda: clock().astimezone(zone), foreign, quiet_after)
        self._acts = ListActs(self, self.view, sources, foreign, clock, zone, quiet_after)
        self._runs = ShownRootRuns(self, sources, self.view, clock)
        self._commands = ListCommands(self, self.view, sources, zone, self._acts.undo)
        self._is_again = position is not None
        """Whether the list was shown before, so that its first messages are not repeated."""
        self._notices = tuple(notices)
        self.opened: Position | None = None
        """The row that was opened; None where the operator quit."""

    def get_default_screen(self) -> Screen[None]:
        """Start reading while Textual builds the first frame, and return the list as the lowest screen."""
        self._monitors.prepare(len(self._sources.roots))
        # By the queue of the list, which waits until the list is composed.
        self._sources.listen(lambda: self.call_later(self._list.post_message, RootsChanged()))
        self._sources.start()
        return self._list

    def on_mount(self) -> None:
        """Apply the settings that need the list mounted, after the first frame."""
        self.call_after_refresh(self._apply_settings)
        self.call_after_refresh(self._sources.end_pauses)
        for key in _ELSEWHERE.split():
            self.bind(key, f"command('explain', '{key}')", show=False)

    def on_unmount(self) -> None:
        """Take no more fleets; the sources go on, because the operator may come back."""
        self._sources.listen(None)
        self._runs.stop()
        self._acts.stop()

    def on_roots_changed(self) -> None:
        """Show the new fleets, and judge what has changed in them."""
        changes = self._sources.take()
        self.view.take(changes.fleets, changes.duplicates)
        for name, owner in changes.duplicates.items():
            if not self._is_again:
                self.notify(f"{name} is the same directory as {owner}, and is shown once.", severity="warning")
        for name, fleet in changes.fleets.items():
            root = self.view.roots.get(name)
            self._acts.observe(name, fleet)
            if root is not None and root.trouble is None:
                self._monitors.observe(root.root, fleet)

    @on(RootsPane.EnableAsked)
    @on(RootsPane.JobAsked)
    @on(LocksPane.ReleaseAsked)
    @on(LocksPane.FreeAsked)
    def act(self, event: Request) -> None:
        """Act on an automation, a lock or a slot in its own root."""
        self._acts.ask(event)

    @on(RootsScreen.Opened)
    def open_root(self, event: RootsScreen.Opened) -> None:
        """End with the row that is opened; the caller of the app shows its root."""
        self.opened = Position(event.root, event.key)
        self.exit()

    def action_command(self, name: str, *arguments: str) -> None:
        """Run one of the commands by its name."""
        self._commands.run(name, *arguments)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the commands of the palette: those of the keys, then the groups and the roots."""
        yield from commands(self, screen)
        yield from self._commands.palette_commands()

    def _apply_settings(self) -> None:
        complaints = [*self._startup.complaints, *self._notices]
        if self._startup.settings.keys:
            from clawtui.tui.controllers.user.key_map import check_keys

            check = check_keys(self._startup.settings.keys)
            self.set_keymap(check.keymap)
            complaints += [f"keys.{fault.id}: {fault.message}" for fault in check.faults]
            self.call_after_refresh(self._list.show_keys)
        for complaint in complaints:
            self.notify(complaint, severity="warning", timeout=15.0)
