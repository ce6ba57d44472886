"""The operator's settings, applied to the running dashboard, and the state that is saved for the next start."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from textual.app import App, SystemCommand

from clawtui.model.documents.settings import DEFAULTS, LabelColour, Settings, ThemeChoice
from clawtui.model.documents.ui_state import UiState
from clawtui.tui.controllers.background import in_background
from clawtui.tui.controllers.user.ui_state import UiStateController
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.screens.dashboard import Dashboard
from clawtui.tui.terminal.themes import apply_theme, resolve

THEME_NAMES: Final[Mapping[ThemeChoice, str]] = {
    "dark": "dark",
    "light": "light",
    "ansi": "the terminal's own sixteen colours",
    "none": "no colour",
}

_COMPLAINT_SHOWN: Final = 15.0
"""Seconds for which a toast about a setting is shown."""


@dataclass(frozen=True, slots=True)
class Startup:
    """Settings and saved state with which the dashboard starts."""

    settings: Settings = DEFAULTS
    complaints: tuple[str, ...] = ()
    """The faults of the settings or of the saved state, in sentences that are shown once."""
    root_name: str | None = None
    """The name of the root in the settings, if it has one."""
    may_leave: bool = False
    """Whether the operator can switch to another root or to the demo."""
    label: str = ""
    label_colour: LabelColour = "red"
    ui_state: UiState = field(default_factory=UiState)
    save_ui_state: Callable[[UiState], None] | None = None
    """Function that saves sizes, orders and theme for the next start; raises ClawtuiError. None: nothing is saved."""
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)


class Preferences:
    """Controller of the theme, keys, columns, sizes and orders of the dashboard."""

    def __init__(self, app: App[None], dashboard: Dashboard, startup: Startup) -> None:
        """Apply the chosen theme to `app`."""
        self._app = app
        self._dashboard = dashboard
        self._startup = startup
        self._ui_state = UiStateController(startup.ui_state, startup.settings.theme, self._save_in_background)
        apply_theme(app, resolve(self._ui_state.theme, startup.environment))

    def apply(self) -> None:
        """Apply keys, columns, sizes and orders to the mounted dashboard, and show their faults."""
        complaints = [*self._startup.complaints, *self._remap_keys(), *self._select_columns()]
        self._ui_state.restore(self._dashboard.panes)
        for complaint in complaints:
            self._app.notify(complaint, severity="warning", markup=False, timeout=_COMPLAINT_SHOWN)

    def use_theme(self, choice: ThemeChoice) -> None:
        """Apply another theme, and save it for the next start."""
        self._ui_state.theme = choice
        apply_theme(self._app, resolve(choice, self._startup.environment))
        self.save()

    def save(self) -> None:
        """Save theme, sizes and orders for the next start, if they have changed."""
        self._ui_state.save(self._dashboard.panes)

    def palette_commands(self) -> Iterator[SystemCommand]:
        """Yield a command for each theme."""
        for choice, name in THEME_NAMES.items():
            yield SystemCommand(f"Colours: {name}", "from now on", partial(self.use_theme, choice))

    def _remap_keys(self) -> list[str]:
        if not self._startup.settings.keys:
            return []
        from clawtui.tui.controllers.user.key_map import check_keys

        check = check_keys(self._startup.settings.keys)
        self._app.set_keymap(check.keymap)
        self._dashboard.refresh_keys()
        return [f"keys.{fault.id}: {fault.message}" for fault in check.faults]

    def _select_columns(self) -> list[str]:
        settings = self._startup.settings
        if not settings.columns:
            return []
        from clawtui.tui.controllers.user.settings_check import column_objections

        panes = self._dashboard.panes.panes
        tables = {pane.title.lower(): pane.table for pane in panes if isinstance(pane, TablePane)}
        for name, wanted in settings.columns.items():
            if name in tables:
                tables[name].columns.show_only(wanted)
                tables[name].sync()
        known = {name: table.columns.headings for name, table in tables.items()}
        return [f"{name} {message}" for name, message in column_objections(settings, known)]

    def _save_in_background(self, ui_state: UiState) -> None:
        save = self._startup.save_ui_state
        if save is not None:
            in_background(self._app, "saving the sizes and orders of the panes", partial(self._save, save, ui_state))

    def _save(self, save: Callable[[UiState], None], ui_state: UiState) -> None:
        """Save the state; not on the event loop."""
        from clawtui.model.errors import ClawtuiError

        try:
            save(ui_state)
        except ClawtuiError as error:
            self._app.call_later(partial(self._app.notify, str(error), severity="warning", markup=False))
