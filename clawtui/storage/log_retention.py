"""Removing logs that are older than they are kept (design: Log Retention; errata 7)."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from clawtui.model.names import LOG_SUFFIX, parse_log_name
from clawtui.storage.atomic import plain_errors
from clawtui.storage.files import directory_at, list_directory


def remove_logs(base: Path, relative_dir: str, cutoff: datetime, dry_run: bool) -> list[str]:
    """Removes the logs in one directory that are from before ``cutoff``; their paths.

    Only regular files whose name ends in ``.jsonl`` are logs. Raises NoSuch, Refused, Unwritable.
    """
    removed = []
    with plain_errors(relative_dir), directory_at(base, relative_dir) as directory:
        for file, kind in list_directory(base, relative_dir):
            if kind == "file" and file.endswith(LOG_SUFFIX) and _is_before(cutoff, directory, file):
                if not dry_run:
                    with suppress(FileNotFoundError):
                        os.unlink(file, dir_fd=directory)
                removed.append(f"{relative_dir}/{file}")
    return removed


def _is_before(cutoff: datetime, directory: int, file: str) -> bool:
    """By its name, else by its last change."""
    name = parse_log_name(file)
    if name is not None:
        return name.started < cutoff
    try:
        changed = os.stat(file, dir_fd=directory, follow_symlinks=False).st_mtime
    except FileNotFoundError:
        return False
    return changed < cutoff.timestamp()
