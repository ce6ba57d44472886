"""A line on as many rows as it takes."""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len

from clawtui.tui.widgets.line import Line, Span


def wrap(line: Line, width: int, indent: int = 0) -> tuple[Line, ...]:
    """``line`` in rows of at most ``width`` cells, broken behind a blank where that goes; later rows are indented."""
    rows: list[Line] = []
    rest = [span for span in line if span.text]
    room = max(2, width)
    while rest:
        row, rest = _fill(rest, room)
        rows.append(row if not rows else (Span(" " * indent), *row))
        room = max(2, width - indent)
    return tuple(rows) or ((),)


def _fill(spans: list[Span], room: int) -> tuple[Line, list[Span]]:
    """As much as fits, and what is left."""
    row: list[Span] = []
    for index, span in enumerate(spans):
        size = cell_len(span.text)
        if size <= room:
            row.append(span)
            room -= size
            continue
        fitting = _fitting(span.text, room)
        cut = span.text.rfind(" ", 0, fitting) + 1 or fitting
        if cut == 0 and not row:
            cut = 1
        if cut:
            row.append(replace(span, text=span.text[:cut]))
        left = span.text[cut:]
        return tuple(row), [*([replace(span, text=left)] if left else []), *spans[index + 1 :]]
    return tuple(row), []


def _fitting(text: str, room: int) -> int:
    """How many characters fit."""
    if text.isascii():
        return room
    taken = 0
    for position, character in enumerate(text):
        taken += cell_len(character)
        if taken > room:
            return position
    return len(text)
