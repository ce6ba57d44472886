"""The styles of verdicts and statuses of a stock gateway."""

from __future__ import annotations

from collections.abc import Mapping

from clawtui.cli.framework.layout import Piece
from clawtui.model.gateway.job import JobStatus
from clawtui.model.gateway.owner import OwnerVerdict
from clawtui.model.gateway.run import GatewayRun
from clawtui.presentation.roles import STATUS_ROLE, VERDICT_ROLE, Role

VERDICTS: tuple[OwnerVerdict, ...] = ("live", "quiet", "orphaned", "foreign", "invalid")

_RUN_ROLES: Mapping[str, Role] = {
    "running": "active",
    "queued": "active",
    "success": "ok",
    "failed": "bad",
    "timed out": "bad",
    "lost": "bad",
    "interrupted": "bad",
    "cancelled": "warn",
    "skipped": "dim",
    "superseded": "dim",
    "unknown": "warn",
}


def verdict_piece(verdict: OwnerVerdict) -> Piece:
    """Return a verdict in its colour."""
    return Piece(verdict, VERDICT_ROLE[verdict])


def run_piece(run: GatewayRun) -> Piece:
    """Return a run's status in its colour, with a failed delivery after it."""
    undelivered = run.status == "success" and run.delivery is not None and run.delivery.has_failed
    return Piece("success, undelivered", "warn") if undelivered else Piece(run.status, _RUN_ROLES[run.status])


def job_piece(status: JobStatus) -> Piece:
    """Return a job's status in its colour."""
    return Piece(status, STATUS_ROLE[status])
