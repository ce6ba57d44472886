"""The facts for the metrics, of either kind of root."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from clawtui import __version__
from clawtui.model.fleet import Automation, Fleet, Workspace
from clawtui.model.gateway.findings.examine import examine as examine_gateway
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.metrics import MetricFacts, RunFact
from clawtui.model.run_state import status_of
from clawtui.model.runs.history import list_runs
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.operations.doctor.examine import examine
from clawtui.operations.locks.report import judged_locks
from clawtui.operations.runs.dispatch_history import last_dispatch
from clawtui.operations.runs.run_states import judged_fleet
from clawtui.operations.state.summary import totals_of
from clawtui.storage.paths import StatePaths


def metric_facts(fleet: Fleet, paths: StatePaths, now: datetime, quiet_after: timedelta = QUIET_AFTER) -> MetricFacts:
    """Return the facts of a root of the design's layout, with the findings of ``doctor``. Not for an event loop."""
    locks = judged_locks(fleet, now, quiet_after)
    judged = judged_fleet(fleet, now, quiet_after, locks)
    totals = totals_of(judged, locks, last_dispatch(paths, fleet))
    found = fleet.automations.values()
    return MetricFacts(
        root=fleet.root,
        kind="design",
        version=__version__,
        now=now,
        automations=[status_of(each, judged.workspaces.get(each.id)) for each in found],
        runs=[run for each in found for run in _runs(each, judged.workspaces.get(each.id))],
        verdicts=totals.verdicts,
        expired=totals.expired,
        problems=len(totals.problems),
        findings=examine(fleet, paths, now, quiet_after),
        used_slots=totals.used_slots,
        max_slots=totals.max_slots,
        dispatcher_enabled=totals.dispatcher_enabled,
        last_dispatch=totals.last_dispatch,
    )


def gateway_metric_facts(report: GatewayReport) -> MetricFacts:
    """Return the facts of a stock gateway, which has no slots and no dispatcher of its own."""
    state = report.state
    runs = (run for job_id in state.runs for run in report.runs_of(job_id))
    verdicts = [*report.owners.values(), *(each.judgement for each in report.locks)]
    return MetricFacts(
        root=state.root,
        kind=f"openclaw-{state.kind}",
        version=__version__,
        now=report.now,
        automations=[report.status_of(job) for job in state.jobs.values()],
        runs=[RunFact(run.status, run.started, run.took) for run in runs],
        verdicts=Counter(judgement.verdict for judgement in verdicts),
        expired=sum(each.lock.is_expired(report.now) for each in report.locks),
        problems=len(state.problems),
        findings=examine_gateway(report),
        gateway_up=None if report.condition in ("elsewhere", "unknown") else report.condition == "running",
    )


def _runs(automation: Automation, workspace: Workspace | None) -> list[RunFact]:
    runs = list_runs(automation.id, automation.type, automation.config.value, workspace, {})
    return [RunFact(run.status or "unknown", run.started, run.took) for run in runs]
