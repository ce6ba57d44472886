"""The bottom line of a screen: the keys that can be used at the moment."""

from __future__ import annotations

from collections.abc import Sequence

from clawtui.tui.widgets.line import Line, Span, fit
from clawtui.tui.widgets.line_content import OneLine
from clawtui.tui.widgets.line_view import LineView

ALWAYS = frozenset({"help", "all roots"})
"""The hints that are shown at any width: the key that shows all other keys, and that which leads back."""


class Footer(LineView, can_focus=False):
    """Line of keys with their meanings; the least important ones are left out where the width is too small."""

    def __init__(self) -> None:
        super().__init__(OneLine(self._line), id="footer")
        self._keys: tuple[tuple[str, str], ...] = ()

    def show(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show `keys`, each with its meaning, the most important first."""
        self._keys = tuple(keys)
        self.sync()

    def _line(self, width: int) -> Line:
        """Return `` ? help  / filter  …``."""
        shown, room = [], width - 1
        rest = sum(_size(hint) for hint in self._keys if hint[1] in ALWAYS)
        for hint in self._keys:
            rest -= _size(hint) if hint[1] in ALWAYS else 0
            if _size(hint) + rest <= room:
                shown.append(hint)
                room -= _size(hint)
        spans = [span for key, does in shown for span in (Span(key, "strong"), Span(f" {does}  ", "dim"))]
        return fit((Span(" "), *spans), width)


def _size(hint: tuple[str, str]) -> int:
    key, does = hint
    return len(key) + len(does) + 3
