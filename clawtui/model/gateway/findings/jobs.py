"""Findings about jobs: overdue, missed, failing, not delivered, not understood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import takewhile

from clawtui.model.findings.finding import Finding, Severity
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.missed import is_overdue, missed_runs
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.text.units import age_span

REPEATED_FAILURES = 2
"""The number of failures in a row from which they are a finding."""
_MANY_FAILURES = 5
_FAILURES = frozenset({"failed", "timed out", "interrupted", "lost"})


def job_findings(report: GatewayReport) -> Iterator[Finding]:
    """Yield the findings about each job, by its schedule, its state and its runs."""
    for job in report.state.jobs.values():
        runs = report.state.runs.get(job.id, ())
        yield from _schedule(report, job)
        if job.enabled:
            yield from _due(report, job, runs)
            yield from _failing(report, job, runs)
            yield from _undelivered(report, job, runs)


def _schedule(report: GatewayReport, job: Job) -> Iterator[Finding]:
    reason = "it cannot be read" if job.schedule is None else job.schedule.why_not_understood()
    if reason is not None:
        message = f"the schedule is not understood, so misses of it are not seen: {reason}."
        show = report.command("automations", "show", job.id)
        yield Finding("schedule-not-understood", "warning", _subject(job), message, show)


def _due(report: GatewayReport, job: Job, runs: Sequence[GatewayRun]) -> Iterator[Finding]:
    now, state = report.now, job.state
    run_now = report.command("automations", "run", job.id)
    is_up = report.condition not in ("down", "stopped")
    if is_overdue(job, runs, now) and state.next_run is not None:
        why = "" if is_up else " The gateway is not running."
        message = (
            f"it was due {_at(report, state.next_run)}, {age_span(now - state.next_run)} ago, and nothing runs.{why}"
        )
        fix = run_now if is_up else report.command("gateway", "start")
        yield Finding("job-overdue", "warning", _subject(job), message, fix)
        return
    missed = missed_runs(job, runs, now, report.host_zone, report.state.boots)
    if missed is not None:
        down = f"; {missed.while_down} of them while the gateway was stopped" if missed.while_down else ""
        last = f", the last {_at(report, missed.times[-1])}" if len(missed.times) > 1 else ""
        doubt = ""
        if job.updated is not None and job.updated > missed.times[0]:
            doubt = f" Its row was written {_at(report, job.updated)}: no miss if it was enabled or edited then."
        message = (
            f"{missed.count} due since {_at(report, missed.since)} without receipt, task or skip: the first "
            f"{_at(report, missed.times[0])}{last}{down}.{doubt}"
        )
        yield Finding("runs-missed", "warning", _subject(job), message, run_now)
    elif _is_unplanned(job, runs):
        message = "it is enabled, and the gateway has planned no next run (nextRunAtMs)."
        yield Finding("job-unplanned", "warning", _subject(job), message, report.command("doctor", "--fix"))


def _is_unplanned(job: Job, runs: Sequence[GatewayRun]) -> bool:
    schedule, state = job.schedule, job.state
    if schedule is None or not schedule.is_timed or state.next_run is not None:
        return False
    if state.running_at is not None or state.queued_at is not None or any(run.is_going for run in runs):
        return False
    return not (schedule.kind == "at" and (state.last_run is not None or runs))


def _failing(report: GatewayReport, job: Job, runs: Sequence[GatewayRun]) -> Iterator[Finding]:
    ended = [run for run in runs if not run.is_going and run.status not in ("skipped", "superseded")]
    failed = list(takewhile(lambda run: run.status in _FAILURES, ended))
    count = max(job.state.consecutive_errors, len(failed))
    if count < REPEATED_FAILURES:
        return
    since = f" since {_at(report, failed[-1].started)}" if failed else ""
    before = "" if len(failed) >= count or not failed else " or longer"
    error = job.state.last_error or (failed[0].error if failed else None) or "no error is recorded"
    reason = f" ({job.state.last_error_reason})" if job.state.last_error_reason else ""
    severity: Severity = "error" if count >= _MANY_FAILURES else "warning"
    message = f"it failed {count} times in a row{since}{before}. The last: {error}{reason}"
    again = report.command("automations", "run", job.id)
    yield Finding("job-failing", severity, _subject(job), message, again)


def _undelivered(report: GatewayReport, job: Job, runs: Sequence[GatewayRun]) -> Iterator[Finding]:
    """Yield the runs that succeeded and whose message was not delivered."""
    ended = [run for run in runs if not run.is_going]
    failed = list(takewhile(_is_ok_undelivered, ended))
    if not failed:
        return
    delivery = failed[0].delivery
    reason = (delivery.error or delivery.status) if delivery is not None else None
    error = reason or job.state.last_delivery_error or "no reason is recorded"
    what = "the last run was" if len(failed) == 1 else f"the last {len(failed)} runs were"
    message = f"{what} ok, and the delivery failed, since {_at(report, failed[-1].started)}. The last: {error}"
    yield Finding("delivery-failing", "warning", _subject(job), message, report.command("automations", "show", job.id))


def _is_ok_undelivered(run: GatewayRun) -> bool:
    return run.status == "success" and run.delivery is not None and run.delivery.has_failed


def _at(report: GatewayReport, instant: datetime) -> str:
    return f"{instant.astimezone(report.now.tzinfo):%Y-%m-%d %H:%M}"


def _subject(job: Job) -> str:
    return f"{job.name} ({job.id})"
