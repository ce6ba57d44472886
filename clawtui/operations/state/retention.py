"""The removal of leftovers of killed processes: temp files, locks that were set aside, drafts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from clawtui.files.fs.atomic import plain_errors
from clawtui.files.fs.reading import list_directory
from clawtui.model.errors import ClawtuiError, Unreadable
from clawtui.operations.evidence.processes import find_process
from clawtui.operations.state.drafts import DRAFT_NAME, DRAFTS, is_edited
from clawtui.storage.locks.released_locks import KEPT, sweep_set_aside
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.gateway_files import sweep_leftovers
from clawtui.storage.user.files import find_own_state, sweep_own

KEPT_DAYS = 30
"""How many days logs are kept by default (design: Log Retention)."""


LEFT_AFTER = timedelta(days=1)
"""The age from which a temp file counts as left behind: no process takes that long to write a file."""

DRAFT_KEPT = timedelta(days=1)
"""How long after its last write an edited draft is kept."""


class LeftDraft(Struct, frozen=True):
    """A draft whose process has ended."""

    automation_id: str
    file: Path
    written: datetime
    edited: bool
    """Whether it differs from the configuration that it was made from, so that the operator may want it."""


def prune_leftovers(
    paths: StatePaths,
    now: datetime,
    *,
    unfinished: bool = True,
    dry_run: bool = False,
    unread: list[ClawtuiError] | None = None,
) -> tuple[str, ...]:
    """Remove temp files, locks that were set aside and drafts that are older than a day; return their paths.

    Paths below ``automations/`` are relative to it; those of clawtui's own files are absolute. With ``dry_run`` nothing
    is removed. ``unfinished`` includes locks that a killed process moved and did not verify. The reason why a directory
    of the gateway's cannot be swept is appended to ``unread``, and raised without it. Raises Refused, Unreadable,
    Unwritable.
    """
    older_than = now - LEFT_AFTER
    temp_files = sweep_leftovers(paths, older_than, dry_run=dry_run, unread=unread)
    own = (*sweep_own(older_than, dry_run=dry_run), *sweep_drafts(now, dry_run=dry_run))
    aside = sweep_set_aside(paths.automations, now - KEPT, unfinished=unfinished, dry_run=dry_run)
    return (*temp_files, *aside, *own)


def left_drafts(place: Path | None = None) -> tuple[LeftDraft, ...]:
    """Return the drafts that no living process edits, by name. Drafts that cannot be read are missing."""
    place = place or find_own_state()
    return tuple(_left(place)) if place is not None else ()


def sweep_drafts(now: datetime, *, dry_run: bool = False, place: Path | None = None) -> tuple[str, ...]:
    """Remove the drafts that no living process edits: unedited ones at once, others a day after their last write.

    Returns their paths; with ``dry_run`` nothing is removed. Raises Refused, Unwritable.
    """
    gone = [draft.file for draft in left_drafts(place) if not draft.edited or now - draft.written > DRAFT_KEPT]
    if not dry_run:
        for file in gone:
            with plain_errors(str(file)):
                file.unlink(missing_ok=True)
    return tuple(map(str, gone))


def _left(place: Path) -> Iterator[LeftDraft]:
    try:
        entries = list_directory(place, DRAFTS)
    except (FileNotFoundError, ClawtuiError):
        return
    for name, kind in entries:
        match = DRAFT_NAME.fullmatch(name)
        if kind != "file" or match is None:
            continue
        process = find_process(int(match["pid"]))
        if process is not None and not process.ended:
            continue
        file = place / DRAFTS / name
        with suppress(OSError, Unreadable):
            written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            yield LeftDraft(match["id"], file, written, is_edited(file))
