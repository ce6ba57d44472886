"""Which store a stock gateway has in a directory, by what is in it.

Here, since every layer that looks for a root must see the difference between a stock gateway's and the design's.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clawtui.model.gateway.state import StoreKind

DATABASE = "state/openclaw.sqlite"
"""From 2026.6.1 on."""
JOBS_FILE = "cron/jobs.json"
"""Before."""
TASKS_DATABASE = "tasks/runs.sqlite"

_PLACES: tuple[tuple[str, StoreKind], ...] = ((DATABASE, "sqlite"), (JOBS_FILE, "json"))
"""The first that is there decides: an upgrade leaves the old files behind."""


def store_kind(root: Path) -> StoreKind | None:
    """Return which store a stock gateway has at ``root``; None where it has none there.

    It is one where the file is there, and is a regular file below no link; whether it can be read is another question.
    """
    return next((kind for place, kind in _PLACES if _is_file(root / place)), None)


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode) and stat.S_ISDIR(path.parent.lstat().st_mode)
    except (OSError, ValueError):
        return False
