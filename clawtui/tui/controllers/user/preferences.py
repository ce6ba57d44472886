"""The operator's settings, applied to the running dashboard, and the state that is saved for the next start."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from textual.app import App, SystemCommand

from clawtui.model.checked.struct import schema_fields
from clawtui.model.documents.settings import CAREFUL, DEFAULTS, LabelColour, NotifySettings, Settings, ThemeChoice
from clawtui.model.documents.ui_state import Order, UiState
from clawtui.tui.controllers.background import in_background
from clawtui.tui.controllers.user.settings_watch import SettingsWatch
from clawtui.tui.controllers.user.ui_state import UiStateController
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.screens.dashboard import Dashboard
from clawtui.tui.terminal.themes import apply_theme, resolve

if TYPE_CHECKING:
    from clawtui.live.source import Source
    from clawtui.operations.acts.protocol import RootActs
    from clawtui.roots.foreign_locks import JudgedElsewhere
    from clawtui.storage.user.settings_file import LoadedSettings

_AT_ONCE: Final = frozenset({"theme", "keys", "columns", "notify"})
"""The settings that take effect while the dashboard is open."""

THEME_NAMES: Final[Mapping[ThemeChoice, str]] = {
    "dark": "dark",
    "light": "light",
    "ansi": "the terminal's own sixteen colours",
    "none": "no colour",
}

_COMPLAINT_SHOWN: Final = 15.0
"""Seconds for which a toast about a setting is shown."""


class Startup(Struct, frozen=True):
    """Settings and saved state with which the dashboard starts."""

    settings: Settings = DEFAULTS
    complaints: tuple[str, ...] = ()
    """The faults of the settings or of the saved state, in sentences that are shown once."""
    root_name: str | None = None
    """The name of the root in the settings, if it has one."""
    is_default_root: bool = False
    """Whether nothing names the root, so that another default state directory is shown when it appears."""
    may_leave: bool = False
    """Whether the operator can switch to another root or to the demo."""
    is_below_list: bool = False
    """Whether the dashboard was opened from the list of several roots, to which Esc leads back."""
    selected: str = ""
    """The key of the row of the automations pane that the cursor is put on first; empty for the top row."""
    label: str = ""
    label_colour: LabelColour = "red"
    ui_state: UiState = field(default_factory=UiState)
    save_ui_state: Callable[[UiState], None] | None = None
    """Function that saves sizes, orders and theme for the next start; raises ClawtuiError. None: nothing is saved."""
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    source: Source | None = None
    """The source of a root on another host; None for a root on this host."""
    acts: Callable[[], RootActs] | None = None
    """Makes the acts on a root on another host; None for a root on this host."""
    foreign: JudgedElsewhere | None = None
    """Judge of the locks that name the hosts of other roots; None if no other root is open."""
    settings_file: Path | None = None
    """The file of the settings, which is followed; None: it is not."""

    def order_of(self, pane: str) -> Order | None:
        """Return the saved order of the table of a pane; None for the default one."""
        return self.ui_state.orders.get(pane)


class Preferences:
    """Controller of the theme, keys, columns, sizes and orders of the dashboard."""

    def __init__(self, app: App[None], dashboard: Dashboard, startup: Startup) -> None:
        """Apply the chosen theme to `app`, and the saved orders, in which the first frame is."""
        self._app = app
        self._dashboard = dashboard
        self._startup = startup
        self._settings = startup.settings
        file = startup.settings_file
        self._watch = SettingsWatch(app, file) if file is not None else None
        self._has_own_keys = False
        self._tables_cut: set[str] = set()
        self._ui_state = UiStateController(startup.ui_state, startup.settings.theme, self._save_in_background)
        self._ui_state.restore_orders(dashboard.panes)
        apply_theme(app, resolve(self._ui_state.theme, startup.environment))

    def apply(self) -> None:
        """Apply keys, columns and sizes to the mounted dashboard, and show their faults."""
        complaints = [*self._startup.complaints, *self._remap_keys(), *self._select_columns()]
        self._ui_state.restore(self._dashboard.panes)
        for complaint in complaints:
            self._app.notify(complaint, severity="warning", markup=False, timeout=_COMPLAINT_SHOWN)

    def watch(self, use_notices: Callable[[NotifySettings], None]) -> None:
        """Apply the settings whenever their file changes; `use_notices` gets those of the notifications."""
        if self._watch is not None:
            self._watch.start(partial(self._use, use_notices))

    def _use(self, use_notices: Callable[[NotifySettings], None], loaded: LoadedSettings) -> None:
        """Apply the settings that can be applied now, and show which need a restart."""
        old, new = self._settings, loaded.settings
        if loaded.faults and new.read_only and not old.read_only and new == CAREFUL:
            self._app.notify(f"The settings stay as they were: {loaded.complaint}", severity="warning", markup=False)
            return
        self._settings = new
        changed = [name for name in schema_fields(Settings) if getattr(old, name) != getattr(new, name)]
        complaints = [] if loaded.complaint is None else [loaded.complaint]
        if "theme" in changed:
            self._ui_state.theme = new.theme
            apply_theme(self._app, resolve(new.theme, self._startup.environment))
        if "keys" in changed:
            complaints += self._remap_keys()
        if "columns" in changed:
            complaints += self._select_columns()
        if "notify" in changed:
            use_notices(new.notify)
        for complaint in complaints:
            self._app.notify(complaint, severity="warning", markup=False, timeout=_COMPLAINT_SHOWN)
        if changed:
            self._app.notify(settings_news(changed), markup=False)

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
        if not self._settings.keys and not self._has_own_keys:
            return []
        from clawtui.tui.controllers.user.key_map import check_keys

        self._has_own_keys = True
        check = check_keys(self._settings.keys)
        self._app.set_keymap(check.keymap)
        self._dashboard.refresh_keys()
        return [f"keys.{fault.id}: {fault.message}" for fault in check.faults]

    def _select_columns(self) -> list[str]:
        settings = self._settings
        if not settings.columns and not self._tables_cut:
            return []
        from clawtui.tui.controllers.user.settings_check import column_objections

        panes = self._dashboard.panes.panes
        tables = {pane.title.lower(): pane.table for pane in panes if isinstance(pane, TablePane)}
        for name in (*settings.columns, *(self._tables_cut - settings.columns.keys())):
            if name in tables:
                tables[name].columns.show_only(settings.columns.get(name) or tables[name].columns.headings)
                tables[name].sync()
        self._tables_cut = set(settings.columns)
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


def settings_news(changed: Sequence[str]) -> str:
    """Return a sentence about the settings that have changed: those that are in effect, and those that are not yet."""
    now = ", ".join(name.replace("_", "-") for name in changed if name in _AT_ONCE)
    later = ", ".join(name.replace("_", "-") for name in changed if name not in _AT_ONCE)
    first = f"The settings have changed: {now}." if now else ""
    second = f"The next start of clawtui has the new {later}." if later else ""
    return " ".join(filter(None, (first, second)))
