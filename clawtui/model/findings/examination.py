"""All findings of one instant, in the order in which they are best mended."""

from __future__ import annotations

from datetime import datetime

from clawtui.model.findings.automations import automation_findings
from clawtui.model.findings.context import FindingContext
from clawtui.model.findings.dispatcher import dispatcher_findings
from clawtui.model.findings.files import file_findings
from clawtui.model.findings.finding import SEVERITIES, Finding
from clawtui.model.findings.locks import lock_findings
from clawtui.model.findings.runs import run_findings
from clawtui.model.findings.slots import slot_findings
from clawtui.model.fleet import Fleet


def findings(fleet: Fleet, context: FindingContext, now: datetime) -> tuple[Finding, ...]:
    """Everything that does not fit together, the most severe first; nothing while the fleet is not yet loaded.

    Within a severity slots come before locks, and locks before workspaces: each is part of the evidence for those
    before it, and what is mended is gone as evidence.
    """
    if not fleet.loaded:
        return ()
    found = (
        *slot_findings(fleet, context),
        *lock_findings(fleet, context, now),
        *run_findings(fleet, context, now),
        *file_findings(fleet, context),
        *automation_findings(fleet),
        *dispatcher_findings(fleet, context, now),
    )
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
