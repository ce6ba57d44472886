"""Which cells a stretch of output paints: as much of a terminal as clawtui's own output needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len

from tests.bench.probe import Probe

_PIECE = re.compile(rb"\x1b\[([0-9;?<>=]*)([A-Za-z])|([\r\x08])|([^\x1b\r\x08]+)")
_RESET = "0"


class Sent(NamedTuple):
    """A row of neighbouring cells that was sent."""

    row: int
    """From 1, as the terminal counts."""
    column: int
    text: str
    styles: tuple[str, ...]
    """The numbers of the SGR sequences that it was sent with."""


class Decoder:
    """The position and the style of the terminal, which go on from one stretch of output to the next."""

    def __init__(self) -> None:
        self._row = self._column = 1
        self._styles: tuple[str, ...] = ()

    def decode(self, data: bytes) -> Iterator[Sent]:
        """Yield the stretches of cells that ``data`` paints, in the order in which they were sent."""
        for numbers, final, control, text in _PIECE.findall(data):
            if text:
                shown = text.decode(errors="replace")
                yield Sent(self._row, self._column, shown, self._styles)
                self._column += cell_len(shown)
            elif control:
                self._column = 1 if control == b"\r" else self._column - 1
            elif final == b"m":
                style = numbers.decode()
                self._styles = () if style in ("", _RESET) else (*self._styles, style)
            else:
                self._move(final, numbers)

    def _move(self, final: bytes, numbers: bytes) -> None:
        steps = int(numbers) if numbers.isdigit() else 1
        if final == b"H":
            self._row, self._column = (int(number or 1) for number in [*numbers.split(b";"), b"1"][:2])
        elif final == b"B":
            self._row += steps
        elif final == b"E":
            self._row, self._column = self._row + steps, 1
        elif final in (b"C", b"D"):
            self._column += steps if final == b"C" else -steps
        elif final == b"G":
            self._column = steps


class Row:
    """One row of a program's screen, kept up to date as its output comes."""

    def __init__(self, probe: Probe, number: int) -> None:
        self._probe = probe
        self._number = number
        self._looked_at = 0
        self._decoder = Decoder()
        self._cells: dict[int, str] = {}

    def says(self, *words: str) -> bool:
        """Return whether all these words are on the row, with blanks or ends around them."""
        self._catch_up()
        width = max(self._cells, default=0) + 1
        shown = "".join(self._cells.get(column, " ") for column in range(1, width))
        return f" {' '.join(words)} " in f" {shown} "

    def _catch_up(self) -> None:
        # What was cut off in the middle of a sequence is looked at again with what follows it.
        output = b"".join(chunk.data for chunk in self._probe.since(0))[self._looked_at :]
        whole = output.rfind(b"\x1b")
        if whole < 0:
            return
        for sent in self._decoder.decode(output[:whole]):
            if sent.row == self._number:
                self._cells.update(enumerate(sent.text, sent.column))
        self._looked_at += whole
