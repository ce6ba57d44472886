"""The output of `clawtui run` on a stock gateway's root."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.cli.framework.layout import Block, Column, Labelled, Line, Piece, Table
from clawtui.cli.framework.output import Printer, say
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.text.units import rough_span, short_span
from clawtui.operations.openclaw.names import find_job_id, find_run
from clawtui.presentation.roles import RUN_ROLE
from clawtui.presentation.times import ago, local_instant, local_second


def run_piece(run: GatewayRun) -> Piece:
    """Return a run's status in its colour, with a failed delivery after it."""
    undelivered = run.status == "success" and run.delivery is not None and run.delivery.has_failed
    return Piece("success, undelivered", "warn") if undelivered else Piece(run.status, RUN_ROLE[run.status])


def show_runs(printer: Printer, report: GatewayReport, name: str, as_json: bool) -> None:
    """Print the runs of the job that ``name`` identifies, newest first."""
    job_id = find_job_id(report, name)
    runs = report.runs_of(job_id)
    if as_json:
        printer.print_json([run_row(run) for run in runs])
    elif runs:
        printer.print_block(_table(report, runs))
    else:
        say(f"{report.state.name_of(job_id)} has no runs on record")


def show_run(printer: Printer, report: GatewayReport, name: str, run_name: str | None, as_json: bool) -> None:
    """Print one run of a job, by default the newest."""
    run = find_run(report, find_job_id(report, name), run_name)
    if as_json:
        printer.print_json(_document(report, run))
    else:
        printer.print_lines(_details(report, run))


def run_row(run: GatewayRun) -> dict[str, object]:
    """Return a run as JSON. Scripts rely on its names; fields that the store does not have are missing."""
    row: dict[str, object] = {
        "run": run.id,
        "timestamp": run.started,
        "status": run.status,
        "duration": run.took,
        "summary": run.summary,
    }
    beside: dict[str, object] = {
        "error": run.error,
        "deliveryStatus": run.delivery.status if run.delivery else None,
        "deliveryError": run.delivery.error if run.delivery else None,
        "taskStatus": run.task_status,
        "sessionId": run.session_id,
        "model": run.model,
        "tokens": run.tokens,
        "source": run.source,
    }
    return row | {name: value for name, value in beside.items() if value is not None}


def _document(report: GatewayReport, run: GatewayRun) -> dict[str, object]:
    judged = report.owners.get(run.id)
    row: dict[str, object] = {"automationId": run.job_id}
    if run.diagnostics:
        row["timeline"] = [
            {"timestamp": at, "severity": severity, "message": message} for at, severity, message in run.diagnostics
        ]
    if run.owner is not None:
        row["owner"] = {"pid": run.owner.pid, "startTicks": run.owner.start_ticks}
    if judged is not None:
        row |= {"verdict": judged.verdict, "facts": judged.facts}
    return run_row(run) | row


def _table(report: GatewayReport, runs: tuple[GatewayRun, ...]) -> Table:
    columns = [
        Column("run", least=8),
        Column("began", "right"),
        Column("status"),
        Column("took", "right"),
        Column("said", least=8, spare=True),
    ]
    rows: list[list[Piece | str]] = [
        [
            run.id,
            f"{rough_span(report.now - run.started)} ago",
            run_piece(run),
            "" if run.took is None else short_span(run.took),
            run.error or run.summary or "",
        ]
        for run in runs
    ]
    return Table(columns, rows)


def _details(report: GatewayReport, run: GatewayRun) -> Iterator[Line | Block]:
    judged = report.owners.get(run.id)
    yield Labelled(
        [
            ("run", Piece(run.id, "strong")),
            ("automation", report.state.name_of(run.job_id)),
            ("status", run_piece(run)),
            ("started", f"{local_instant(run.started)}, {ago(run.started, report.now)}"),
            ("took", None if run.took is None else short_span(run.took)),
            ("error", None if run.error is None else Piece(run.error, "bad")),
            ("summary", run.summary),
            ("as a task", run.task_status),
            ("delivery", run.delivery.status if run.delivery else None),
            ("not delivered", Piece(run.delivery.error, "warn") if run.delivery and run.delivery.error else None),
            ("session", run.session_id),
            ("model", run.model),
            ("tokens", None if run.tokens is None else f"{run.tokens:,}"),
            ("owner", None if run.owner is None else f"pid {run.owner.pid}"),
            *(
                ("" if position else "its owner", f"{judged.verdict}: {fact}" if not position else fact)
                for position, fact in enumerate(judged.facts if judged is not None else ())
                if judged is not None
            ),
        ]
    )
    if run.diagnostics:
        yield ()
        for at, severity, message in run.diagnostics:
            time = "" if at is None else local_second(at)
            yield (Piece(f"{time:<14}  ", "dim"), Piece(message, "bad" if severity == "error" else "plain"))
