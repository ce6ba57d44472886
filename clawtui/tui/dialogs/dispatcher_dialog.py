"""The dialog with the dispatcher's configuration, which can be edited from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from clawtui.tui.dialogs.lines_dialog import LinesDialog
from clawtui.tui.widgets.line import Line


class DispatcherDialog(LinesDialog):
    """Dialog with each field of the dispatcher's configuration; `edit` opens it in the operator's editor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "edit", "edit", tooltip="the configuration in your $EDITOR", id="dispatcher.edit"),
    ]

    def __init__(self, make_lines: Callable[[], Sequence[Line]], edit: Callable[[], None]) -> None:
        super().__init__("Dispatcher", make_lines)
        self._edit = edit
        self.hint = "e edits · Esc closes"

    def action_edit(self) -> None:
        """Close the dialog, and open the configuration in the editor."""
        self.dismiss()
        self.app.call_after_refresh(self._edit)
