"""``doctor``: everything looked at together (contract: doctor)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from clawtui.model.findings.examination import findings
from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Fleet
from clawtui.model.liveness.evidence import QUIET_AFTER
from clawtui.operations.doctor.surroundings import gather_surroundings
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for


def examine(
    fleet: Fleet, paths: StatePaths, now: datetime, quiet_after: timedelta = QUIET_AFTER
) -> tuple[Finding, ...]:
    """Everything that does not fit together, the most severe first; nothing while the fleet is not yet loaded.

    The fleet is taken as it is, and only what it does not tell is looked at: processes, modes, temp files, the disk.
    Each command is for this state directory, and names it where ``clawtui`` alone would find another.
    Not for an event loop. Raises nothing for what cannot be looked at: that is the fleet's own problem.
    """
    if not fleet.loaded:
        return ()
    found = findings(fleet, gather_surroundings(fleet, paths, now, quiet_after), now)
    here = command_line_for(paths.root)
    return tuple(
        replace(finding, fix=finding.fix and here.at_root(finding.fix), message=here.at_root(finding.message))
        for finding in found
    )
