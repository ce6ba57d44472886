"""The output of a command as values: lines, tables, labelled values, paragraphs and shell commands.

A view makes these values from untrusted text as it is. ``Printer`` masks and cleans the text, before a block is fitted
to the width of the terminal so that no part of a cut secret is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Literal, Protocol

from msgspec import Struct

from clawtui.model.text.command_line import command_lines
from clawtui.model.text.width import cell_width, cut, wrap

if TYPE_CHECKING:
    from clawtui.presentation.roles import Role

_GAP: Final = 2
"""Blanks between two columns."""
_NARROWEST: Final = 4
"""Cells that every column keeps."""

Seen = Callable[[str], str]
"""Returns text as it is printed: cleaned, and masked unless secrets are shown."""


class Piece(Struct, frozen=True):
    """A piece of a line, in one role."""

    text: str
    role: Role = "plain"


Line = Sequence[Piece | str]
"""The pieces of one line. A plain string is a piece in the plain role."""


class Block(Protocol):
    """An output whose number of lines depends on the width of the terminal."""

    def lines(self, seen: Seen, width: int) -> Iterator[Line]:
        """Yield the lines, with ``seen`` applied to all text, for ``width`` cells."""
        ...


class Column(Struct, frozen=True):
    """One column of a table."""

    title: str
    align: Literal["left", "right"] = "left"
    least: int | None = None
    """The cells that the column keeps in a table that is too wide.

    With None it keeps all of its cells until the columns that have a number are at that.
    """
    spare: bool = False
    """Whether the column is left out if there is no room for ``least``."""


class Table(Struct, frozen=True):
    """Rows in aligned columns below a heading; a cell that is too wide is cut, and marked as cut."""

    columns: Sequence[Column]
    rows: Iterable[Sequence[Piece | str]]
    has_heading: bool = True

    def lines(self, seen: Seen, width: int) -> Iterator[Line]:
        """Yield the heading and a line for each row."""
        heading = [Piece(column.title.upper(), "dim") for column in self.columns]
        cells = [heading, *([_seen_piece(cell, seen) for cell in row] for row in self.rows)]
        natural = [max(cell_width(cell.text) for cell in column) for column in zip(*cells, strict=True)]
        kept = _kept_columns(natural, self.columns, width)
        columns = [self.columns[index] for index in kept]
        widths = _fitted_widths([natural[index] for index in kept], columns, width - _GAP * (len(kept) - 1))
        for row in cells if self.has_heading else cells[1:]:
            yield _row([row[index] for index in kept], columns, widths)


class Labelled(Struct, frozen=True):
    """Values on separate lines, each after its label. A pair whose value is None or empty is left out.

    A label of more than half the width is on lines of its own, so that the value keeps its room.
    """

    pairs: Iterable[tuple[str, Piece | str | None]]

    def lines(self, seen: Seen, width: int) -> Iterator[Line]:
        """Yield a line for each value, and further indented lines for a long one."""
        pairs = [(seen(label), _seen_piece(value, seen)) for label, value in self.pairs if value not in (None, "")]
        longest = max(width // 2 - _GAP, min(12, width - 2 * _NARROWEST), 1)
        indent = max((size for label, _ in pairs if (size := cell_width(label)) <= longest), default=0) + _GAP
        for label, value in pairs:
            lead = Piece(label + " " * (indent - cell_width(label)), "dim")
            if cell_width(label) > longest:
                yield from ((Piece(part, "dim"),) for part in wrap(label, width))
                lead = Piece(" " * indent)
            for part in wrap(value.text, width - indent):
                yield (lead, Piece(part, value.role))
                lead = Piece(" " * indent)


class Paragraph(Struct, frozen=True):
    """Text on as many lines as it takes, which are aligned with its beginning."""

    text: str
    role: Role = "plain"
    lead: Piece = Piece("")
    """The text in front of the first line."""
    least: int = 0
    """Cells that the text has at least. If ``lead`` leaves less, the lines after the first are indented by two."""

    def lines(self, seen: Seen, width: int) -> Iterator[Line]:
        """Yield the lines."""
        lead = _seen_piece(self.lead, seen)
        size = cell_width(lead.text)
        indent = Piece(" " * (size if width - size >= self.least else 2))
        for part in wrap(seen(self.text), max(width - size, self.least)):
            yield (lead, Piece(part, self.role))
            lead = indent


class ShellCommand(Struct, frozen=True):
    """A command that can be copied into a shell, on as many lines as it takes."""

    text: str
    indent: int = 0

    def lines(self, seen: Seen, width: int) -> Iterator[Line]:
        """Yield the lines, each but the last continued as a shell understands it."""
        for line in command_lines(self.text, width - self.indent):
            yield (" " * self.indent, Piece(seen(line), "active"))


def bulleted(texts: Iterable[str]) -> Iterator[Paragraph]:
    """Yield a paragraph for each text, with a hyphen in front."""
    return (Paragraph(text, lead=Piece("- ", "dim")) for text in texts)


def _seen_piece(cell: Piece | str | None, seen: Seen) -> Piece:
    return Piece(seen(cell.text), cell.role) if isinstance(cell, Piece) else Piece(seen(cell or ""))


def _kept_columns(natural: Sequence[int], columns: Sequence[Column], width: int) -> list[int]:
    """Return the columns that fit: spare ones are left out, the last first, until the others have enough room."""
    kept = list(range(len(columns)))
    for index in reversed(range(len(columns))):
        needed = sum(_least_width(columns[at], natural[at]) + _GAP for at in kept) - _GAP
        if needed > width and columns[index].spare:
            kept.remove(index)
    return kept


def _least_width(column: Column, natural: int) -> int:
    return natural if column.least is None else min(column.least, natural)


def _fitted_widths(natural: Sequence[int], columns: Sequence[Column], width: int) -> list[int]:
    """Return the widths of the columns. The widest column that may shrink loses one cell at a time.

    When all columns are at ``Column.least``, they shrink below it, down to ``_NARROWEST``.
    """
    widths = list(natural)
    least_widths = [_least_width(column, size) for column, size in zip(columns, natural, strict=True)]
    for least in (least_widths, [_NARROWEST] * len(columns)):
        while sum(widths) > width:
            spare = [size - keep for size, keep in zip(widths, least, strict=True)]
            if max(spare) <= 0:
                break
            widest = max((index for index in range(len(widths)) if spare[index] > 0), key=widths.__getitem__)
            widths[widest] -= 1
    return widths


def _row(row: Sequence[Piece], columns: Sequence[Column], widths: Sequence[int]) -> Line:
    line: list[Piece | str] = []
    for piece, column, size in zip(row, columns, widths, strict=True):
        text = cut(piece.text, size)
        padding = " " * (size - cell_width(text))
        line += ["" if not line else " " * _GAP]
        line += [padding, Piece(text, piece.role)] if column.align == "right" else [Piece(text, piece.role), padding]
    return line
