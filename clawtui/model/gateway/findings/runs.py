"""Findings about runs that have not ended according to the store."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.model.findings.finding import Finding
from clawtui.model.gateway.owner import OwnerJudgement
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.text.units import age_span


def run_findings(report: GatewayReport) -> Iterator[Finding]:
    """Yield the findings about runs that are going: without a living owner, or without a receipt."""
    for run in report.state.going:
        judgement = report.owners.get(run.id)
        if judgement is not None and judgement.verdict == "orphaned":
            yield _orphaned(report, run, judgement.facts)
        if judgement is not None and judgement.verdict == "foreign" and _is_silent(report, judgement):
            message = f"this host cannot tell whether the owner of this run is alive: {'; '.join(judgement.facts)}."
            yield Finding("run-owner-unknown", "warning", _subject(report, run), message)
        if run.source == "task" and report.state.has_receipts:
            message = (
                f"the task says {run.task_status} since {age_span(report.now - run.started)}, and no receipt knows "
                "of such a run: it is no run that the scheduler waits for"
            )
            mend = report.command("tasks", "maintenance", "--apply")
            yield Finding("task-without-receipt", "warning", _subject(report, run), f"{message}.", mend)
    yield from _without_receipt(report)


def _is_silent(report: GatewayReport, judgement: OwnerJudgement) -> bool:
    """Return whether the gateway on the owner's host has no valid lease."""
    lease = report.state.lease
    return lease is None or lease.is_expired(report.now) or lease.host != judgement.host


def _orphaned(report: GatewayReport, run: GatewayRun, facts: tuple[str, ...]) -> Finding:
    is_up = report.condition in ("running", "stuck")
    what = "its job does not run again until that is cleared"
    how = "" if is_up else "; the next start of the gateway marks it as interrupted"
    message = f"the run {run.id} is kept as running and its owner cannot be alive: {'; '.join(facts)}. So {what}{how}."
    words = ("tasks", "maintenance", "--apply") if is_up else ("gateway", "start")
    return Finding("run-owner-dead", "error", _subject(report, run), message, report.command(*words))


def _without_receipt(report: GatewayReport) -> Iterator[Finding]:
    """Yield the jobs that are marked as running and have no running receipt: the gateway does not start them again."""
    if not report.state.has_receipts:
        return
    for job in report.state.jobs.values():
        since = job.state.running_at
        receipts = [run for run in report.state.runs.get(job.id, ()) if run.is_going and run.source == "receipt"]
        if since is None or receipts:
            continue
        message = (
            f"it is marked as running since {age_span(report.now - since)} (runningAtMs), and no receipt is running: "
            "the gateway does not start it while that stands"
        )
        yield Finding(
            "running-without-receipt",
            "warning",
            f"{job.name} ({job.id})",
            f"{message}.",
            report.command("doctor", "--fix"),
        )


def _subject(report: GatewayReport, run: GatewayRun) -> str:
    return f"{report.state.name_of(run.job_id)} ({run.job_id})"
