"""The fix for each kind of finding, as one table: its effect, whether it is safe, and the reason."""

from __future__ import annotations

from collections.abc import Mapping

from clawtui.model.findings import automations, files, locks, runs, slots
from clawtui.model.findings.finding import Finding
from clawtui.operations.doctor.fix_files import (
    fix_modes,
    migrate_documents,
    move_backups,
    remove_drafts,
    restore_captured,
    sweep,
)
from clawtui.operations.doctor.fix_rule import FixRule
from clawtui.operations.doctor.fix_runs import clean, disable, finish_removing, free, release_orphaned

_CLEANING = "the clone is removed with it; a clone with commits that exist nowhere else is kept"

FIXES: Mapping[str, FixRule] = {
    files.WRONG_MODE: FixRule(
        "set the modes", "it only removes permissions that others should not have", fix_modes, is_safe=True
    ),
    files.LEFTOVER: FixRule(
        "remove what was left", "nothing reads it, and it has not been written to for a day", sweep, is_safe=True
    ),
    locks.REMOVAL_CUT_SHORT: FixRule(
        "finish the removal",
        "what was verified is removed, and what was not gets its name back",
        finish_removing,
        is_safe=True,
    ),
    files.BACKUP: FixRule(
        "move the copies away", "they are kept in clawtui's own state directory", move_backups, is_safe=True
    ),
    files.DRAFT: FixRule(
        "remove old drafts",
        "only those that have not been written to for a day are removed",
        remove_drafts,
        is_safe=True,
    ),
    files.CAPTURED: FixRule(
        "give the save its name back", "it never replaces a newer file", restore_captured, is_safe=True
    ),
    slots.ORPHANED: FixRule("free the slot", "if the verdict were wrong, one run too many could start", free),
    locks.ORPHANED: FixRule(
        "release the lock", "if the verdict were wrong, a run would lose its clone", release_orphaned
    ),
    runs.UNLOCKED: FixRule("disable the automation", "it is not dispatched again until it is enabled", disable),
    runs.DEAD: FixRule("remove its workspace", _CLEANING, clean),
    runs.STALE: FixRule("remove its workspace", _CLEANING, clean),
    runs.ORPHANED: FixRule("remove its workspace", _CLEANING, clean),
    files.OLD_VERSION: FixRule("migrate it", "it is rewritten, and a copy is kept", migrate_documents),
}
"""By code. A finding whose code is not here is left to the operator."""

_LEFT: Mapping[str, str] = {
    automations.TWICE: "you decide which of them stays: its command removes the one in the wrong place",
    locks.INVALID: "its holder is unknown: its command asks you to type the name",
    locks.EXPIRED: "its holder may be alive: its command asks you to type the name",
    locks.CUT_SHORT: "you decide whether it is restored: its command puts it back",
    slots.QUIET: "its session may be at work: its command asks you to type the name",
    slots.NUMBER_TWICE: "you decide which of them is freed, with its command",
    slots.OVER_MAX: "you decide which of them is freed, with its command",
    files.FIELD: "only a person can say what the field should be",
    files.REFUSED: "only a person can say what the field should be",
    files.MALFORMED: "a workspace that cannot be read is not removed without asking: see its command",
    files.DISK_FULL: "you decide what is removed: its command removes old logs, and lists them with --dry-run",
}


def why_left(finding: Finding) -> str:
    """Return why a finding is left to the operator."""
    return (
        "no command can fix it"
        if finding.fix is None
        else _LEFT.get(finding.code, "you decide whether to run its command")
    )
