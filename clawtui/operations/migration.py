"""Bringing documents to the current version (errata 17)."""

from __future__ import annotations

from datetime import datetime

from clawtui.storage import migration
from clawtui.storage.migration import MigrationItem
from clawtui.storage.paths import StatePaths


def migrate(paths: StatePaths, now: datetime, *, dry_run: bool = False) -> tuple[MigrationItem, ...]:
    """Rewrites what has an old version, with a copy of each file; what it found and did, item by item."""
    return migration.plan(paths) if dry_run else migration.migrate(paths, now)
