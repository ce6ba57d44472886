"""Emulated terminals that show what was sent, and the same content painted cell by cell, to compare them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch

import pyte.screens
from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

from tests.e2e.screen import Screen

_NO_WRAP = b"\x1b[?7l"


class Shown(NamedTuple):
    """The visible content of a cell."""

    text: str
    style: tuple[object, ...]


class Emulator(Screen):
    """Terminal that does not wrap lines, as Textual sets it."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows)
        self.columns, self.rows = columns, rows
        self.feed(_NO_WRAP)

    def shown(self) -> list[list[Shown]]:
        """Return every cell, without what is not visible of a blank."""
        return [
            [self._shown(text, self._emulated.buffer[y][x]) for x, text in enumerate(self._cells(y))]
            for y in range(self.rows)
        ]

    @staticmethod
    def _shown(text: str, cell: pyte.screens.Char) -> Shown:
        lines = (cell.underscore, cell.strikethrough, cell.reverse)
        if text == " " and not any(lines):
            return Shown(text, (cell.bg,))
        if not text:
            return Shown(text, ())
        return Shown(text, (cell.fg, cell.bg, cell.bold, cell.italics, cell.blink, *lines))


def painted(strips: Sequence[Strip], columns: int, system: ColorSystem = ColorSystem.TRUECOLOR) -> Emulator:
    """Return a new terminal on which each cell of `strips` was painted separately, in its place and whole style."""
    emulator = Emulator(columns, len(strips))
    for y, strip in enumerate(strips):
        for x, text, width, style in pieces_of(strip):
            blanks = " " * width if width > 1 else ""
            for each in (blanks, text):
                emulator.feed(f"\x1b[{y + 1};{x + 1}H{(style or Style()).render(each, color_system=system)}".encode())
    return emulator


def pieces_of(strip: Strip) -> Iterator[tuple[int, str, int, Style | None]]:
    """Yield column, text, width and style of each segment that is ASCII, and of each other character of `strip`."""
    x = 0
    for text, style, _ in strip:
        if text.isascii():
            yield x, text, 1, style
            x += len(text)
            continue
        for start, end, width in split_graphemes(text)[0]:
            if width:
                yield x, text[start:end], width, style
            x += width


@contextmanager
def ambiguous_is_wide() -> Iterator[None]:
    """Emulate terminals for East Asia, in which characters of ambiguous width take two cells."""
    usual = pyte.screens.wcwidth

    def wcwidth(text: str) -> int:
        return 2 if unicodedata.east_asian_width(text) == "A" else usual(text)

    with patch.object(pyte.screens, "wcwidth", wcwidth):
        yield


def difference(sent: list[list[Shown]], expected: list[list[Shown]]) -> list[str]:
    """Return each cell in which two screens differ."""
    return [
        f"row {y}, column {x}: {one} instead of {other}"
        for y, (row, right) in enumerate(zip(sent, expected, strict=True))
        for x, (one, other) in enumerate(zip(row, right, strict=True))
        if one != other
    ]
