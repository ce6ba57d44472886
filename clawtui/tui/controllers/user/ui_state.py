"""What is arranged on the dashboard: put back at the start, noted whenever it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clawtui.model.documents.settings import ThemeChoice
from clawtui.model.documents.ui_state import Order, UiState
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.screens.pane_grid import PaneGrid


class UiStateController:
    """Knows what was remembered, and has ``save`` called with what is another by now."""

    def __init__(self, remembered: UiState, setting: ThemeChoice, save: Callable[[UiState], None]) -> None:
        self._remembered = remembered
        self._setting = setting
        self._save = save
        self.theme: ThemeChoice = remembered.theme_over(setting)

    def restore(self, grid: PaneGrid) -> None:
        """Gives the panes their sizes and their tables their order."""
        known = self._remembered
        grid.dividers.restore(known.rows, known.columns)
        for pane in grid.panes:
            order = known.orders.get(pane.title)
            if isinstance(pane, TablePane) and order is not None and order.by in pane.order.names:
                pane.order.by, pane.order.reverse = order.by, order.reverse
                pane.rearrange()

    def save(self, grid: PaneGrid) -> None:
        """Somebody may have arranged something: what is another by now is remembered."""
        now = self._now(grid)
        if now != self._remembered:
            self._remembered = now
            self._save(now)

    def _now(self, grid: PaneGrid) -> UiState:
        known = self._remembered
        sizes = grid.dividers.sizes
        rows, columns = sizes if sizes is not None else (known.rows, known.columns)
        switched = self.theme != known.theme_over(self._setting)
        return known.model_copy(
            update={
                "theme": self.theme if switched else known.theme,
                "theme_instead_of": self._setting if switched else known.theme_instead_of,
                "rows": rows,
                "columns": columns,
                "orders": {**known.orders, **_orders(grid, known.orders)},
            }
        )


def _orders(grid: PaneGrid, known: Mapping[str, Order]) -> dict[str, Order]:
    """How each table is sorted that is not as usual, or was not the last time."""
    tables = [pane for pane in grid.panes if isinstance(pane, TablePane)]
    return {
        pane.title: Order(by=pane.order.by, reverse=pane.order.reverse)
        for pane in tables
        if not pane.order.is_usual or pane.title in known
    }
