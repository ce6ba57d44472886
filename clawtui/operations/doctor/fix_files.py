"""Mending files: their modes, their versions, and what was left behind."""

from __future__ import annotations

from clawtui.files.fs.atomic import recover_save
from clawtui.files.fs.modes import set_mode
from clawtui.model.errors import ClawtuiError, Invalid, Refused
from clawtui.operations.doctor.fix_rule import FixContext
from clawtui.operations.state.drafts import sweep_drafts
from clawtui.operations.state.retention import LEFT_AFTER, prune_leftovers
from clawtui.storage.stores.migration import migrate
from clawtui.storage.stores.mode_scan import survey
from clawtui.storage.user.backups import backups_left, move_backup

_ROUNDS = 12
"""A directory that may be entered again shows what is in it: at most so many levels."""


def mend_modes(case: FixContext) -> str:
    """Gives every file and directory the mode that it should have. Raises Refused where some of them resist."""
    base = case.paths.automations
    done = 0
    failed: dict[str, str] = {}
    for _ in range(_ROUNDS):
        found = survey(base, case.clock() - LEFT_AFTER, most_logs=None).wrong_modes
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
    """Removes temp files, and locks that were released, once they are older than a day.

    What a killed release moved stays: somebody may need it. Raises Refused, Unreadable, Unwritable.
    """
    removed = prune_leftovers(case.paths, case.clock(), unfinished=False)
    return f"{len(removed)} removed: {', '.join(removed)}"


def mend_captured(case: FixContext) -> str:
    """Give a captured save its name back, unless something newer has that. Raises NoSuch, Refused, Unwritable."""
    path = case.finding.subject
    return "it has its name again" if recover_save(case.paths.automations, path) else "a newer one stands; removed"


def mend_drafts(case: FixContext) -> str:
    """Remove the drafts that nobody has written for a day. Raises OSError."""
    removed = sweep_drafts(case.clock())
    return f"removed: {', '.join(removed)}" if removed else f"{case.finding.subject} stays until it is a day old"


def mend_version(case: FixContext) -> str:
    """Brings all documents to the current version. Raises Invalid where this one could not be."""
    for item in migrate(case.paths, case.clock()):
        if item.path == case.finding.subject and item.action == "migrated":
            return f"migrated; as it was: {item.backup}"
        if item.path == case.finding.subject:
            raise Invalid(item.message)
    raise Invalid("it is gone by now")


def move_backups(case: FixContext) -> str:
    """Move the copies that earlier versions left beside documents to our own place. Raises where one resists."""
    moved = [move_backup(case.paths.automations, path) for path in backups_left(case.paths.automations)]
    return f"{len(moved)} moved: {', '.join(map(str, moved))}"
