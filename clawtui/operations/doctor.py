"""``doctor``: everything looked at together (contract: doctor)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from clawtui.model.evidence import QUIET_AFTER
from clawtui.model.findings.examination import findings
from clawtui.model.findings.finding import Finding, at_root
from clawtui.model.fleet import Fleet
from clawtui.operations.surroundings import gather_surroundings
from clawtui.storage.errors import NoSuch
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import choose_root
from clawtui.storage.settings_file import load_settings


def examine(
    fleet: Fleet, paths: StatePaths, now: datetime, quiet_after: timedelta = QUIET_AFTER
) -> tuple[Finding, ...]:
    """Everything that does not fit together, the most severe first; nothing while the fleet is not yet loaded.

    The fleet is taken as it is, and only what it does not tell is looked at: processes, modes, temp files, the disk.
    Each ``fix`` is for this state directory, and names it where ``clawtui`` alone would find another.
    Not for an event loop. Raises nothing for what cannot be looked at: that is the fleet's own problem.
    """
    if not fleet.loaded:
        return ()
    found = findings(fleet, gather_surroundings(fleet, paths, now, quiet_after), now)
    if _is_found_unasked(paths):
        return found
    return tuple(
        replace(finding, fix=at_root(finding.fix, str(paths.root))) if finding.fix else finding for finding in found
    )


def _is_found_unasked(paths: StatePaths) -> bool:
    """Whether ``clawtui`` alone would find this state directory."""
    try:
        return choose_root(None, load_settings().settings).paths.root == paths.root
    except NoSuch:
        return False
