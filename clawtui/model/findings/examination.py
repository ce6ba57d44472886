"""All findings about a state directory, in the order in which an operator should fix them."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from clawtui.model.findings.automations import automation_findings
from clawtui.model.findings.clocks import clock_findings
from clawtui.model.findings.context import FindingContext
from clawtui.model.findings.dispatcher import dispatcher_findings
from clawtui.model.findings.files import file_findings
from clawtui.model.findings.finding import SEVERITIES, Finding
from clawtui.model.findings.index import index_of
from clawtui.model.findings.locks import lock_findings
from clawtui.model.findings.runs import run_findings
from clawtui.model.findings.slots import slot_findings
from clawtui.model.fleet import Fleet


def findings(fleet: Fleet, context: FindingContext, now: datetime) -> tuple[Finding, ...]:
    """Return all findings, the most severe first; none while the fleet is not fully loaded.

    Within a severity slots come before locks, and locks before workspaces: a lock is evidence for the verdict on a
    slot, and a workspace for that on a lock, and fixing a finding removes it as evidence.

    Args:
        fleet: The state directory.
        context: What else was gathered at the same time.
        now: The time of the examination, with its zone.

    Returns:
        The findings; the order within one subject is that of paths, ids and numbers.
    """
    if not fleet.loaded:
        return ()
    index = index_of(fleet, context)
    context = replace(context, index=index)
    found = (
        *slot_findings(fleet, context),
        *lock_findings(fleet, context, index.lock_findings, now),
        *run_findings(fleet, context, now),
        *file_findings(fleet, context),
        *automation_findings(fleet, index.automations),
        *dispatcher_findings(fleet, context, now),
        *clock_findings(fleet, context, now),
    )
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
