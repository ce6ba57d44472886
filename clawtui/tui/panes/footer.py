"""The bottom line: the keys that matter here and now."""

from __future__ import annotations

from collections.abc import Sequence

from clawtui.tui.widgets.line import Line, Span, fit
from clawtui.tui.widgets.line_view import LineView


class Footer(LineView, can_focus=False):
    """One line of keys and what they do; what does not fit is left out from the end."""

    def __init__(self) -> None:
        super().__init__(id="footer")
        self._keys: tuple[tuple[str, str], ...] = ()

    def show(self, keys: Sequence[tuple[str, str]]) -> None:
        """Shows these keys, the most important first."""
        self._keys = tuple(keys)
        self.sync()

    def line_count(self) -> int:
        """One."""
        return 1

    def make_line(self, index: int, width: int) -> Line:
        """`` ? help  / filter  …``."""
        spans: list[Span] = [Span(" ")]
        used = 1
        for key, does in self._keys:
            size = len(key) + len(does) + 3
            if used + size > width:
                break
            spans += [Span(key, "strong"), Span(f" {does}  ", "dim")]
            used += size
        return fit(tuple(spans), width)
