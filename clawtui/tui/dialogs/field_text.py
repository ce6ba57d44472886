"""The lines of a dialog with the fields of documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from clawtui.model.documents.base import Document, Problem
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.width import cell_width, wrap
from clawtui.presentation.document_fields import FieldText, document_fields
from clawtui.presentation.outlook import full_outlook
from clawtui.tui.dialogs.dialog_text import document_lines, lines_of_each
from clawtui.tui.widgets.line import BLANK, Line, Span

_LONGEST_LABEL = 30


def automation_lines(
    documents: Iterable[tuple[str, Document | Problem | None]], fleet: Fleet, key: str, now: datetime, width: int
) -> Sequence[Line]:
    """Return when the automation at `key` is due, each field of its documents, and the documents as JSON."""
    documents = tuple(documents)
    automation = fleet.automations.get(key)
    outlook = None
    if automation is not None:
        workspace = fleet.workspaces.get(automation.id)
        is_running = workspace is not None and workspace.running is not None
        outlook = full_outlook(automation, now, is_running=is_running)
    lines: list[Line] = []
    if outlook is not None:
        lines += [*_field_lines([FieldText("next run", outlook.text)], width), BLANK]
    return [*lines, *field_lines(documents, now, width), *document_lines(documents)]


def dispatcher_lines(fleet: Fleet, now: datetime, width: int) -> Sequence[Line]:
    """Return each field of the dispatcher's configuration and of its slots."""
    readings: Sequence[Reading[Document] | None] = (fleet.dispatcher, fleet.concurrency)
    found = [(reading.path, reading.value or reading.problem) for reading in readings if reading is not None]
    if not found and fleet.watch == "waiting":
        return ((Span("There is no state directory yet, or it is empty: no dispatcher either.", "dim"),),)
    if not found:
        return ((Span("The dispatcher has no configuration: the defaults are in force.", "dim"),),)
    return field_lines(found, now, width)


def field_lines(
    documents: Iterable[tuple[str, Document | Problem | None]], now: datetime, width: int
) -> Sequence[Line]:
    """Return the path of each document, and its fields with secrets masked, a field on as many lines as it takes."""

    def make_lines(content: object) -> Sequence[Line]:
        return _field_lines(list(document_fields(content, now)), width) if isinstance(content, dict) else ()

    return lines_of_each(documents, make_lines)


def _field_lines(fields: Sequence[FieldText], width: int) -> Sequence[Line]:
    longest = max((cell_width(displayable(field.path)) for field in fields), default=0)
    label = min(_LONGEST_LABEL, width // 2 - 4, longest) + 2
    lines: list[Line] = []
    for field in fields:
        name = displayable(field.path)
        room = max(1, width - label - 2)
        rows = list(wrap(displayable(field.text), room))
        if cell_width(name) > label - 2:
            lines.append((Span(f"  {name}", "dim"),))
            name = ""
        for row in rows:
            lines.append((Span(f"  {name}{' ' * (label - cell_width(name))}", "dim"), Span(row)))
            name = ""
    return lines
