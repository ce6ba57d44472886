"""The styles of verdicts and statuses of a stock gateway."""

from __future__ import annotations

from clawtui.cli.framework.layout import Piece
from clawtui.model.gateway.job import JobStatus
from clawtui.model.gateway.owner import OwnerVerdict
from clawtui.model.gateway.run import GatewayRun
from clawtui.presentation.roles import RUN_ROLE, STATUS_ROLE, VERDICT_ROLE

VERDICTS: tuple[OwnerVerdict, ...] = ("live", "quiet", "orphaned", "foreign", "invalid")


def verdict_piece(verdict: OwnerVerdict) -> Piece:
    """Return a verdict in its colour."""
    return Piece(verdict, VERDICT_ROLE[verdict])


def run_piece(run: GatewayRun) -> Piece:
    """Return a run's status in its colour, with a failed delivery after it."""
    undelivered = run.status == "success" and run.delivery is not None and run.delivery.has_failed
    return Piece("success, undelivered", "warn") if undelivered else Piece(run.status, RUN_ROLE[run.status])


def job_piece(status: JobStatus) -> Piece:
    """Return a job's status in its colour."""
    return Piece(status, STATUS_ROLE[status])
