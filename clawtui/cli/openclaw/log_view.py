"""The output of `clawtui logs` and `clawtui progress` on a stock gateway's root."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from clawtui.cli.framework.context import Invocation
from clawtui.cli.framework.layout import Paragraph, Piece
from clawtui.cli.framework.output import Printer, print_raw, say, to_json_text
from clawtui.cli.framework.streams import pause_for_reader, require_output
from clawtui.model.documents.base import LogLevel
from clawtui.model.gateway.log_entry import parse_gateway_line
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.run_values import steps_of
from clawtui.model.runs.timeline import Step
from clawtui.model.search.line_filter import line_fields
from clawtui.model.search.log_query import LogQuery
from clawtui.model.text.units import short_span
from clawtui.operations.openclaw.logs import GatewayLogQuery, follow_gateway_log, read_gateway_log
from clawtui.operations.openclaw.names import find_job, find_run
from clawtui.presentation.roles import Role
from clawtui.presentation.times import local_second

_LEVEL_ROLE: Final[Mapping[LogLevel, Role]] = {"debug": "dim", "info": "plain", "warn": "warn", "error": "bad"}
_SOURCE: Final = 10
_ROOM: Final = 30


def show_log(
    invocation: Invocation,
    report: GatewayReport,
    names: tuple[str | None, str | None],
    query: LogQuery,
    limit: int | None,
    *,
    follow: bool,
    as_json: bool,
) -> None:
    """Print the gateway's log: all of it, or the lines about a job, and of one of its runs."""
    job_name, run_name = names
    found = GatewayLogQuery(query, query.since)
    if job_name is not None:
        job = find_job(report, job_name)
        by_job = LogQuery(query.level, None, query.pattern, None, job.id, of_gateway=True)
        found = GatewayLogQuery(by_job, query.since)
        if run_name is not None:
            run = find_run(report, job.id, run_name)
            found = found.of_run(run.started, run.finished)
    root, printer = invocation.chosen_root().paths.root, invocation.printer
    if not follow:
        lines = read_gateway_log(root, found, limit)
        if as_json:
            printer.print_json_list(map(_json, lines))
        else:
            printer.print_lines(map(_paragraph, lines))
        return
    for line in follow_gateway_log(root, found, limit, pause_for_reader):
        if as_json:
            print_raw(printer.json_line(_json(line)), flush=True)
        else:
            printer.print_lines([_paragraph(line)])
        require_output()


def _json(line: str) -> str:
    return line if line_fields(line) else to_json_text({"line": line, "fault": "is no JSON object"})


def _paragraph(line: str) -> Paragraph:
    entry = parse_gateway_line(line)
    if entry is None:
        return Paragraph(line, "warn", Piece("! ", "dim"), _ROOM)
    fields = "".join(
        f"  {name}={value if isinstance(value, str) else to_json_text(value)}" for name, value in entry.fields.items()
    )
    at = "" if entry.at is None else f"{local_second(entry.at.replace(microsecond=0))} "
    lead = Piece(f"{at}{entry.level:<5} {entry.source:<{_SOURCE}} ", "dim")
    return Paragraph(f"{entry.message}{fields}", _LEVEL_ROLE[entry.level], lead, _ROOM)


def show_progress(invocation: Invocation, report: GatewayReport, name: str, *, follow: bool, as_json: bool) -> None:
    """Print the milestones of the newest run of a job; with `follow`, each new one until that run ends."""
    from clawtui.openclaw.transcript_steps import read_transcript

    root, printer = invocation.chosen_root().paths.root, invocation.printer
    job = find_job(report, name)
    run = find_run(report, job.id, None)
    shown = 0
    while True:
        steps = steps_of(run, read_transcript(root, run, job.agent_id), invocation.now())
        if as_json and not follow:
            printer.print_json({"run": run.id, "status": run.status, "timeline": [_step(step) for step in steps]})
        elif as_json:
            for step in steps[shown:]:
                printer.print_json_line(_step(step))
        else:
            printer.print_lines([f"{_step_text(step)}"] for step in steps[shown:])
        if not follow:
            return
        require_output()
        shown = len(steps)
        if not run.is_going:
            say(f"the run of {job.name} is over: {run.status}")
            return
        pause_for_reader(0.5)
        run = _again(invocation, job.id, run)


def _again(invocation: Invocation, job_id: str, run: GatewayRun) -> GatewayRun:
    report = invocation.gateway_report(only=job_id)
    runs: Iterable[GatewayRun] = () if report is None else report.runs_of(job_id)
    return next((each for each in runs if each.started == run.started), run)


def _step(step: Step) -> dict[str, object]:
    row: dict[str, object] = {"timestamp": step.at, "milestone": step.title}
    if step.took is not None:
        row["took"] = step.took
    return row | ({"failed": True} if step.failed else {})


def _step_text(step: Step) -> str:
    took = "" if step.took is None else short_span(step.took)
    return f"{_clock(step.at)} {took:>6}  {step.title}"


def _clock(instant: datetime) -> str:
    return local_second(instant.replace(microsecond=0))


def follow_status(invocation: Invocation, report: GatewayReport, as_json: bool) -> None:
    """Print the totals of a stock gateway, then a line for each change of its jobs and runs, without end."""
    from clawtui.cli.openclaw.status_view import show_status, status_document
    from clawtui.operations.openclaw.follow import follow_gateway

    if as_json:
        invocation.printer.print_json_line(status_document(report))
    else:
        show_status(invocation.printer, report, as_json=False)
    require_output()

    for change in follow_gateway(invocation.chosen_root().paths, invocation.now, pause_for_reader):
        _print_change(invocation.printer, invocation.now(), change, as_json)
        require_output()


def _print_change(printer: Printer, now: datetime, change: tuple[str, str, str], as_json: bool) -> None:
    kind, subject, text = change
    if as_json:
        printer.print_json_line({"at": now, "kind": kind, "subject": subject, "text": text})
    else:
        printer.print_lines([[f"{local_second(now)}  {subject}  {text}"]])
