"""The sizes, orders and theme of the dashboard: restored at the start, saved when they change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clawtui.model.documents.settings import ThemeChoice
from clawtui.model.documents.ui_state import Order, UiState
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.screens.pane_grid import PaneGrid


class UiStateController:
    """Controller that compares the dashboard with the last saved state, and calls `save` if they differ."""

    def __init__(self, remembered: UiState, setting: ThemeChoice, save: Callable[[UiState], None]) -> None:
        self._remembered = remembered
        self._setting = setting
        self._save = save
        self.theme: ThemeChoice = remembered.theme_over(setting)

    def restore_orders(self, grid: PaneGrid) -> None:
        """Apply the saved orders to the tables, before they show anything."""
        for pane in grid.panes:
            order = self._remembered.orders.get(pane.title)
            if isinstance(pane, TablePane) and order is not None and order.by in pane.order.names:
                pane.order.by, pane.order.reverse = order.by, order.reverse

    def restore(self, grid: PaneGrid) -> None:
        """Apply the saved sizes to the mounted panes."""
        grid.dividers.restore(self._remembered.rows, self._remembered.columns)

    def save(self, grid: PaneGrid) -> None:
        """Save sizes, orders and theme if they have changed."""
        now = self._now(grid)
        if now != self._remembered:
            self._remembered = now
            self._save(now)

    def _now(self, grid: PaneGrid) -> UiState:
        known = self._remembered
        sizes = grid.dividers.sizes
        rows, columns = sizes if sizes is not None else (known.rows, known.columns)
        switched = self.theme != known.theme_over(self._setting)
        return known.changed(
            theme=self.theme if switched else known.theme,
            theme_instead_of=self._setting if switched else known.theme_instead_of,
            rows=rows,
            columns=columns,
            orders={**known.orders, **_orders(grid, known.orders)},
        )


def _orders(grid: PaneGrid, known: Mapping[str, Order]) -> dict[str, Order]:
    """Return the order of each table where it is not the default, or where a saved one is known."""
    tables = [pane for pane in grid.panes if isinstance(pane, TablePane)]
    return {
        pane.title: Order(by=pane.order.by, reverse=pane.order.reverse)
        for pane in tables
        if not pane.order.is_usual or pane.title in known
    }
