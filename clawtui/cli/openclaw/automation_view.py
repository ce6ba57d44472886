"""The output of `clawtui automation` on a stock gateway's root."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.cli.framework.layout import Block, Column, Labelled, Line, Piece, Table
from clawtui.cli.framework.output import Printer, say
from clawtui.cli.openclaw.run_view import run_piece, run_row
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.schedules.outlook import Due
from clawtui.model.text.units import rough_span, short_span
from clawtui.operations.openclaw.names import find_job, require_complete
from clawtui.presentation.outlook import short_outlook
from clawtui.presentation.roles import STATUS_ROLE
from clawtui.presentation.times import ago, due, local_minute


def show_jobs(printer: Printer, report: GatewayReport, as_json: bool) -> None:
    """Print the jobs, by name."""
    jobs = sorted(report.state.jobs.values(), key=lambda job: (job.name.casefold(), job.id))
    if as_json:
        printer.print_json([job_row(report, job) for job in jobs])
    elif jobs:
        printer.print_block(_table(report, jobs))
    elif report.state.is_complete:
        say("there are no automations")
    require_complete(report)


def show_job(printer: Printer, report: GatewayReport, name: str, as_json: bool) -> None:
    """Print the job that ``name`` identifies: its configuration, its next run and its status."""
    job = find_job(report, name)
    if as_json:
        printer.print_json(_document(report, job))
    else:
        printer.print_lines(_details(report, job))


def job_row(report: GatewayReport, job: Job) -> dict[str, object]:
    """Return a job as JSON. Scripts rely on its names."""
    going = report.state.running(job.id)
    row: dict[str, object] = {
        "id": job.id,
        "type": job.payload_kind,
        "name": job.name,
        "enabled": job.enabled,
        "schedule": schedule_document(job),
        "nextRun": job.state.next_run,
        "lastRun": last_run(report, job),
        "status": report.status_of(job),
        "running": None if going is None else _running(report, going),
        "path": job.path,
        "problem": job.problems[0].message if job.problems else None,
    }
    return row


def schedule_document(job: Job) -> dict[str, object] | None:
    """Return the schedule under the gateway's names, without the fields that its kind does not have."""
    schedule = job.schedule
    if schedule is None:
        return None
    fields = {
        "kind": schedule.kind,
        "at": schedule.at,
        "everyMs": schedule.every,
        "anchor": schedule.anchor,
        "expr": schedule.expression,
        "tz": schedule.zone,
        "staggerMs": schedule.stagger,
    }
    return {name: value for name, value in fields.items() if value is not None}


def last_run(report: GatewayReport, job: Job) -> object:
    """Return the start of the last run of the job, from its runs and its own row."""
    begun = [run.started for run in report.state.runs.get(job.id, ())]
    return max(filter(None, (*begun, job.state.last_run)), default=None)


def _running(report: GatewayReport, run: GatewayRun) -> dict[str, object]:
    judged = report.owners.get(run.id)
    known = {"sessionId": run.session_id, "lastUpdate": run.last_event}
    row: dict[str, object] = {"run": run.id, "startTime": run.started}
    row |= {name: value for name, value in known.items() if value is not None}
    if judged is not None:
        row |= {"verdict": judged.verdict, "facts": judged.facts}
    return row


def _document(report: GatewayReport, job: Job) -> dict[str, object]:
    state = job.state
    beside = {
        "description": job.description,
        "agentId": job.agent_id,
        "createdAt": job.created,
        "lastStatus": state.last_status,
        "lastDuration": state.last_duration,
        "lastError": state.last_error,
        "lastErrorReason": state.last_error_reason,
        "lastDeliveryStatus": state.last_delivery_status,
        "lastDeliveryError": state.last_delivery_error,
        "consecutiveErrors": state.consecutive_errors,
        "consecutiveSkipped": state.consecutive_skipped,
    }
    row = job_row(report, job) | {name: value for name, value in beside.items() if value is not None}
    problems = [{"path": problem.path, "message": problem.message} for problem in job.problems]
    return row | {"problems": problems, "runs": [run_row(run) for run in report.runs_of(job.id)]}


def _table(report: GatewayReport, jobs: list[Job]) -> Table:
    columns = [
        Column("automation", least=16),
        Column("status"),
        Column("schedule", least=10),
        Column("next"),
        Column("last", "right"),
        Column("id", least=8, spare=True),
    ]
    rows: list[list[Piece | str]] = []
    for job in jobs:
        runs = report.state.runs.get(job.id, ())
        last = last_run(report, job)
        next_run = job.state.next_run if job.enabled else None
        planned = short_outlook(Due(next_run) if next_run is not None else None, report.now)
        began = "" if not runs else f"{rough_span(report.now - runs[0].started)} ago"
        if not runs and job.state.last_run is not None and last is not None:
            began = f"{rough_span(report.now - job.state.last_run)} ago"
        schedule = "unreadable" if job.schedule is None else job.schedule.text
        rows.append([job.name, _status_piece(report, job), schedule, Piece(*planned), began, job.id])
    return Table(columns, rows)


def _details(report: GatewayReport, job: Job) -> Iterator[Line | Block]:
    state, now, going = job.state, report.now, report.state.running(job.id)
    judged = None if going is None else report.owners.get(going.id)
    next_run = None if state.next_run is None else f"{local_minute(state.next_run)}, {due(state.next_run, now)}"
    last = None if state.last_run is None else f"{local_minute(state.last_run)}, {ago(state.last_run, now)}"
    yield Labelled(
        [
            ("automation", Piece(job.name, "strong")),
            ("id", job.id),
            ("status", _status_piece(report, job)),
            ("about", job.description),
            ("kind", job.payload_kind),
            ("schedule", "unreadable" if job.schedule is None else job.schedule.text),
            ("next run", next_run),
            ("last run", last),
            ("last status", state.last_status),
            ("last error", None if state.last_error is None else Piece(state.last_error, "bad")),
            ("failures", f"{state.consecutive_errors} in a row" if state.consecutive_errors else None),
            ("delivery", state.last_delivery_status),
            ("not delivered", None if state.last_delivery_error is None else Piece(state.last_delivery_error, "warn")),
            ("running", None if going is None else f"since {local_minute(going.started)}"),
            ("its owner", None if judged is None else f"{judged.verdict}: {judged.facts[0]}"),
            *(("problem", Piece(problem.message, "bad")) for problem in job.problems),
        ]
    )
    runs = report.runs_of(job.id)
    if runs:
        yield ()
        rows: list[list[Piece | str]] = [
            [
                local_minute(run.started),
                run_piece(run),
                "" if run.took is None else short_span(run.took),
                run.error or run.summary or "",
            ]
            for run in runs[:10]
        ]
        yield Table([Column("run"), Column("status"), Column("took", "right"), Column("said", least=8)], rows)


def _status_piece(report: GatewayReport, job: Job) -> Piece:
    status = report.status_of(job)
    return Piece(status, STATUS_ROLE[status])
