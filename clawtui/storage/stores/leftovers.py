"""Temp files that killed writers left, wherever documents are written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from clawtui.files.fs.atomic import sweep_temp_files
from clawtui.files.fs.reading import list_directory
from clawtui.storage.paths import ARTIFACTS, CONFIG, LOCKS, WORKSPACES, StatePaths
from clawtui.storage.stores.gateway_files import is_gateway_directory, workspaces_among

_DEPTHS = {CONFIG: 1, WORKSPACES: 1, ARTIFACTS: 1, LOCKS: 8}
"""The levels below each section in which documents are written; temp files in a clone, which is deeper, are its own."""


def sweep_leftovers(paths: StatePaths, older_than: datetime, *, dry_run: bool = False) -> tuple[str, ...]:
    """Remove every temp file that was last written before ``older_than``; return their paths, sorted.

    With ``dry_run`` nothing is removed. Links are not followed. Raises Refused, Unreadable, Unwritable.
    """
    base = paths.automations
    directories = (directory for section, depth in _DEPTHS.items() for directory in _at_most(base, section, depth))
    found = (
        path
        for directory in directories
        if not _is_foreign(base, directory)
        for path in sweep_temp_files(base, directory, older_than, dry_run=dry_run)
    )
    return tuple(sorted(found))


def _is_foreign(base: Path, directory: str) -> bool:
    """Return whether the directory is in a workspace's place and contains no document of one."""
    if not directory.startswith(f"{WORKSPACES}/"):
        return False
    paths = [f"{directory}/{entry.name}" for entry in list_directory(base, directory)]
    return not is_gateway_directory(directory, workspaces_among(paths), was_entered=True)


def _at_most(base: Path, directory: str, depth: int) -> Iterator[str]:
    """Yield the directory, and those in it down to ``depth`` levels."""
    try:
        entries = list_directory(base, directory)
    except FileNotFoundError:
        return
    yield directory
    if depth:
        for entry in entries:
            if entry.kind == "directory":
                yield from _at_most(base, f"{directory}/{entry.name}", depth - 1)
