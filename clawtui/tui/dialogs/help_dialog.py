"""The dialog with the keys of a place: a list that can be searched, and whose keys can be pressed from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from clawtui.tui.panes.footer import KeyHint
from clawtui.tui.panes.table_pane import TableFilter
from clawtui.tui.widgets.line import Line, Span
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.line_view import MOVEMENT_KEYS, Movement
from clawtui.tui.widgets.table_layout import Column

_ALL_COLUMNS: Final = 72
"""The least width at which the meanings of the keys leave room for their places."""
_COLUMNS: Final = (Column("KEY", 11), Column("WHAT IT DOES", 24, share=1), Column("WHERE", 14, needs=_ALL_COLUMNS))


class HelpSection(NamedTuple):
    """The keys of one place."""

    place: str
    hints: Sequence[KeyHint]
    go: Callable[[], None] = lambda: None
    """Goes to the place in which its keys work."""


class HelpDialog(ModalScreen[None], inherit_bindings=False):
    """Dialog with a row for each key; Enter closes it and presses the key at the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press", "press", tooltip="do what the key does", id="help.press"),
        Binding("slash", "filter", "search", tooltip="search the keys", priority=True, id="table.filter"),
        Binding(
            "escape,q,question_mark", "close", "close", tooltip="all keys again, else close this", id="dialog.close"
        ),
        Binding("ctrl+c", "app.quit", "quit at once", show=False),
        *MOVEMENT_KEYS,
    ]

    def __init__(self, sections: Sequence[HelpSection]) -> None:
        super().__init__()
        rows = [(hint, section) for section in sections for hint in section.hints]
        self._rows = {str(number): row for number, row in enumerate(rows)}
        self._table = LineTable(_COLUMNS, self._cells, id="dialog-lines")
        self._filter = TableFilter(self._table, self._arrange)

    def compose(self) -> ComposeResult:
        """Yield a box with a title around the filter and the rows."""
        with Vertical(id="dialog") as box:
            yield self._filter
            yield self._table
        box.border_title = "Keys"
        box.border_subtitle = "Enter presses it · / searches · Esc closes"

    def on_mount(self) -> None:
        """Show all keys."""
        self._arrange()
        self._table.styles.height = len(self._rows) + 1
        self._table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the key of the filter while one is typed, where it is an ordinary letter."""
        return not (action == "filter" and self._filter.has_focus)

    def action_move(self, unit: Movement, count: float = 0) -> None:
        """Move the cursor."""
        self._table.move(unit, count)

    def action_filter(self) -> None:
        """Let the operator type a filter."""
        self._filter.open()

    def action_close(self) -> None:
        """Show all keys again, or close the dialog."""
        if self._filter.active:
            self._filter.clear_all()
        else:
            self.dismiss()

    def on_line_table_opened(self) -> None:
        """Press the key of the row that was double-clicked."""
        self.action_press()

    def action_press(self) -> None:
        """Close the dialog, then press the key at the cursor."""
        if self._table.selected is None:
            return
        hint, section = self._rows[self._table.selected]
        self.dismiss()
        # Deferred to the app: the key must find the screen below.
        self.app.call_later(section.go)
        self.app.call_later(self.app.simulate_key, hint.keys[0][1])

    def _arrange(self) -> None:
        words = self._filter.search_text.split()
        self._table.show_keys([key for key, row in self._rows.items() if _is_about(row, words)])

    def _cells(self, key: str) -> Sequence[Line]:
        hint, section = self._rows[key]
        return (Span(hint.label, "strong"),), (Span(hint.does),), (Span(section.place, "dim"),)


def _is_about(row: tuple[KeyHint, HelpSection], words: Sequence[str]) -> bool:
    """Return whether each of `words` is in the key, its meaning, its place, or a synonym."""
    hint, section = row
    text = f"{hint.label} {hint.does} {section.place} {hint.synonyms}".casefold()
    return all(word in text for word in words)
