"""The shortest encoding of the difference between two screens: what a key would cost if no byte were wasted.

Cursor moves, the parameters of SGR that change, and the characters; nothing else (no erasing, no scrolling, no
repetition). Each way over the cells between two changes is tried: a jump, or the cells once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from tests.e2e.screen import Cell

Grid = Sequence[Sequence[Cell]]

_Style = tuple[str, str, bool, bool, bool]
"""Foreground, background, bold, underline, reverse."""

_PLAIN: Final[_Style] = ("default", "default", False, False, False)
_NAMES: Final = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
_SWITCHES: Final = (("1", "22"), ("4", "24"), ("7", "27"))


class _Unit(NamedTuple):
    """A character of one cell or two."""

    column: int
    width: int
    text: str
    style: _Style

    @property
    def is_blank(self) -> bool:
        """Return whether only its background is visible."""
        return self.text == " " and not self.style[3] and not self.style[4]

    @property
    def seen(self) -> tuple[str, object]:
        """Return what is compared: a blank's foreground and weight are not visible."""
        return (self.text, self.style[1] if self.is_blank else self.style)


class _Run(NamedTuple):
    """Neighbours in one row that all differ, and the units between them and the run before in that row."""

    row: int
    between: tuple[_Unit, ...] | None
    """None where it is the first one of its row."""
    units: tuple[_Unit, ...]


class _Path(NamedTuple):
    """The bytes written so far, and where the cursor is after them."""

    data: bytes
    row: int
    column: int
    """Beyond the last one where the cursor waits to wrap; -1 where nothing is known of it."""


def shortest(before: Grid, after: Grid) -> bytes:
    """Return the bytes that turn a terminal that shows ``before`` into one that shows ``after``."""
    paths: dict[_Style, _Path] = {_PLAIN: _Path(b"", -1, -1)}
    columns = len(after[0]) if after else 0
    for run in _runs(before, after):
        reached: dict[_Style, _Path] = {}
        for style, path in paths.items():
            for way, plainly in product(_ways(path, run), (False, True)):
                data, ended = _painted(way, style, plainly=plainly)
                moved = b"" if way is not run.units else _move(path, run.row, run.units[0].column, columns)
                last = run.units[-1]
                candidate = _Path(path.data + moved + data, run.row, last.column + last.width)
                if ended not in reached or len(candidate.data) < len(reached[ended].data):
                    reached[ended] = candidate
        paths = reached
    return min((path.data for path in paths.values()), key=len)


def _ways(path: _Path, run: _Run) -> Iterator[tuple[_Unit, ...]]:
    """Yield what is painted: the run after a jump, or also the units before it, where that may be shorter."""
    yield run.units
    if run.between is not None and path.column >= 0 and len(run.between) <= 16:
        yield run.between + run.units


def _runs(before: Grid, after: Grid) -> Iterator[_Run]:
    for row, (old, new) in enumerate(zip(before, after, strict=True)):
        units = _units(new)
        known = {unit.column: unit for unit in _units(old)}
        changed = [_differs(known.get(unit.column), unit) for unit in units]
        position, first = 0, True
        while True in changed[position:]:
            begin = changed.index(True, position)
            end = next((at for at in range(begin, len(units)) if not changed[at]), len(units))
            yield _Run(row, None if first else tuple(units[position:begin]), tuple(units[begin:end]))
            position, first = end, False


def _differs(old: _Unit | None, new: _Unit) -> bool:
    return old is None or old.seen != new.seen or old.width != new.width


def _units(row: Sequence[Cell]) -> list[_Unit]:
    units: list[_Unit] = []
    for column, cell in enumerate(row):
        if cell.text:
            style = (cell.foreground, cell.background, cell.bold, cell.underline, cell.reverse)
            wide = column + 1 < len(row) and not row[column + 1].text
            units.append(_Unit(column, 2 if wide else 1, cell.text, style))
    return units


def _painted(units: Sequence[_Unit], style: _Style, *, plainly: bool) -> tuple[bytes, _Style]:
    """Return the bytes, and the style after them; blanks keep what they do not show, or drop it."""
    pieces = []
    for unit in units:
        unit_style = unit.style
        if unit.is_blank:
            foreground, bold = ("default", False) if plainly else (style[0], style[2])
            unit_style = (foreground, unit.style[1], bold, False, False)
        pieces.append(_sgr(style, unit_style) + unit.text.encode())
        style = unit_style
    return b"".join(pieces), style


def _sgr(old: _Style, new: _Style) -> bytes:
    """Return the shorter sequence: the changed parameters, or a reset with all parameters of the new style."""
    if old == new:
        return b""
    changes = _parameters(old, new)
    reset = ["", *_parameters(_PLAIN, new)]
    chosen = min(";".join(changes), ";".join(reset), key=len)
    return f"\x1b[{chosen}m".encode()


def _parameters(old: _Style, new: _Style) -> list[str]:
    found = [
        on if is_on else off for (on, off), was, is_on in zip(_SWITCHES, old[2:], new[2:], strict=True) if was != is_on
    ]
    found += [_colour(new[0], 30)] if old[0] != new[0] else []
    return found + ([_colour(new[1], 40)] if old[1] != new[1] else [])


def _colour(name: str, base: int) -> str:
    if name == "default":
        return str(base + 9)
    if name in _NAMES:
        return str(base + _NAMES.index(name))
    if name.startswith("bright") and name.removeprefix("bright") in _NAMES:
        return str(base + 60 + _NAMES.index(name.removeprefix("bright")))
    red, green, blue = bytes.fromhex(name)
    return f"{base + 8};2;{red};{green};{blue}"


def _move(path: _Path, row: int, column: int, columns: int) -> bytes:
    """Return the shortest move of the cursor from the end of ``path``."""
    ways = [_absolute(row, column)]
    if path.column >= 0:
        if path.row == row and path.column < columns:
            if path.column == column:
                return b""
            ways.append(_relative(column - path.column))
        if path.row == row:
            ways.append(f"\x1b[{column + 1}G".encode())
            ways.append(b"\r" + _relative(column))
        elif row - path.row < 8:
            ways.append(b"\r" + b"\n" * (row - path.row) + _relative(column))
            if path.column < columns:
                ways.append(b"\n" * (row - path.row) + _relative(column - path.column))
    return min(ways, key=len)


def _absolute(row: int, column: int) -> bytes:
    if column == 0:
        return b"\x1b[H" if row == 0 else f"\x1b[{row + 1}H".encode()
    return f"\x1b[{row + 1 if row else ''};{column + 1}H".encode()


def _relative(columns: int) -> bytes:
    if columns == 0:
        return b""
    if columns < 0:
        return min(b"\b" * -columns, f"\x1b[{-columns}D".encode(), key=len)
    return f"\x1b[{columns if columns > 1 else ''}C".encode()
