"""The shortest sequences that update cells of a terminal: cursor movements, changes of the pen, and characters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from clawtui.tui.terminal.cells import CLUSTER, CONTINUED, SURE, Row, kind_of
from clawtui.tui.terminal.pen import PLAIN, Pen, change_to, change_to_blank

_UNKNOWN: Final = -1
_GAP: Final = 8
"""Largest number of unchanged cells that are sent again when a cursor movement over them is longer."""


class Encoder:
    """Encoder of one frame. It keeps the position of the cursor and the current pen; both are unknown at first.

    After a character on whose width terminals differ, the column counts as unknown.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._row = self._column = _UNKNOWN
        self._pen = PLAIN
        self._kind = SURE
        """The kind of the character before the cursor."""

    def add_row(self, y: int, row: Row, changed: Sequence[int]) -> None:
        """Encode the cells of row `y` that are marked in `changed`."""
        texts, pens, width = row.texts, row.pens, len(row.texts)
        column = 0
        while column < width:
            text = texts[column]
            if not changed[column] or not text:  # the second half of a wide character is sent with the first
                column += 1
                continue
            if self._row != y or self._column != column or self._kind != SURE:
                self._go(y, column, row)
            self._pieces.append(self._take(text, pens[column]))
            if text.isascii():
                self._kind = SURE
                run = _run(row, changed, column)
                self._pieces += run
                column += len(run)
            else:
                self._kind = kind_of(text)
                cells = 1 + (column + 1 < width and texts[column + 1] == CONTINUED)
                if self._kind == CLUSTER and cells == 2:  # a terminal may draw it in one cell
                    self._pieces.append(f"  \x1b[{column + 1}G")
                self._pieces.append(text)
                column += cells
            # At the end of a row the cursor waits for the next character, and a relative movement may go wrong.
            self._column = column if column < width else _UNKNOWN

    def end(self, cursor: tuple[int, int] | None) -> str:
        """Return the frame, with the pen reset, and the cursor at row and column `cursor` if there is one."""
        self._pieces.append(change_to(self._pen, PLAIN).sequence)
        if cursor is not None and (cursor != (self._row, self._column) or self._kind != SURE):
            self._pieces.append(_absolute(*cursor))
        return "".join(self._pieces)

    def _take(self, text: str, pen: Pen) -> str:
        """Return the change to the pen for `text`, and keep that pen as the current one."""
        if pen is self._pen:
            return ""
        sequence, self._pen = (change_to_blank if text == " " else change_to)(self._pen, pen)
        return sequence

    def _go(self, y: int, column: int, row: Row) -> None:
        """Move the cursor to a cell, or send the cells up to it again if that is shorter."""
        text = row.texts[column]
        assert text
        if self._row == y and self._column == column and self._kind == kind_of(text) != CLUSTER:
            return  # within a run of ambiguous or wide characters
        sure = self._kind == SURE and self._column != _UNKNOWN
        move = _movement(self._row, self._column if sure else _UNKNOWN, y, column)
        if sure and self._row == y and 0 < column - self._column <= _GAP:
            before = self._pen
            direct = len(move) + len(self._take(text, row.pens[column]))
            self._pen = before
            again = self._again(row, column)
            if again is not None:
                after = self._pen
                if len(again) + len(self._take(text, row.pens[column])) <= direct:
                    move, before = again, after
            self._pen = before
        self._pieces.append(move)
        self._row, self._column, self._kind = y, column, SURE

    def _again(self, row: Row, end: int) -> str | None:
        """Return the cells from the cursor to `end`; None where a movement is better."""
        pieces = []
        for column in range(self._column, end):
            text = row.texts[column]
            if not text or kind_of(text) != SURE:
                return None
            pieces += [self._take(text, row.pens[column]), text]
        return "".join(pieces)


def _run(row: Row, changed: Sequence[int], start: int) -> list[str]:
    """Return the marked ASCII cells from `start` on that need no change of the pen after the first one.

    They have the same pen, and all are blanks or none is: the pens of a blank and of another character can differ.
    """
    texts, pens, pen, is_blank = row.texts, row.pens, row.pens[start], row.texts[start] == " "
    run: list[str] = []
    for column in range(start, len(texts)):
        text = texts[column]
        if not text or not changed[column] or pens[column] is not pen or (text == " ") is not is_blank:
            break
        if not text.isascii():
            break
        run.append(text)
    return run


@lru_cache(4096)
def _movement(row: int, column: int, to_row: int, to_column: int) -> str:
    """Return the shortest movement; an unknown `row` or `column` is `_UNKNOWN`."""
    ways = [_absolute(to_row, to_column)]
    if row == to_row:
        ways += [f"\x1b[{to_column + 1}G", "\r" + _sideways(to_column)]
    elif row != _UNKNOWN and to_row > row:
        down = to_row - row
        ways.append(f"\x1b[{down if down > 1 else ''}E" + _sideways(to_column))
    if column != _UNKNOWN and row != _UNKNOWN and to_row >= row:
        down = to_row - row
        vertical = f"\x1b[{down if down > 1 else ''}B" if down else ""
        ways.append(vertical + _sideways(to_column - column))
    return min(ways, key=len)


def _absolute(row: int, column: int) -> str:
    if column == 0:
        return f"\x1b[{row + 1 if row else ''}H"
    return f"\x1b[{row + 1 if row else ''};{column + 1}H"


def _sideways(columns: int) -> str:
    if columns >= 0:
        return f"\x1b[{columns if columns > 1 else ''}C" if columns else ""
    return min("\b" * -columns, f"\x1b[{-columns}D", key=len)
