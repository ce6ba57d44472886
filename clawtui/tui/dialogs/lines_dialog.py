"""A dialog that shows lines: help, problems, a thing as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from clawtui.model.text import clean
from clawtui.tui.widgets.line import Line, width_of
from clawtui.tui.widgets.line_view import LineView
from clawtui.tui.widgets.moving import MOVING, Moving


class _Lines(LineView):
    def __init__(self) -> None:
        super().__init__(id="dialog-lines")
        self._lines: Sequence[Line] = ()
        self._widest = 0

    def show(self, lines: Sequence[Line]) -> None:
        grown = len(lines) != len(self._lines)
        self._lines = lines
        self._widest = max((width_of(line) for line in lines), default=0)
        self.styles.height = len(lines)
        self.sync()
        if grown:
            self.refresh(layout=True)

    @property
    def line_width(self) -> int:
        return max(self.size.width, self._widest)

    def line_count(self) -> int:
        return len(self._lines)

    def make_line(self, index: int, width: int) -> Line:
        return self._lines[index]


class LinesDialog(Moving, ModalScreen[None], inherit_bindings=False):
    """Shows what ``make_lines`` says, and says it anew with each change on disk."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,question_mark", "dismiss", "close"),
        *MOVING,
    ]

    def __init__(self, title: str, make_lines: Callable[[], Sequence[Line]]) -> None:
        super().__init__()
        self._title_text = clean(title)
        self._make_lines = make_lines
        self._lines = _Lines()

    @property
    def body(self) -> LineView:
        """The lines."""
        return self._lines

    def compose(self) -> ComposeResult:
        """A box with a title around the lines."""
        box = Vertical(self._lines, id="dialog")
        box.border_title = Content(self._title_text)
        box.border_subtitle = "Esc closes"
        yield box

    def on_mount(self) -> None:
        """Fills the box."""
        self.refresh_lines()
        self._lines.focus()

    def refresh_lines(self) -> None:
        """What is shown may have changed."""
        self._lines.show(self._make_lines())
