"""``doctor --fix``: what is safe is done, what is not is asked for, and what remains is told with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clawtui.model.documents.audit import Actor
from clawtui.model.errors import Changed, ClawtuiError, NoSuch
from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Fleet
from clawtui.operations.doctor.examine import examine
from clawtui.operations.doctor.fix_rule import FixContext, FixRule
from clawtui.operations.doctor.fixes import MENDS, why_left
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths

Decide = Callable[[Finding, FixRule], str | None]
"""Whether a finding is to be mended now: None, or the reason why it is not."""

_NEW = "it came up while the rest was mended"
_AGAIN = "its mend was made, and it is found all the same"


@dataclass(frozen=True, slots=True)
class Fixed:
    """A finding, and what was done about it."""

    finding: Finding
    did: str


@dataclass(frozen=True, slots=True)
class Remaining:
    """A finding that is still there, and why."""

    finding: Finding
    why: str


@dataclass(frozen=True, slots=True)
class Treatment:
    """What became of all findings."""

    mended: tuple[Fixed, ...]
    remaining: tuple[Remaining, ...]
    """As found when everything was looked at once more."""


def treat(
    paths: StatePaths,
    fleet: Fleet,
    found: Sequence[Finding],
    decide: Decide,
    actor: Actor,
    clock: Callable[[], datetime],
    quiet_after: timedelta,
) -> Treatment:
    """Mends what ``decide`` lets it, one after the other in the order of ``found``, then looks at everything anew.

    Each mend judges for itself in the last instant, and touches nothing that is not as ``fleet`` has it. Raises nothing
    for what could not be mended: that remains, with the reason.
    """
    mended = []
    failed = []
    reasons: dict[tuple[str, str], str] = {}
    for finding in found:
        mend = MENDS.get(finding.code)
        why = why_left(finding) if mend is None or finding.fix is None else decide(finding, mend)
        if mend is not None and why is None:
            reasons[finding.code, finding.subject] = _AGAIN
            try:
                mended.append(Fixed(finding, mend.act(FixContext(paths, finding, fleet, actor, clock, quiet_after))))
            except (Changed, NoSuch) as error:
                why = str(error)
            except ClawtuiError as error:
                why = str(error)
                failed.append(finding)
        if why is not None:
            reasons[finding.code, finding.subject] = why
    left = examine(read_fleet(paths), paths, clock(), quiet_after)
    known = {(finding.code, finding.subject) for finding in left}
    # What could not be written is not mended, though another mend may have removed what told of it.
    left = (*left, *(finding for finding in failed if (finding.code, finding.subject) not in known))
    remaining = (Remaining(finding, reasons.get((finding.code, finding.subject), _NEW)) for finding in left)
    return Treatment(tuple(mended), tuple(remaining))
