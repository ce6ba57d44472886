"""The width of text on a terminal, and text that is cut or wrapped to a width.

All widths are in cells: most characters take one, wide ones (CJK, emoji) take two, combining ones none. The text must
be cleaned already (`clawtui.model.text.cleaning`): it has no control characters, and no joiners that would make one
symbol of several characters.

`rich.cells` measures text that is not ASCII. It is loaded when the first such text is measured, so that commands that
print none do not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

CUT_MARK: Final = "…"
"""The mark at the end of a text that was cut; one cell."""

_LEAST: Final = 2
"""Cells of the narrowest row: a wide character has to fit, or wrapping would not end."""

_BLANKS: Final = str.maketrans("\t\n\v\f\r", " " * 5)


@cache
def _cell_len() -> Callable[[str], int]:
    from rich.cells import cell_len

    return cell_len


def cell_width(text: str) -> int:
    """Return how many cells ``text`` takes."""
    return len(text) if text.isascii() else _cell_len()(text)


def prefix_end(text: str, width: int, start: int = 0) -> int:
    """Return the index up to which ``text``, from ``start`` on, fits ``width`` cells."""
    if text.isascii():
        return min(len(text), start + max(0, width))
    measure = _cell_len()
    for index in range(start, len(text)):
        width -= measure(text[index])
        if width < 0:
            return index
    return len(text)


def cut(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` cells; if it is longer, its end is replaced by a mark."""
    if width <= 0:
        return ""
    if cell_width(text) <= width:
        return text
    return text[: prefix_end(text, width - 1)].rstrip(" ") + CUT_MARK


def cut_start(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` cells; if it is longer, its beginning is replaced by a mark."""
    if width <= 0:
        return ""
    excess = cell_width(text) - width + 1
    if excess <= 1:
        return text
    start = 0
    while excess > 0 or (start < len(text) and cell_width(text[start]) == 0):
        excess -= cell_width(text[start])
        start += 1
    return CUT_MARK + text[start:]


def row_bounds(text: str, width: int, indent: int = 0) -> Iterator[tuple[int, int]]:
    """Yield the start and end index of each row that ``text`` takes when it is wrapped.

    A row ends at a blank or beside a wide character, and within a word only if the word is longer than a row. The
    blanks at which a row ends belong to no row. Empty text is one empty row.

    Args:
        text: The text, of one line.
        width: The cells of a row, at least 2.
        indent: How many cells fewer there are for the rows after the first.
    """
    start, room = 0, max(_LEAST, width)
    while True:
        fitting = prefix_end(text, room, start)
        if fitting == len(text):
            yield start, fitting
            return
        end = _row_end(text, start, fitting)
        stripped = start + len(text[start:end].rstrip(" "))
        yield start, stripped if stripped > start else end
        start = end
        while start < len(text) and text[start] == " ":
            start += 1
        if start == len(text):
            return
        room = max(_LEAST, width - indent)


def _row_end(text: str, start: int, fitting: int) -> int:
    """Return the index at which the row from ``start`` ends; the text up to ``fitting`` fits the row."""
    for index in range(fitting, start, -1):
        before, after = text[index - 1], text[index]
        if before == " " or after == " ":
            if text[start:index].strip(" "):
                return index
        elif cell_width(after) > 0 and 2 in (cell_width(before), cell_width(after)):
            return index
    return max(fitting, start + 1)


def wrap(text: str, width: int, *, indent: int = 0, max_rows: int | None = None) -> list[str]:
    """Return ``text`` on rows of at most ``width`` cells, as `row_bounds` breaks it; at least one row.

    Args:
        text: The text; a line break or tab in it counts as a blank.
        width: The cells of a row, at least 2.
        indent: The blanks in front of the rows after the first.
        max_rows: The most rows; the last one is cut with a mark where there are more.
    """
    text = text.translate(_BLANKS)
    rows: list[str] = []
    for start, end in row_bounds(text, width, indent):
        lead = " " * indent if rows else ""
        if len(rows) + 1 == max_rows:
            return [*rows, lead + cut(text[start:].rstrip(" "), max(_LEAST, width - len(lead)))]
        rows.append(lead + text[start:end])
    return rows
