"""Fixes for files: their modes, their versions, and leftovers of killed processes."""

from __future__ import annotations

from clawtui.files.fs.atomic import recover_save
from clawtui.files.fs.modes import set_mode
from clawtui.model.errors import ClawtuiError, Invalid, Refused
from clawtui.operations.doctor.fix_rule import FixContext
from clawtui.operations.state.retention import LEFT_AFTER, prune_leftovers, sweep_drafts
from clawtui.storage.stores.migration import migrate
from clawtui.storage.stores.mode_scan import scan_modes
from clawtui.storage.user.backups import backups_left, move_backup

_ROUNDS = 12
"""The most levels of directories that are corrected: each can be read only once the one above it is."""


def fix_modes(case: FixContext) -> str:
    """Set the required mode of every file and directory. Raises Refused where some could not be changed."""
    base = case.paths.automations
    done = 0
    failed: dict[str, str] = {}
    for _ in range(_ROUNDS):
        found = scan_modes(base, case.clock() - LEFT_AFTER, most_logs=None).wrong_modes
        todo = [wrong for wrong in found if wrong.path not in failed]
        if not todo:
            break
        for wrong in todo:
            try:
                set_mode(base, wrong)
                done += 1
            except ClawtuiError as error:
                failed[wrong.path] = str(error)
    if failed:
        first, *others = failed.values()
        more = f" ({len(others)} more)" if others else ""
        raise Refused(f"{first}{more}; {done} set")
    return f"{done} mode{'' if done == 1 else 's'} set"


def sweep(case: FixContext) -> str:
    """Remove temp files and released locks that are older than a day.

    A lock that a killed release moved stays, however old it is: its run may be alive. Raises Refused, Unreadable,
    Unwritable.
    """
    removed = prune_leftovers(case.paths, case.clock(), unfinished=False)
    return f"{len(removed)} removed: {', '.join(removed)}"


def restore_captured(case: FixContext) -> str:
    """Restore a captured save under its own name, unless a newer file has that name.

    Raises NoSuch, Refused, Unwritable.
    """
    path = case.finding.subject
    return "it has its name again" if recover_save(case.paths.automations, path) else "a newer file exists; removed"


def remove_drafts(case: FixContext) -> str:
    """Remove the drafts that have not been changed for a day. Raises Refused, Unwritable."""
    removed = sweep_drafts(case.clock())
    return f"removed: {', '.join(removed)}" if removed else f"{case.finding.subject} stays until it is a day old"


def migrate_documents(case: FixContext) -> str:
    """Migrate all documents to the current version. Raises Invalid where that of the finding could not be migrated."""
    for item in migrate(case.paths, case.clock()):
        if item.path == case.finding.subject and item.action == "migrated":
            return f"migrated; the old version is kept in {item.backup}"
        if item.path == case.finding.subject:
            raise Invalid(item.message)
    raise Invalid("it is gone by now")


def move_backups(case: FixContext) -> str:
    """Move the backups that earlier versions left next to documents to clawtui's own state directory.

    Raises ClawtuiError where one cannot be moved.
    """
    moved = [move_backup(case.paths.automations, path) for path in backups_left(case.paths.automations)]
    return f"{len(moved)} moved: {', '.join(map(str, moved))}"
