"""Taking all automations out to a file, and back in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from clawtui.storage.backup import Export, ImportItem, OnConflict, export_automations, import_automations, plan_import
from clawtui.storage.backup import write_export as _write_export
from clawtui.storage.errors import NoSuch
from clawtui.storage.paths import StatePaths


def make_export(paths: StatePaths, now: datetime, *, show_secrets: bool = False) -> Export:
    """The export document of all automations that can be read; secrets are masked in it. Raises Unreadable."""
    return export_automations(paths, now, show_secrets=show_secrets)


def write_export(file: Path, export: Export) -> None:
    """Writes it to a file that the operator named, for their eyes only. Raises Refused, NoSuch, Unwritable."""
    _write_export(file.absolute(), export)


def read_export(file: Path) -> bytes:
    """What is in a file that the operator named: any file that can be read, a pipe too. Raises NoSuch, OSError."""
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise NoSuch(f"{file} does not exist") from error


def bring_in(
    paths: StatePaths, data: bytes, on_conflict: OnConflict, now: datetime, *, dry_run: bool = False
) -> tuple[ImportItem, ...]:
    """Imports an export; what became of each automation, or with ``dry_run`` what would.

    Raises Invalid, Refused, before anything is written.
    """
    if dry_run:
        return plan_import(paths, data, on_conflict)
    return import_automations(paths, data, on_conflict, now)
