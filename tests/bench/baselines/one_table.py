"""A DataTable of 20 rows; each key changes one cell of it."""

from __future__ import annotations

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import DataTable


class OneTable(App[None]):
    def compose(self) -> ComposeResult:
        yield DataTable()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("automation", "now", "last run")
        for row in range(20):
            table.add_row(f"sync-{row:05}", "running 40% Merging", "yesterday", key=f"{row}")
        self._column = table.ordered_columns[1].key
        self._percentage = 40

    def on_key(self, event: events.Key) -> None:
        self._percentage += 1
        self.query_one(DataTable).update_cell("5", self._column, f"running {self._percentage}% Merging")


if __name__ == "__main__":
    OneTable().run()
