"""Why a job of a stock gateway is running, or not."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.model.gateway.job import Job
from clawtui.model.gateway.report import GatewayCondition, GatewayReport
from clawtui.model.gateway.run_values import judgement_of
from clawtui.model.runs.why import Reason, Why, clock_text
from clawtui.model.text.cleaning import clean
from clawtui.model.text.units import short_span

_CONDITIONS: dict[GatewayCondition, str] = {
    "stuck": "the gateway is stuck",
    "down": "the gateway is down",
    "stopped": "the gateway is stopped",
}


def why_job(report: GatewayReport, job: Job) -> Why:
    """Return why a job is running or not, with its newest run as that is judged."""
    newest = next(iter(report.state.runs.get(job.id, ())), None)
    run = judgement_of(newest, report.owners.get(newest.id)) if newest is not None else None
    going = run is not None and run.is_going
    status = "lost" if run is not None and run.state == "lost" else report.state.status_of(job)
    return Why(job.id, clean(job.name), status, run, () if going else tuple(_reasons(report, job)))


def _reasons(report: GatewayReport, job: Job) -> Iterator[Reason]:
    if job.enabled is None or job.schedule is None:
        message = job.problems[0].message if job.problems else "for an unknown reason"
        yield Reason("unreadable", clean(f"its definition cannot be read: {message}"))
        return
    if not job.enabled:
        yield Reason("disabled", "it is disabled")
    if (stopped := _CONDITIONS.get(report.condition)) is not None:
        why = f": {report.condition_facts[0]}" if report.condition_facts else ""
        yield Reason("dispatcher-stopped", clean(f"{stopped}{why}"))
    due = job.state.next_run
    if due is not None and due > report.now:
        ahead = f"it is not due until {clock_text(due, report.now)}, in {short_span(due - report.now)}"
        failed = job.state.consecutive_errors
        yield Reason("not-due", ahead + (f", after {failed} failures in a row" if failed > 1 else ""))
    elif due is not None:
        yield Reason("due", f"it is due since {clock_text(due, report.now)}")
    elif job.enabled:
        yield Reason("never-due", "the gateway has not planned another run")
