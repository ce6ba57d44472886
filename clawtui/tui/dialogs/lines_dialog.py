"""A dialog that shows lines, such as help, problems, or a document as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from clawtui.model.text.cleaning import displayable
from clawtui.tui.widgets.line import Line, width_of, wrap_line
from clawtui.tui.widgets.line_view import MOVEMENT_KEYS, LinesView, Movement, line_room

_INDENT = 2
"""Cells by which the second row of a line that does not fit is indented beyond its first."""


class LinesDialog(ModalScreen[None], inherit_bindings=False):
    """Dialog with the lines that `make_lines` returns for a width in cells; a line that is wider is wrapped.

    `make_lines` is called again after each change on disk, of the size, and each second, because of ages in the lines;
    so is `title`, where it is not the same text all the time.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,question_mark", "dismiss", "close", tooltip="close this", id="dialog.close"),
        *MOVEMENT_KEYS,
    ]

    def __init__(self, title: str | Callable[[], str], make_lines: Callable[[int], Sequence[Line]]) -> None:
        super().__init__()
        self._make_title: Callable[[], str] = partial(str, title) if isinstance(title, str) else title
        self._make_lines = make_lines
        self._lines = LinesView()
        self.hint = "Esc closes"
        """The keys that are named below the lines."""

    def compose(self) -> ComposeResult:
        """Yield a box with a title around the lines."""
        self._box = Vertical(self._lines, id="dialog")
        yield self._box

    def on_mount(self) -> None:
        """Fill the box."""
        self.refresh_lines()
        self._lines.focus()
        self.set_interval(1.0, self._show_lines)

    def on_resize(self) -> None:
        """Wrap the lines to the new width, and update the hint, because more or fewer lines fit."""
        self.refresh_lines()

    def action_move(self, unit: Movement, count: float = 0) -> None:
        """Scroll the lines."""
        self._lines.move(unit, count)

    def refresh_lines(self) -> None:
        """Make the lines again, and show them."""
        self._show_lines()

    def _show_lines(self) -> None:
        room = line_room(self.app.size.width)
        self._box.border_title = Content(displayable(self._make_title()))
        self._lines.show([row for line in self._make_lines(room) for row in _wrapped(line, room)])
        self.call_after_refresh(self._show_hint)

    def _show_hint(self) -> None:
        """Show how to close the dialog, and whether it can be scrolled."""
        self._box.border_subtitle = f"↑↓ more · {self.hint}" if self._lines.max_scroll_y else self.hint


def _wrapped(line: Line, width: int) -> Sequence[Line]:
    if width_of(line) <= width:
        return (line,)
    text = "".join(span.text for span in line)
    indent = len(text) - len(text.lstrip(" ")) + _INDENT
    return wrap_line(line, width, min(indent, width // 2))


class DispatcherDialog(LinesDialog):
    """Dialog with each field of the dispatcher's configuration; `edit` opens it in the operator's editor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "edit", "edit", tooltip="the configuration in your $EDITOR", id="dispatcher.edit"),
    ]

    def __init__(self, make_lines: Callable[[int], Sequence[Line]], edit: Callable[[], None]) -> None:
        super().__init__("Dispatcher", make_lines)
        self._edit = edit
        self.hint = "e edits · Esc closes"

    def action_edit(self) -> None:
        """Close the dialog, and open the configuration in the editor."""
        self.dismiss()
        self.app.call_after_refresh(self._edit)
