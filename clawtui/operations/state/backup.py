"""Taking all automations out to a file, and back in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from clawtui.files.fs.reading import MAX_DOCUMENT, read_named
from clawtui.model.errors import NoSuch, Unreadable
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores import migration
from clawtui.storage.stores.backup import (
    Export,
    ImportItem,
    OnConflict,
    Secrets,
    export_automations,
    import_automations,
    plan_import,
)
from clawtui.storage.stores.backup import write_export as _write_export
from clawtui.storage.stores.migration import MigrationItem


def make_export(paths: StatePaths, now: datetime, *, secrets: Secrets | None = None) -> Export:
    """Return the export document of all automations that can be read, with ``secrets`` masked or included.

    Raises Unreadable; Refused where there are secrets and nothing says which is wanted.
    """
    return export_automations(paths, now, secrets=secrets)


def write_export(file: Path, export: Export) -> None:
    """Writes it to a file that the operator named, for their eyes only. Raises Refused, NoSuch, Unwritable."""
    _write_export(file.absolute(), export)


MAX_EXPORT = 8 * MAX_DOCUMENT
"""Bytes of an export that are ever read: it holds many documents, and with all of them it has to fit in memory."""


def read_export(file: Path) -> bytes:
    """What is in a file that the operator named. Raises NoSuch; Unreadable over MAX_EXPORT, or for no regular file."""
    try:
        return read_named(file, MAX_EXPORT)
    except FileNotFoundError as error:
        raise NoSuch(f"{file} does not exist") from error


def read_piped_export(stream: BinaryIO) -> bytes:
    """What comes from standard input. Raises Unreadable where that is over MAX_EXPORT."""
    data = stream.read(MAX_EXPORT + 1)
    if len(data) > MAX_EXPORT:
        raise Unreadable(f"standard input goes on beyond the {MAX_EXPORT:,} bytes that are read")
    return data


def bring_in(
    paths: StatePaths, data: bytes, on_conflict: OnConflict, now: datetime, *, dry_run: bool = False
) -> tuple[ImportItem, ...]:
    """Imports an export; what became of each automation, or with ``dry_run`` what would.

    Raises Invalid, Refused, before anything is written.
    """
    if dry_run:
        return plan_import(paths, data, on_conflict)
    return import_automations(paths, data, on_conflict, now)


def migrate(paths: StatePaths, now: datetime, *, dry_run: bool = False) -> tuple[MigrationItem, ...]:
    """Rewrites what has an old version, with a copy of each file; what it found and did, item by item."""
    return migration.plan(paths) if dry_run else migration.migrate(paths, now)
