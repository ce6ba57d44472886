"""The output of `clawtui status` on a stock gateway's root."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from clawtui.cli.framework.layout import Block, Column, Labelled, Line, Piece, Table
from clawtui.cli.framework.output import Printer
from clawtui.cli.openclaw.lock_view import VERDICTS, verdict_piece
from clawtui.model.gateway.report import GatewayCondition, GatewayReport
from clawtui.model.text.units import short_span
from clawtui.presentation.roles import Role
from clawtui.presentation.times import local_minute

_CONDITIONS: Mapping[GatewayCondition, Role] = {
    "running": "ok",
    "stuck": "bad",
    "down": "bad",
    "stopped": "warn",
    "elsewhere": "plain",
    "unknown": "warn",
}


def show_status(printer: Printer, report: GatewayReport, as_json: bool) -> None:
    """Print the totals of a stock gateway."""
    if as_json:
        printer.print_json(status_document(report))
    else:
        printer.print_lines(_lines(report))


def needs_attention(report: GatewayReport) -> bool:
    """Return whether the operator should act: on the gateway, a failed job, a dead owner, or an unreadable part."""
    state = report.state
    jobs = any(report.status_of(job) in ("failed", "lost", "invalid") for job in state.jobs.values())
    return bool(jobs or state.problems or _verdicts(report)["orphaned"] or report.condition in ("stuck", "down"))


def status_document(report: GatewayReport) -> dict[str, object]:
    """Return the totals as JSON. Scripts rely on its names; fields that the store does not have are missing."""
    state, counts = report.state, _verdicts(report)
    jobs = state.jobs.values()
    statuses = Counter(report.status_of(job) for job in jobs)
    lease = state.lease
    gateway: dict[str, object] = {"condition": report.condition, "facts": report.condition_facts}
    if lease is not None:
        gateway |= {"pid": lease.pid, "host": lease.host, "heartbeat": lease.heartbeat, "leaseExpires": lease.expires}
    last = max((run.started for runs in state.runs.values() for run in runs), default=None)
    return {
        "root": state.root,
        "kind": f"openclaw-{state.kind}",
        "version": state.app_version,
        "schemaVersion": state.schema_version,
        "gateway": gateway,
        "automations": {
            "total": len(state.jobs),
            "enabled": sum(bool(job.enabled) for job in jobs),
            "running": statuses["running"],
            "failed": statuses["failed"],
            "lost": statuses["lost"],
            "invalid": statuses["invalid"],
        },
        "locks": {"total": sum(counts.values())}
        | {verdict: counts[verdict] for verdict in VERDICTS}
        | {"expired": sum(each.lock.is_expired(report.now) for each in report.locks)},
        "lastRun": last,
        "problems": [{"path": problem.path, "message": problem.message} for problem in state.problems],
    }


def _verdicts(report: GatewayReport) -> Counter[str]:
    """Return how many runs in progress and lock files have each verdict."""
    judgements = [*report.owners.values(), *(each.judgement for each in report.locks)]
    return Counter(judgement.verdict for judgement in judgements)


def _lines(report: GatewayReport) -> Iterator[Line | Block]:
    state, counts = report.state, _verdicts(report)
    enabled = sum(bool(job.enabled) for job in state.jobs.values())
    statuses = Counter(report.status_of(job) for job in state.jobs.values())
    running = [run for run in state.going if run.status == "running"]
    bad = any(counts[verdict] for verdict in ("orphaned", "invalid"))
    by_verdict = "".join(f", {counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    last = max((run.started for runs in state.runs.values() for run in runs), default=None)
    yield Labelled(
        [
            ("root", state.root),
            ("kind", state.title),
            ("gateway", Piece(report.condition, _CONDITIONS[report.condition])),
            ("", report.condition_facts[0] if report.condition_facts else None),
            ("automations", f"{len(state.jobs)}, {enabled} enabled"),
            ("running", Piece(str(statuses["running"]), "active" if statuses["running"] else "plain")),
            ("lost", Piece(str(statuses["lost"]), "bad") if statuses["lost"] else None),
            ("failed", Piece(str(statuses["failed"]), "bad") if statuses["failed"] else None),
            ("locks", Piece(f"{sum(counts.values())}{by_verdict}", "bad" if bad else "plain")),
            ("last run", None if last is None else local_minute(last)),
            ("problems", Piece(str(len(state.problems)), "bad" if state.problems else "plain")),
        ]
    )
    if running:
        yield ()
        columns = [Column("running", least=16), Column("for", "right"), Column("owner")]
        rows: list[list[Piece | str]] = []
        for run in running:
            judged = report.owners.get(run.id)
            owner = verdict_piece(judged.verdict) if judged is not None else Piece("unknown", "warn")
            rows.append([state.name_of(run.job_id), short_span(report.now - run.started), owner])
        yield Table(columns, rows)
    if state.problems:
        yield ()
        yield Labelled((problem.path, Piece(problem.message, "bad")) for problem in state.problems)
