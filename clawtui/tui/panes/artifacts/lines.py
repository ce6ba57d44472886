"""The content of an artifact as lines: a report, a summary, a patch, or any other text."""

from __future__ import annotations

import json
from typing import Final

from clawtui.model.documents.artifact import Kind
from clawtui.presentation.roles import diff_roles
from clawtui.tui.panes.artifacts.markdown import markdown_lines
from clawtui.tui.widgets.line import Line, Span

MAX_LINES: Final = 20_000
"""Largest number of lines shown; a pager shows the rest."""


def artifact_lines(kind: Kind, data: bytes, width: int) -> list[Line]:
    """Return the text in `data` as lines for `width` cells.

    Bytes that are not UTF-8 are replaced. Lines at the top say so, and whether lines were left out.
    """
    text, lossy = _decoded(data)
    if "\0" in text:
        return [(Span("This is not text.", "warn"),)]
    lines = _of_kind(kind, text, width)
    notes: list[Line] = [(Span("Some of it is not UTF-8 and cannot be shown.", "warn"),)] if lossy else []
    if len(lines) > MAX_LINES:
        lines = lines[:MAX_LINES]
        notes.append((Span(f"Only the first {MAX_LINES:,} lines are shown.", "warn"),))
    return [*notes, *lines] or [(Span("It is empty.", "dim"),)]


def patch_lines(text: str) -> list[Line]:
    """Return the lines of a patch, with colours for added and removed lines."""
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
    """Return JSON with one value per line; return text that is not JSON unchanged."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
