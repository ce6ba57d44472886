"""Lines as values: text with roles and links, fitted to a width, and the cells in which two lines differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat, zip_longest
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import force_setattr, replace

from clawtui.model.text.cleaning import displayable
from clawtui.model.text.secrets import MASK
from clawtui.model.text.width import CUT_MARK, cell_width, cut, cut_start, row_bounds
from clawtui.presentation.roles import ROLES as ROLES
from clawtui.presentation.roles import Role as Role

Cell = tuple[str, Role]
"""The text of a cell, and its role; the text is empty for the second cell of a wide character."""

Align = Literal["left", "right"]

_REPAINT_GAP = 6
"""Largest number of unchanged cells between two changes that are sent again, as a cursor movement costs more."""


class Span(Struct, frozen=True):
    """Piece of a line in one role. The constructor cleans its text and masks secrets in it."""

    text: str
    role: Role = "plain"
    link: str = ""
    """The address of a link (OSC 8), empty for none; set only by `linked`."""
    click: str = ""
    """The action that a click runs, empty for none; never made from text that is shown."""

    def __post_init__(self) -> None:
        force_setattr(self, "text", displayable(self.text))


Line = tuple[Span, ...]

BLANK: Final[Line] = ()


def line(*pieces: Span | str) -> Line:
    """Return a line of `pieces`; a string becomes text in the plain role."""
    return tuple(piece if isinstance(piece, Span) else Span(piece) for piece in pieces)


_SECONDS: Final = re.compile(r"\ds\b")


def changes_by_second(old: Line, new: Line) -> bool:
    """Return whether a piece that differs shows seconds, as ``5m24s`` does: it will differ again in a second."""
    return any(a.text != b.text and _SECONDS.search(b.text) for a, b in zip(old, new, strict=False))


def width_of(spans: Iterable[Span]) -> int:
    """Return the width of the spans in cells."""
    return sum(cell_width(span.text) for span in spans)


def span_at(spans: Line, column: int) -> Span | None:
    """Return the span that covers the cell `column`; None where the line has none there."""
    for span in spans:
        column -= cell_width(span.text)
        if column < 0:
            return span
    return None


def spans_of(cells: Iterable[Cell]) -> Line:
    """Return the cells as a line, in which neighbours of one role are one span."""
    spans: list[Span] = []
    for text, role in cells:
        if spans and spans[-1].role == role:
            spans[-1] = Span(spans[-1].text + text, role)
        else:
            spans.append(Span(text, role))
    return tuple(spans)


def fit(spans: Line, width: int, align: Align = "left") -> Line:
    """Return the line in exactly `width` cells: padded, or cut with a mark."""
    have = width_of(spans)
    if have == width:
        return spans
    if have < width:
        pad = Span(" " * (width - have))
        return (*spans, pad) if align == "left" else (pad, *spans)
    return _cut(spans, width)


def _cut(spans: Line, width: int) -> Line:
    if width <= 0:
        return BLANK
    kept: list[Span] = []
    left = width
    for span in spans:
        size = cell_width(span.text)
        if size >= left:
            text = cut(span.text + CUT_MARK, left) if size == left else cut(span.text, left)
            kept.append(replace(span, text=text))
            break
        kept.append(span)
        left -= size
    missing = width - width_of(kept)
    return (*kept, Span(" " * missing)) if missing > 0 else tuple(kept)


def fit_end(spans: Line, width: int) -> Line:
    """Return the line in exactly ``width`` cells, cut at its front: for text that differs at its end (addresses)."""
    if width_of(spans) <= width:
        return fit(spans, width)
    kept: list[Span] = []
    left = width
    for span in reversed(spans):
        size = cell_width(span.text)
        if size >= left:
            text = cut_start(CUT_MARK + span.text, left) if size == left else cut_start(span.text, left)
            kept.insert(0, replace(span, text=text))
            break
        kept.insert(0, span)
        left -= size
    return fit(tuple(kept), width)


def wrap_line(line: Line, width: int, indent: int = 0) -> tuple[Line, ...]:
    """Return ``line`` on rows of at most ``width`` cells, as `row_bounds` breaks its text; later rows are indented."""
    rows = [_part(line, start, end) for start, end in row_bounds("".join(span.text for span in line), width, indent)]
    lead = (Span(" " * indent),) if indent else BLANK
    return (rows[0], *((*lead, *row) for row in rows[1:]))


def _part(line: Line, start: int, end: int) -> Line:
    """Return the spans of the line's text from index ``start`` to ``end``."""
    spans: list[Span] = []
    for span in line:
        text = span.text[max(0, start) : max(0, end)]
        if text:
            spans.append(span if text == span.text else replace(span, text=text))
        start -= len(span.text)
        end -= len(span.text)
    return tuple(spans)


def join(cells: Sequence[Line], gap: int = 2) -> Line:
    """Return the cells of a row side by side, with `gap` blanks between them."""
    between = Span(" " * gap)
    joined: list[Span] = []
    for position, cell in enumerate(cells):
        if position:
            joined.append(between)
        joined.extend(cell)
    return tuple(joined)


def spread(left: Line, right: Line, width: int) -> Line:
    """Return a line with `left` at its left end and `right` at its right end; where both do not fit, `left` is cut."""
    room = width - width_of(right)
    if room < 1:
        return fit(right, width)
    return (*fit(left, room), *right)


def changed_columns(old: Line, new: Line) -> list[tuple[int, int]]:
    """Return the ranges of cells, as (start, end), in which `new` differs from `old`; near ranges are joined."""
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    same = max(0, same - 1)  # a combining character at the start of a span belongs to the span before
    first = width_of(old[:same])
    before, after = _cells(old[same:]), _cells(new[same:])
    stretches: list[tuple[int, int]] = []
    for column, (was, now) in enumerate(zip_longest(before, after), first):
        if was == now:
            continue
        if stretches and column - stretches[-1][1] <= _REPAINT_GAP:
            stretches[-1] = (stretches[-1][0], column + 1)
        else:
            stretches.append((column, column + 1))
    return stretches


def _cells(spans: Line) -> list[Cell]:
    """Return one entry for each cell; a wide character has two, so that both of its cells are repainted."""
    cells: list[Cell] = []
    for span in spans:
        if span.text.isascii():
            cells.extend(zip(span.text, repeat(span.role)))
            continue
        for character in span.text:
            size = cell_width(character)
            if size == 0 and cells:
                cells[-1] = (cells[-1][0] + character, span.role)
            else:
                cells.extend([(character, span.role)] * size)
    return cells


_ADDRESS = re.compile(r"https?://[A-Za-z0-9\[][A-Za-z0-9._~:/?#\[\]@!$&()*+,;=%-]{0,2000}")
"""An address that becomes a link. No character in it can end the escape sequence, be invisible, or look like another
address.
"""

_TRAILING = ".,;:!?)]"


def linked(text: str, role: Role) -> Iterator[Span]:
    """Split `text` into spans, in which each web address without a masked secret is a link (OSC 8) to itself."""
    at, text = 0, displayable(text)
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_TRAILING)
        if match.start() > at:
            yield Span(text[at : match.start()], role)
        yield Span(address, role, "" if MASK in address else address)
        at = match.start() + len(address)
    if at < len(text):
        yield Span(text[at:], role)
