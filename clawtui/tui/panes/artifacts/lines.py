"""What is in an artifact, as lines: a report, a summary, a patch, or whatever it is."""

from __future__ import annotations

import json
from typing import Final

from clawtui.model.documents.artifact import Kind
from clawtui.presentation.diff import diff_roles
from clawtui.tui.panes.artifacts.markdown import markdown_lines
from clawtui.tui.widgets.line import Line, Span

MAX_LINES: Final = 20_000
"""Lines that are shown; who wants more has a pager."""


def artifact_lines(kind: Kind, data: bytes, width: int) -> list[Line]:
    """What ``data`` says, in lines for ``width`` cells; bytes that are no UTF-8 are replaced, and that is said."""
    text, lossy = _decoded(data)
    if "\0" in text:
        return [(Span("This is no text.", "warn"),)]
    lines = _of_kind(kind, text, width)
    notes: list[Line] = [(Span("Some of it is no UTF-8 and cannot be shown.", "warn"),)] if lossy else []
    if len(lines) > MAX_LINES:
        lines = lines[:MAX_LINES]
        notes.append((Span(f"Only the first {MAX_LINES:,} lines are shown.", "warn"),))
    return [*notes, *lines] or [(Span("It is empty.", "dim"),)]


def patch_lines(text: str) -> list[Line]:
    """What was added, what was taken away, and where; the signs stay."""
    return [(Span(line, role),) for line, role in diff_roles(text.splitlines())]


def _decoded(data: bytes) -> tuple[str, bool]:
    try:
        return data.decode(), False
    except UnicodeDecodeError:
        return data.decode(errors="replace"), True


def _of_kind(kind: Kind, text: str, width: int) -> list[Line]:
    if kind == "report":
        return markdown_lines(text, width)
    if kind == "patch":
        return patch_lines(text)
    if kind == "summary":
        text = _indented(text)
    return [(Span(line),) for line in text.splitlines()]


def _indented(text: str) -> str:
    """JSON with a value a line; what is none stays as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
