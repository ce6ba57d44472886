"""``doctor --fix``: safe fixes are applied, the others on request, and what remains is reported with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from clawtui.model.documents.audit import Actor
from clawtui.model.errors import Changed, ClawtuiError, NoSuch
from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Fleet
from clawtui.operations.doctor.examine import examine
from clawtui.operations.doctor.fix_rule import FixContext, FixRule
from clawtui.operations.doctor.fixes import FIXES, why_left
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths

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
