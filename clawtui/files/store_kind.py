"""The kind of store that a stock gateway has in a directory, by the files in it.

This module is in ``files`` because every layer that looks for a root must distinguish a stock gateway's from the
design's.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clawtui.model.gateway.state import StoreKind

DATABASE = "state/openclaw.sqlite"
"""The store of a gateway from 2026.6.1 on."""
JOBS_FILE = "cron/jobs.json"
"""The store of an earlier gateway."""
TASKS_DATABASE = "tasks/runs.sqlite"

_PLACES: tuple[tuple[str, StoreKind], ...] = ((DATABASE, "sqlite"), (JOBS_FILE, "json"))
"""The first file that exists decides: an upgrade leaves the old files behind."""


def store_kind(root: Path) -> StoreKind | None:
    """Return the kind of the stock gateway's store at ``root``; None if there is none.

    The store exists if its file is a regular file that is not reached through a link; it need not be readable.
    """
    return next((kind for place, kind in _PLACES if _is_file(root / place)), None)


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode) and stat.S_ISDIR(path.parent.lstat().st_mode)
    except (OSError, ValueError):
        return False
