"""What there is to say where there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence

from clawtui.model.fleet import Fleet
from clawtui.tui.widgets.line import Line, Span
from clawtui.tui.widgets.line_view import LineView


def notice_lines(fleet: Fleet) -> Sequence[Line]:
    """Why the dashboard is empty, and what to do; nothing where it is not."""
    if fleet.watch == "waiting":
        return (
            (Span(f"There is no state directory at {fleet.root} yet.", "warn"),),
            (Span("Waiting for it. Another place: clawtui --root DIR. To see what this is: clawtui demo"),),
        )
    if fleet.loaded and not fleet.automations:
        return ((Span(f"No automations are configured in {fleet.root}. They appear here as soon as they are."),),)
    return ()


class Notice(LineView, can_focus=False):
    """A few lines below the header; no room is taken where there is nothing to say."""

    def __init__(self) -> None:
        super().__init__(id="notice")
        self._lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Shows ``lines``."""
        if len(lines) != len(self._lines):
            self.styles.height = len(lines) + 2
            self.set_class(bool(lines), "shown")
        self._lines = lines
        self.sync()

    def line_count(self) -> int:
        """As many as there are."""
        return len(self._lines)

    def make_line(self, index: int, width: int) -> Line:
        """One of them."""
        return self._lines[index]
