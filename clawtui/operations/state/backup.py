"""The import of an export, which is read from a file or from standard input."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from clawtui.files.fs.reading import MAX_DOCUMENT, read_named
from clawtui.model.errors import NoSuch, Unreadable
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.backup import ImportItem, OnConflict, import_automations, plan_import

MAX_EXPORT = 8 * MAX_DOCUMENT
"""The most bytes of an export that are read: it holds many documents, and must fit in memory with all of them."""


def read_export(file: Path) -> bytes:
    """Return the content of a file that the operator named.

    Raises NoSuch; Unreadable where it has more than MAX_EXPORT bytes or is no regular file.
    """
    try:
        return read_named(file, MAX_EXPORT)
    except FileNotFoundError as error:
        raise NoSuch(f"{file} does not exist") from error


def read_piped_export(stream: BinaryIO) -> bytes:
    """Return the content of standard input. Raises Unreadable where it has more than MAX_EXPORT bytes."""
    data = stream.read(MAX_EXPORT + 1)
    if len(data) > MAX_EXPORT:
        raise Unreadable(f"standard input has more than the {MAX_EXPORT:,} bytes that are read")
    return data


def import_export(
    paths: StatePaths, data: bytes, on_conflict: OnConflict, now: datetime, *, dry_run: bool = False
) -> tuple[ImportItem, ...]:
    """Import an export and return the outcome for each automation, or with ``dry_run`` the outcome that it would have.

    Raises Invalid, Refused, before anything is written.
    """
    if dry_run:
        return plan_import(paths, data, on_conflict)
    return import_automations(paths, data, on_conflict, now)
