"""The fields of a document as lines of a command."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from clawtui.cli.framework.layout import Block, Labelled, Line, Piece
from clawtui.cli.framework.output import Printer
from clawtui.model.documents.base import Document


def field_lines(path: str, document: Document, printer: Printer, now: datetime) -> Iterator[Line | Block]:
    """Yield the path of a document, and each of its fields; ``printer`` masks their values by their names."""
    from clawtui.presentation.document_fields import document_fields

    content = printer.value(document.model_dump(mode="json", by_alias=True, exclude_unset=True), "")
    yield ()
    yield (Piece(path, "strong"),)
    if isinstance(content, dict):
        yield Labelled(tuple(document_fields(content, now)))
