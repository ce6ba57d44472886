"""Why an automation is running or not, from the state of the dashboard; the same answer as that of ``clawtui why``."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from clawtui.model.findings.context import FindingContext
from clawtui.model.fleet import Automation
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.why import why_job
from clawtui.model.runs.judge_run import judge_run
from clawtui.model.runs.run_evidence import EvidenceIndex
from clawtui.model.runs.why import Why, last_run_text, why
from clawtui.tui.panes.locks.verdicts import current_verdicts
from clawtui.tui.screens.dashboard_view import DashboardView


def explain(
    view: DashboardView, chosen: Automation | None, job: Job | None, now: datetime
) -> tuple[Why | None, str | None]:
    """Return why an automation, or a job of a stock gateway, is running or not, and how its last run ended.

    The newest version of it counts; None if it is gone.
    """
    if chosen is not None:
        automation = view.fleet.automations.get(chosen.config.path)
        return (None, None) if automation is None else _explain(view, automation, now)
    current = view.gateway.job(job.id) if view.gateway is not None and job is not None else None
    return (why_job(view.gateway.report, current) if view.gateway is not None and current is not None else None), None


def _explain(view: DashboardView, automation: Automation, now: datetime) -> tuple[Why, str | None]:
    """Return the answer about an automation, whose run is judged again, so that the ages in its facts are right."""
    fleet, verdicts = view.fleet, view.verdicts
    locks = current_verdicts(fleet, verdicts)
    index = EvidenceIndex(fleet, replace(verdicts.runs, locks=locks, slots=verdicts.slots))
    workspace = fleet.workspaces.get(automation.id)
    run = judge_run(index.evidence(workspace, now)) if workspace is not None else None
    dispatcher = view.dispatcher.read(fleet)
    context = FindingContext(
        locks=locks,
        slots=verdicts.slots,
        runs={automation.id: run} if run is not None else {},
        dispatches=(dispatcher.last_dispatch,) if dispatcher.last_dispatch is not None else (),
        skips=dispatcher.skips,
        quiet_after=verdicts.runs.quiet_after,
    )
    return why(fleet, automation, context, now), last_run_text(automation, run, now)
