"""``doctor --fix``: the table of fixes by finding, and their application: the safe ones always, others on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from clawtui.model.documents.audit import Actor
from clawtui.model.errors import Changed, ClawtuiError, NoSuch
from clawtui.model.findings import automations, files, locks, runs, slots
from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Fleet
from clawtui.operations.doctor.examine import examine
from clawtui.operations.doctor.fix_files import (
    fix_modes,
    migrate_documents,
    move_backups,
    remove_drafts,
    restore_captured,
    sweep,
)
from clawtui.operations.doctor.fix_rule import FixContext, FixRule
from clawtui.operations.doctor.fix_runs import clean, disable, finish_removing, free, release_orphaned
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths

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
"""The fix for each code; a finding with another code is left to the operator."""

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


Decide = Callable[[Finding, FixRule], str | None]
"""Decides whether a finding is fixed now: returns None, or the reason why it is not."""

_NEW = "it appeared while the rest was fixed"
_AGAIN = "its fix was applied, and it is still found"


class Fixed(Struct, frozen=True):
    """A finding that was fixed, and how."""

    finding: Finding
    did: str


class Remaining(Struct, frozen=True):
    """A finding that was not fixed, and the reason."""

    finding: Finding
    why: str


class FixResult(Struct, frozen=True):
    """The result for all findings."""

    fixed: tuple[Fixed, ...]
    remaining: tuple[Remaining, ...]
    """As found in the examination after the fixes."""


def apply_fixes(
    paths: StatePaths,
    fleet: Fleet,
    found: Sequence[Finding],
    decide: Decide,
    actor: Actor,
    clock: Callable[[], datetime],
    quiet_after: timedelta,
) -> FixResult:
    """Apply the fixes that ``decide`` allows, one after the other in the order of ``found``, then examine everything
    again.

    Each fix checks its subject again just before it changes it, and changes nothing that differs from ``fleet``. A fix
    that fails raises nothing: its finding remains, with the reason.
    """
    fixed = []
    failed = []
    reasons: dict[tuple[str, str], str] = {}
    for finding in found:
        rule = FIXES.get(finding.code)
        why = why_left(finding) if rule is None or finding.fix is None else decide(finding, rule)
        if rule is not None and why is None:
            reasons[finding.code, finding.subject] = _AGAIN
            try:
                fixed.append(Fixed(finding, rule.act(FixContext(paths, finding, fleet, actor, clock, quiet_after))))
            except (Changed, NoSuch) as error:
                why = str(error)
            except ClawtuiError as error:
                why = str(error)
                failed.append(finding)
        if why is not None:
            reasons[finding.code, finding.subject] = why
    left = examine(read_fleet(paths), paths, clock(), quiet_after)
    known = {(finding.code, finding.subject) for finding in left}
    # A fix that could not be written does not count, although another fix may have removed the cause of the finding.
    left = (*left, *(finding for finding in failed if (finding.code, finding.subject) not in known))
    remaining = (Remaining(finding, reasons.get((finding.code, finding.subject), _NEW)) for finding in left)
    return FixResult(tuple(fixed), tuple(remaining))
