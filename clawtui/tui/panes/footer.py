"""The bottom line of a screen: the keys that can be used at the moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from clawtui.tui.widgets.line import Line, Span, fit
from clawtui.tui.widgets.line_content import OneLine
from clawtui.tui.widgets.line_view import ClickableLine

ALWAYS = frozenset({"help", "all roots"})
"""The hints that are shown at any width: the key for the help, and the one that goes back."""


class KeyHint(NamedTuple):
    """Keys with one meaning."""

    does: str
    keys: tuple[tuple[str, str], ...]
    """The name of each key, and its name in Textual."""
    refused: bool = False
    """Whether the operation is refused at the moment."""
    synonyms: str = ""
    """Other words by which the help and the palette find it."""

    @property
    def label(self) -> str:
        """The names of the keys; ``1…4`` for more than two consecutive digits."""
        return "".join(text for text, _ in self.pieces())

    def pieces(self) -> Iterator[tuple[str, str]]:
        """Yield the pieces of the label, each with its key, which is empty for a separator."""
        digits = "".join(name for name, _ in self.keys)
        if len(self.keys) > 2 and digits in "123456789":
            yield from (self.keys[0], ("…", ""), self.keys[-1])
            return
        for position, key in enumerate(self.keys):
            if position:
                yield (" ", "")
            yield key

    @property
    def width(self) -> int:
        """The cells that the keys and their meaning take in the footer, with the blanks between and after them."""
        return len(self.label) + len(self.does) + 3


class Footer(ClickableLine):
    """Line of keys with their meanings; the least important ones are left out where the width is too small."""

    def __init__(self) -> None:
        super().__init__(OneLine(self._line), id="footer")
        self._hints: tuple[KeyHint, ...] = ()

    def show(self, hints: Sequence[KeyHint]) -> None:
        """Show `hints`, the most important first."""
        self._hints = tuple(hints)
        self.sync()

    def _line(self, width: int) -> Line:
        """Return `` ? help  / filter  …``."""
        shown, room = [], width - 1
        rest = sum(hint.width for hint in self._hints if hint.does in ALWAYS)
        for hint in self._hints:
            rest -= hint.width if hint.does in ALWAYS else 0
            if hint.width + rest <= room:
                shown.append(hint)
                room -= hint.width
        return fit((Span(" "), *(span for hint in shown for span in _spans(hint))), width)


def _spans(hint: KeyHint) -> Iterator[Span]:
    """Yield the keys and their meaning; a click presses the key, a click on the meaning the first of them."""
    for text, key in hint.pieces():
        yield Span(text, "dim" if hint.refused else "strong", click=_press(key))
    yield Span(" ", "dim")
    yield Span(hint.does, "dim", click=_press(hint.keys[0][1]))
    yield Span("  ", "dim")


def _press(key: str) -> str:
    return f"app.simulate_key({key!r})" if key else ""
