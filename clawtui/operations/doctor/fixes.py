"""What mends each kind of finding: one table, with what is safe and why."""

from __future__ import annotations

from collections.abc import Mapping

from clawtui.model.findings import automations, files, locks, runs, slots
from clawtui.model.findings.finding import Finding
from clawtui.operations.doctor.fix_files import (
    mend_captured,
    mend_drafts,
    mend_modes,
    mend_version,
    move_backups,
    sweep,
)
from clawtui.operations.doctor.fix_rule import FixRule
from clawtui.operations.doctor.fix_runs import clean, disable, finish_removing, free, release_orphaned

_CLEANING = "the clone goes with it; one that has commits which are nowhere else stays"

MENDS: Mapping[str, FixRule] = {
    files.WRONG_MODE: FixRule(
        "set the modes", "it only takes from others what they should not have", mend_modes, is_safe=True
    ),
    files.LEFTOVER: FixRule(
        "remove what was left", "nobody reads it, and nobody has written it for a day", sweep, is_safe=True
    ),
    locks.REMOVAL_CUT_SHORT: FixRule(
        "finish the removal",
        "what was verified goes, and what was not gets its name back",
        finish_removing,
        is_safe=True,
    ),
    files.BACKUP: FixRule(
        "move the copies away", "they are kept in clawtui's own state directory", move_backups, is_safe=True
    ),
    files.DRAFT: FixRule(
        "remove old drafts", "only those that nobody has written for a day go", mend_drafts, is_safe=True
    ),
    files.CAPTURED: FixRule(
        "give the save its name back", "it is put over nothing that is newer", mend_captured, is_safe=True
    ),
    slots.ORPHANED: FixRule("free the slot", "if the verdict were wrong, one run too many could start", free),
    locks.ORPHANED: FixRule(
        "release the lock", "if the verdict were wrong, a run would lose its clone", release_orphaned
    ),
    runs.UNLOCKED: FixRule("disable the automation", "it is not dispatched again until somebody enables it", disable),
    runs.DEAD: FixRule("remove its workspace", _CLEANING, clean),
    runs.STALE: FixRule("remove its workspace", _CLEANING, clean),
    runs.ORPHANED: FixRule("remove its workspace", _CLEANING, clean),
    files.OLD_VERSION: FixRule("migrate it", "it is rewritten, and a copy is kept", mend_version),
}
"""By code. What is not here is left to the operator."""

_LEFT: Mapping[str, str] = {
    automations.TWICE: "which of them is to stay is yours to say: its command removes the one that lies elsewhere",
    locks.INVALID: "whose it is cannot be told: its command has you type the name",
    locks.EXPIRED: "its holder may be alive: its command has you type the name",
    locks.CUT_SHORT: "whether it is to stand again is yours to say: its command puts it back",
    slots.QUIET: "its session may be at work: its command has you type the name",
    slots.NUMBER_TWICE: "which of them is to go is yours to say, with its command",
    slots.OVER_MAX: "which of them is to go is yours to say, with its command",
    files.MALFORMED: "a workspace that cannot be read is not removed unasked: see its command",
    files.DISK_FULL: "what is to go is yours to say: its command removes old logs, and tells with --dry-run which",
}


def why_left(finding: Finding) -> str:
    """Why a finding is left to the operator."""
    return "no command can mend it" if finding.fix is None else _LEFT.get(finding.code, "its command is yours to run")
