"""Rows of cells: the content of each cell of a terminal, and whether terminals agree on the width of its character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment

from clawtui.tui.terminal.pen import PLAIN, Pen, blank_pen, pen_of

SURE, WIDE, AMBIGUOUS, CLUSTER = range(4)
"""Kinds of characters. All terminals agree on the width of SURE characters, and nearly all on that of WIDE ones. They
differ on AMBIGUOUS ones, which are two cells wide in some East Asian terminals, and on CLUSTERs, such as emoji.
"""

CONTINUED: Final = ""
"""The text of the second cell of a wide character."""


class Row:
    """One row of cells. `texts` and `pens` have one item per cell; the pen of a blank has only what a blank shows."""

    __slots__ = ("pens", "texts")

    def __init__(self, texts: list[str | None], pens: list[Pen]) -> None:
        self.texts = texts
        """The character of each cell, `CONTINUED` for the second one of a wide character, None where it is unknown."""
        self.pens = pens

    @classmethod
    def unknown(cls, width: int) -> Row:
        """Return a row whose cells may show anything."""
        return cls([None] * width, [PLAIN] * width)

    def copy(self) -> Row:
        """Return a row with the same cells."""
        return Row(self.texts.copy(), self.pens.copy())

    def equals(self, other: Row) -> bool:
        """Return whether both rows show the same."""
        return self.texts == other.texts and self.pens == other.pens

    def put(self, column: int, segments: Iterable[Segment], system: ColorSystem) -> None:
        """Show `segments` from `column`; what does not fit into the row is cut off."""
        texts: list[str | None] = []
        pens: list[Pen] = []
        for text, style, control in segments:
            if control or not text:
                continue
            cells = _split(text)
            pen = pen_of(style, system)
            blank = blank_pen(pen)
            texts += cells
            pens += [pen] * len(cells) if blank is pen else [blank if cell == " " else pen for cell in cells]
        end = min(column + len(texts), len(self.texts))
        self.texts[column:end] = texts[: end - column]
        self.pens[column:end] = pens[: end - column]

    def mend(self) -> None:
        """Replace halves of wide characters, cut by another widget or by the end of the row, with blanks."""
        texts, pens = self.texts, self.pens
        if _is_plain(texts):
            return
        for column, text in enumerate(texts):
            if text == CONTINUED:
                if not column or not is_wide(texts[column - 1]):
                    texts[column], pens[column] = " ", blank_pen(pens[column])
            elif is_wide(text) and (column + 1 == len(texts) or texts[column + 1] != CONTINUED):
                texts[column], pens[column] = " ", blank_pen(pens[column])

    def changes_from(self, old: Row) -> bytearray | None:
        """Return for each cell whether it must be sent to a terminal that shows `old`; None where none must.

        The cells after ambiguous characters are included, because some terminals overwrite them.
        """
        if not any(old.texts):  # every cell is unknown
            return bytearray(b"\x01" * len(self.texts))
        if self.equals(old):
            return None
        pairs = zip(self.texts, old.texts, self.pens, old.pens, strict=True)
        changed = bytearray(text != was or pen != had for text, was, pen, had in pairs)
        if not _is_plain(self.texts):
            _send_moved(changed, self.texts)
        return changed


@lru_cache(2048)
def kind_of(text: str) -> int:
    """Return the kind of the character of a cell."""
    if text.isascii():
        return SURE
    if len(text) > 1:
        return CLUSTER
    width, category = unicodedata.east_asian_width(text), unicodedata.category(text)
    if width in "WF":
        return CLUSTER if category == "So" else WIDE
    return AMBIGUOUS if width == "A" or category[0] not in "LNP" else SURE


@lru_cache(2048)
def is_wide(text: str | None) -> bool:
    """Return whether the character of a cell occupies two cells."""
    return text is not None and not text.isascii() and split_graphemes(text)[1] == 2


@lru_cache(2048)
def _split(text: str) -> Sequence[str]:
    """Return the cells of `text`; a character of zero width belongs to the cell before it."""
    if text.isascii() and text.isprintable():
        return tuple(text)
    cells: list[str] = []
    for start, end, width in split_graphemes(text)[0]:
        if width:
            cells += [text[start:end], *[CONTINUED] * (width - 1)]
    return tuple(cells)


def _is_plain(texts: Sequence[str | None]) -> bool:
    """Return whether all cells are known and ASCII, so that none needs special handling."""
    return None not in texts and CONTINUED not in texts and "".join(filter(None, texts)).isascii()


def _send_moved(changed: bytearray, texts: Sequence[str | None]) -> None:
    """Mark the cells that a marked ambiguous character overwrites in a terminal where it is two cells wide.

    Ambiguous characters among these cells are not marked: in such a terminal each one is overwritten again anyway.
    """
    overwritten = 0
    for column, text in enumerate(texts):
        ambiguous = text is not None and kind_of(text) in (AMBIGUOUS, CLUSTER)
        if changed[column] and ambiguous:
            overwritten += 1
        elif overwritten:
            overwritten -= 1
            changed[column] = changed[column] or not ambiguous
