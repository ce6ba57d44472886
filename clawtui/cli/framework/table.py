"""Aligned text that fits the width: columns, and labelled values."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from clawtui.cli.framework.output import Line, Piece, seen, width
from clawtui.model.text.cleaning import CUT_MARK

_GAP: Final = 2
_LEAST: Final = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    title: str
    align: Literal["left", "right"] = "left"
    least: int | None = None
    """Cells that it keeps when the table is too wide; None gives up none until all others have given up theirs."""
    spare: bool = False
    """Whether it is left out where it cannot even keep those."""


def table(columns: Sequence[Column], rows: Iterable[Sequence[Piece | str]], room: int | None = None) -> Iterator[Line]:
    """A heading and the rows, aligned; what is too wide for ``room``, by default the terminal, is cut with a mark."""
    heading = [Piece(column.title.upper(), "dim") for column in columns]
    cells = [heading, *([_piece(cell) for cell in row] for row in rows)]
    natural = [max(_width_of(cell.text) for cell in of_column) for of_column in zip(*cells, strict=True)]
    kept = _kept(natural, columns, room or width())
    shown = [columns[index] for index in kept]
    widths = _shrunk([natural[index] for index in kept], shown, (room or width()) - _GAP * (len(kept) - 1))
    for row in cells:
        yield _row([row[index] for index in kept], shown, widths)


def labelled(pairs: Iterable[tuple[str, Piece | str | None]], room: int | None = None) -> Iterator[Line]:
    """One line a value with its label before it, more lines where it is long; those without a value are left out."""
    shown = [(label, _piece(value)) for label, value in pairs if value is not None and value != ""]
    indent = max((_width_of(label) for label, _ in shown), default=0) + _GAP
    for label, piece in shown:
        lead = Piece(label + " " * (indent - _width_of(label)), "dim")
        for part in wrapped(piece.text, (room or width()) - indent):
            yield (lead, Piece(part, piece.role))
            lead = Piece(" " * indent)


def wrapped(text: str, room: int) -> list[str]:
    """``text`` on as many lines of at most ``room`` cells as it takes, broken between words where that goes."""
    room = max(room, 2)
    lines = []
    rest = seen(text)
    size = len if rest.isascii() else _width_of
    while size(rest) > room:
        fitting = _head(rest, room)
        space = fitting.rfind(" ") if rest[len(fitting)] != " " else len(fitting)
        taken = fitting[:space] if space > 0 else fitting
        lines.append(taken.rstrip(" "))
        rest = rest[len(taken) :].lstrip(" ")
    return [*lines, rest]


def _piece(cell: Piece | str) -> Piece:
    return cell if isinstance(cell, Piece) else Piece(cell)


def _width_of(text: str) -> int:
    """The cells that cleaned text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _kept(natural: Sequence[int], columns: Sequence[Column], room: int) -> list[int]:
    """The columns that there is room for: spare ones go, the last first, until the rest can fit."""
    kept = list(range(len(columns)))
    for index in reversed(range(len(columns))):
        needed = sum(_smallest(columns[at], natural[at]) + _GAP for at in kept) - _GAP
        if needed > room and columns[index].spare:
            kept.remove(index)
    return kept


def _smallest(column: Column, natural: int) -> int:
    return natural if column.least is None else min(column.least, natural)


def _shrunk(natural: Sequence[int], columns: Sequence[Column], room: int) -> list[int]:
    """Widths that fit: the widest column that may gives up a cell at a time, then any that has some left."""
    widths = list(natural)
    willing = [_smallest(column, size) for column, size in zip(columns, natural, strict=True)]
    for least in (willing, [_LEAST] * len(columns)):
        while sum(widths) > room:
            spare = [size - keep for size, keep in zip(widths, least, strict=True)]
            if max(spare) <= 0:
                break
            widest = max((index for index in range(len(widths)) if spare[index] > 0), key=widths.__getitem__)
            widths[widest] -= 1
    return widths


def _row(row: Sequence[Piece], columns: Sequence[Column], widths: Sequence[int]) -> Line:
    line: list[Piece | str] = []
    for piece, column, size in zip(row, columns, widths, strict=True):
        text = _cut(piece.text, size)
        padding = " " * (size - _width_of(text))
        line += ["" if not line else " " * _GAP]
        line += [padding, Piece(text, piece.role)] if column.align == "right" else [Piece(text, piece.role), padding]
    return line


def _cut(text: str, size: int) -> str:
    return text if _width_of(text) <= size else _head(text, size - 1).rstrip(" ") + CUT_MARK


def _head(text: str, size: int) -> str:
    """As much of the beginning as fits ``size`` cells."""
    if text.isascii():
        return text[: max(0, size)]
    taken = 0
    for position, character in enumerate(text):
        taken += _character_width(character)
        if taken > size:
            return text[:position]
    return text
