"""Removing what is no longer wanted: old logs (errata 7), and what killed writers left."""

from __future__ import annotations

from datetime import datetime, timedelta

from clawtui.operations.state.drafts import sweep_drafts
from clawtui.storage.locks.released_locks import KEPT, sweep_set_aside
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.leftovers import sweep_leftovers
from clawtui.storage.user.files import sweep_own

KEPT_DAYS = 30
"""How long logs are kept where nobody says otherwise (design: Log Retention)."""


LEFT_AFTER = timedelta(days=1)
"""No writer is at work for so long: a temp file that is older was left behind."""


def prune_leftovers(
    paths: StatePaths, now: datetime, *, unfinished: bool = True, dry_run: bool = False
) -> tuple[str, ...]:
    """Removes temp files, and locks that were set aside, older than ``LEFT_AFTER``; the paths of what went, or would.

    Those in clawtui's own place are among them, with their whole paths, and so are drafts of configurations.

    Raises Refused, Unreadable, Unwritable.
    """
    older_than = now - LEFT_AFTER
    temp_files = sweep_leftovers(paths, older_than, dry_run=dry_run)
    own = (*sweep_own(older_than, dry_run=dry_run), *sweep_drafts(now, dry_run=dry_run))
    aside = sweep_set_aside(paths.automations, now - KEPT, unfinished=unfinished, dry_run=dry_run)
    return (*temp_files, *aside, *own)
