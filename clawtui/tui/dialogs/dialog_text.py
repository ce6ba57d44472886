"""The lines of the dialogs about problems, documents, runs, keys and log entries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from clawtui.files.json5.serialize import shown_fields
from clawtui.model.documents.base import Document, Problem
from clawtui.model.fleet import Fleet
from clawtui.model.runs.run import Run
from clawtui.model.search.line_filter import line_fields
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.secrets import masked
from clawtui.model.text.units import format_timestamp
from clawtui.model.text.width import wrap
from clawtui.presentation.why_lines import WhyLine
from clawtui.tui.widgets.line import BLANK, Line, Span, linked, wrap_line

_WRAP = 92


def problem_lines(fleet: Fleet, width: int = _WRAP) -> Sequence[Line]:
    """Return each file that cannot be read, with the reason, wrapped to `width` cells."""
    problems = fleet.problems
    if not problems:
        return (_none(fleet),)
    lines: list[Line] = []
    for problem in sorted(problems.values()):
        lines.append((Span(problem.path or "the state directory", "strong"),))
        lines += [(Span(f"  {part}", "bad"),) for part in wrap(displayable(problem.message), width - 2)]
        lines.append(BLANK)
    lines.append((Span("Each goes away by itself once its file can be read again.", "dim"),))
    return lines


def _none(fleet: Fleet) -> Line:
    if fleet.watch == "waiting" and fleet.loaded:
        there = "The state directory is empty" if fleet.is_empty else "There is no state directory yet"
        return (Span(f"{there}: nothing to read.", "dim"),)
    if not fleet.loaded:
        return (Span("Still reading …", "dim"),)
    return (Span("Nothing: everything can be read.", "ok"),)


def document_lines(documents: Iterable[tuple[str, Document | Problem | None]]) -> Sequence[Line]:
    """Return the path of each document and its content as indented JSON, unknown keys included and secrets masked."""
    return lines_of_each(documents, _json_lines) or [(Span("nothing to show", "dim"),)]


def lines_of_each(
    documents: Iterable[tuple[str, Document | Problem | None]], make_lines: Callable[[object], Iterable[Line]]
) -> list[Line]:
    """Return the path of each document, and its problem or the lines that ``make_lines`` makes from its content."""
    lines: list[Line] = []
    for path, document in documents:
        if document is None:
            continue
        lines.append((Span(path, "strong"),))
        if isinstance(document, Problem):
            lines.append((Span(f"  {document.message}", "bad"),))
        else:
            lines += make_lines(masked(shown_fields(document)))
        lines.append(BLANK)
    return lines


def _json_lines(content: object) -> Iterator[Line]:
    for row in json.dumps(content, indent=2, ensure_ascii=False).split("\n"):
        yield (Span("  "), *json_row(row))


def why_text(lines: Iterable[WhyLine], width: int = _WRAP) -> Sequence[Line]:
    """Return the answer of `why`, wrapped to `width` cells."""
    return [
        (Span(" " * line.indent + part, line.role),)
        for line in lines
        for part in wrap(displayable(line.text), width - line.indent)
    ]


def run_lines(run: Run) -> Sequence[Line]:
    """Return the known facts of a run as indented JSON."""
    known = {
        "automationId": run.automation_id,
        "sessionId": run.session_id,
        "timestamp": format_timestamp(run.started),
        "status": run.status,
        "duration": run.duration,
        "summary": run.summary,
        "log": run.log,
    }
    text = json.dumps(masked(known), indent=2, ensure_ascii=False)
    return [(Span(row),) for row in text.split("\n")]


def entry_lines(text: str, width: int = _WRAP) -> Sequence[Line]:
    """Return a log line as indented JSON with all its keys, or unchanged if it is not JSON, wrapped to `width`."""
    content = line_fields(text)
    if not content:
        return wrap_line(tuple(linked(text, "warn")), width, indent=4)
    rows = json.dumps(masked(content), indent=2, ensure_ascii=False).split("\n")
    return [part for row in rows for part in wrap_line(json_row(row), width, indent=4)]


_KEYED = re.compile(r'(\s*)("(?:[^"\\]|\\.)*")(: )?(.*)', re.DOTALL)


def json_row(row: str) -> Line:
    """Return a row of indented JSON; its key, and a value that is not a string, have colours of their own."""
    parts = _KEYED.fullmatch(row)
    if parts is None or parts[3] is None:
        return tuple(linked(row, "plain" if row.lstrip().startswith('"') else "active"))
    value = parts[4]
    return (
        Span(parts[1]),
        Span(parts[2] + parts[3], "dim"),
        *linked(value, "plain" if value.startswith(('"', "{", "[")) else "active"),
    )
