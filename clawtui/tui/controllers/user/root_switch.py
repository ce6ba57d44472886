"""Ending the dashboard to show another root, the demo, or the list of several roots that it was opened from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.app import App, SystemCommand

from clawtui.model.fleet import Fleet
from clawtui.storage.paths import DEFAULT_STATE_DIRS, default_state_dir
from clawtui.tui.controllers.background import PeriodicWorker
from clawtui.tui.screens.dashboard import Dashboard

if TYPE_CHECKING:
    from clawtui.tui.controllers.user.preferences import Startup


_LOOK_EVERY: Final = 0.5
"""Seconds between two looks for another default state directory, while there is none or it is empty."""


class RootSwitch:
    """Record of what to show next, which the caller of the app reads after the app has ended.

    Below the list of several roots it also puts the cursor on the automation that was chosen there.
    """

    def __init__(self, app: App[None], dashboard: Dashboard, startup: Startup) -> None:
        self._app = app
        self._pane = dashboard.view.automations
        self._startup = startup
        self._root = ""
        self._default_root = PeriodicWorker(app, "looking for the state directory", self._look_for_default_root)
        self._row_to_select = startup.selected
        if startup.is_default_root:
            dashboard.view.banner.default_roots = DEFAULT_STATE_DIRS
        if startup.is_below_list:
            dashboard.leave = self._return
        self.next_root: str | None = None
        """The name, in the settings, of the root to show next; None for no other root."""
        self.wants_login = False
        """Whether to show the dashboard of the root's own host, in this terminal."""
        self.wants_default = False
        """Whether to choose the default state directory again: another one has appeared."""
        self.wants_demo = False
        """Whether to show the demo next."""
        self.wants_list = False
        """Whether to show the list of several roots again."""

    @property
    def selected(self) -> str:
        """The key of the selected automation; empty if there is none."""
        return self._pane.table.selected or ""

    def observe(self, fleet: Fleet) -> None:
        """Put the cursor on the automation that was chosen in the list, once it is there.

        End the dashboard if only the other host of the root can show it.
        """
        if fleet.connection is not None and fleet.connection.state == "unserved":
            self.wants_login = True
            self._app.exit()
        if self._startup.is_default_root:
            self._root = fleet.root
            if fleet.watch == "waiting":
                self._default_root.ask(_LOOK_EVERY)
            else:
                self._default_root.stop()
        if self._row_to_select:
            from clawtui.tui.controllers.finding_acts import show_row

            if self._pane.table.cursor.held or show_row(self._pane, self._row_to_select):
                self._row_to_select = ""

    def palette_commands(self) -> Iterator[SystemCommand]:
        """Yield a command to log in at another host, and those for the other roots and the demo, where possible."""
        if self._startup.source is not None:
            from clawtui.remote.client.source import RemoteSource
            from clawtui.tui.controllers.user.external_program import login_commands

            if isinstance(self._startup.source, RemoteSource):
                yield from login_commands(self._app, {"": self._startup.source})
        if not self._startup.may_leave:
            return
        for name, root in self._startup.settings.roots.items():
            if name != self._startup.root_name:
                yield SystemCommand(f"Root: {name}", f"go to {root.host or root.path}", partial(self._leave, name))
        yield SystemCommand("Demo", "see it with a simulated gateway", partial(self._leave, None))

    def _look_for_default_root(self) -> float | None:
        """Have the dashboard end if another directory is the default one now; else return when to look again."""
        if (
            str(default_state_dir().root) != self._root and len(self._app.screen_stack) == 1
        ):  # not while a dialog is open
            self._app.call_later(self._choose_again)
            return None
        return _LOOK_EVERY

    def _choose_again(self) -> None:
        self.wants_default = True
        self._app.exit()

    def _leave(self, next_root: str | None) -> None:
        """End the dashboard for another root, or for the demo if that is None.

        The caller of the app looks the name up in the settings and starts a new app.
        """
        self.next_root, self.wants_demo = next_root, next_root is None
        self._app.exit()

    def _return(self) -> None:
        """End the dashboard for the list of several roots."""
        self.wants_list = True
        self._app.exit()
