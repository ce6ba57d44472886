"""Markdown as lines: headings, lists, tables, code and emphasis. A link becomes its text with the address beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from clawtui.model.text.width import cell_width
from clawtui.tui.widgets.line import BLANK, Line, Role, Span, fit, width_of, wrap_line

_MOST_COLUMN: Final = 60
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])\s+(.*)")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_RULE = re.compile(r"\s{0,3}([-*_])(\s*\1){2,}\s*$")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_CELLS = re.compile(r"(?<!\\)\|")
_INLINE = re.compile(
    r"(?P<code>`+)(?P<coded>.+?)(?P=code)"
    r"|(?P<strong>\*\*|__)(?P<stressed>\S.*?)(?P=strong)"
    r"|!?\[(?P<text>[^\]]*)\]\((?P<address>[^)\s]*)[^)]*\)"
)


def markdown_lines(text: str, width: int) -> list[Line]:
    """Return `text` as lines of at most `width` cells; only code and tables may be wider."""
    rows = text.splitlines()
    lines: list[Line] = []
    at = 0
    while at < len(rows):
        row = rows[at]
        if fence := _FENCE.match(row):
            end = _end_of_code(rows, at + 1, fence[1])
            lines += [(Span("    "), Span(code, "dim")) for code in rows[at + 1 : end]]
            at = end + 1
        elif row.lstrip().startswith("|") or (at + 1 < len(rows) and "|" in row and _TABLE_RULE.match(rows[at + 1])):
            end = next((end for end in range(at, len(rows)) if "|" not in rows[end]), len(rows))
            lines += _table(rows[at:end])
            at = end
        else:
            lines += _block(row, width)
            at += 1
    return lines


def _end_of_code(rows: Sequence[str], start: int, fence: str) -> int:
    return next((at for at in range(start, len(rows)) if rows[at].strip().startswith(fence)), len(rows))


def _block(row: str, width: int) -> Iterator[Line]:
    if not row.strip():
        yield BLANK
    elif heading := _HEADING.match(row):
        role: Role = "active" if len(heading[1]) == 1 else "strong"
        yield from _wrapped([replace(span, role=role) for span in _inline(heading[2])], width)
    elif _RULE.match(row):
        yield (Span("─" * min(width, 40), "dim"),)
    elif item := _ITEM.match(row):
        mark = "•" if item[2] in "-*+" else item[2]
        yield from _wrapped(_inline(item[3]), width, f"{item[1]}{mark} ")
    elif row.lstrip().startswith(">"):
        yield from _wrapped(_inline(row.lstrip().lstrip(">").strip()), width, "│ ", again=True)
    else:
        yield from _wrapped(_inline(row.strip()), width)


def _inline(text: str) -> list[Span]:
    spans: list[Span] = []
    end = 0
    for found in _INLINE.finditer(text):
        spans.append(Span(text[end : found.start()]))
        if found["coded"] is not None:
            spans.append(Span(found["coded"], "strong"))
        elif found["stressed"] is not None:
            spans.append(Span(found["stressed"], "strong"))
        else:
            spans += [Span(found["text"]), Span(f" ({found['address']})", "dim")]
        end = found.end()
    return [span for span in (*spans, Span(text[end:])) if span.text]


def _wrapped(spans: Iterable[Span], width: int, mark: str = "", *, again: bool = False) -> Iterator[Line]:
    """Yield the spans on rows after ``mark``; further rows repeat it if ``again``, else begin with blanks."""
    lead, blank = Span(mark, "dim"), Span(" " * cell_width(mark))
    for index, row in enumerate(wrap_line(tuple(spans), width - cell_width(mark))):
        yield (lead if again or not index else blank, *row)


def _table(rows: Sequence[str]) -> Iterator[Line]:
    cells = [[_inline(cell.strip().replace("\\|", "|")) for cell in _split(row)] for row in rows]
    ruled = len(rows) > 1 and _TABLE_RULE.match(rows[1]) is not None
    columns = max(map(len, cells))
    body = [row for number, row in enumerate(cells) if not (ruled and number == 1)]
    widths = [max((width_of(row[at]) for row in body if at < len(row)), default=0) for at in range(columns)]
    widths = [min(size, _MOST_COLUMN) for size in widths]
    for number, row in enumerate(body):
        heading = ruled and number == 0
        line: list[Span] = []
        for at, size in enumerate(widths):
            cell = tuple(row[at]) if at < len(row) else ()
            if heading:
                cell = tuple(replace(span, role="strong") for span in cell)
            line += [*fit(cell, size), Span("  ")]
        yield tuple(line)
        if heading:
            yield (Span("─" * (sum(widths) + 2 * len(widths) - 2), "dim"),)


def _split(row: str) -> list[str]:
    inner = row.strip()
    inner = inner.removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return _CELLS.split(inner)
