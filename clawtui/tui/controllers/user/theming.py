"""How the dashboard looks and how it is arranged: as it was set, as it was left, and as it is changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual.driver import Driver

from clawtui.model.documents.settings import ThemeChoice
from clawtui.model.documents.ui_state import UiState
from clawtui.tui.controllers.background import in_background
from clawtui.tui.controllers.user.ui_state import UiStateController
from clawtui.tui.error_boundary import ErrorBoundaryApp
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.startup import Startup
from clawtui.tui.terminal.themes import label_variables, resolve, wear
from clawtui.tui.widgets.line_painter import LINE_CLASSES

if TYPE_CHECKING:
    from clawtui.tui.screens.dashboard import Dashboard

THEME_NAMES: Final[Mapping[ThemeChoice, str]] = {
    "dark": "dark",
    "light": "light",
    "ansi": "the terminal's own sixteen colours",
    "none": "no colour",
}


class Theming(ErrorBoundaryApp, inherit_bindings=False):
    """The app's colours, columns, sizes and orders. Whoever inherits makes the dashboard."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(LINE_CLASSES)

    dashboard: Dashboard

    def __init__(self, setup: Startup, clock: Callable[[], datetime], driver_class: type[Driver] | None = None) -> None:
        self.setup = setup
        super().__init__(clock, driver_class)
        self.arranging = UiStateController(setup.arrangement, setup.settings.theme, self._remember)
        wear(self, resolve(self.arranging.theme, setup.environment))

    def get_css_variables(self) -> dict[str, str]:
        """With the colours of the root's label."""
        variables = super().get_css_variables()
        return variables | label_variables(self.current_theme, self.setup.label_colour)

    def use_theme(self, choice: ThemeChoice) -> None:
        """Other colours, now and the next time."""
        self.arranging.theme = choice
        wear(self, resolve(choice, self.setup.environment))
        self.arranging.note(self.dashboard.panes)

    def arrange(self) -> list[str]:
        """Columns, sizes and orders as they are wanted; what is wrong with the wishes."""
        complaints = self._show_columns() if self.setup.settings.columns else []
        self.arranging.put_back(self.dashboard.panes)
        return complaints

    def on_pane_grid_divided(self) -> None:
        """Somebody has dragged a border."""
        self.arranging.note(self.dashboard.panes)

    def on_table_pane_sorted(self) -> None:
        """Somebody has sorted a table otherwise."""
        self.arranging.note(self.dashboard.panes)

    def _show_columns(self) -> list[str]:
        from clawtui.tui.controllers.user.settings_check import column_objections

        tables = {pane.title.lower(): pane.table for pane in self.dashboard.panes.panes if isinstance(pane, TablePane)}
        for name, wanted in self.setup.settings.columns.items():
            if name in tables:
                tables[name].columns.show_only(wanted)
                tables[name].sync()
        known = {name: table.columns.headings for name, table in tables.items()}
        return [f"{name} {message}" for name, message in column_objections(self.setup.settings, known)]

    def _remember(self, arrangement: UiState) -> None:
        if self.setup.remember is not None:
            in_background(self, "remembering the arrangement", partial(self._keep, self.setup.remember, arrangement))

    def _keep(self, remember: Callable[[UiState], None], arrangement: UiState) -> None:
        from clawtui.model.errors import Failed

        try:
            remember(arrangement)
        except Failed as error:
            self.call_later(partial(self.notify, str(error), severity="warning", markup=False))
