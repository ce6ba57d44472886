"""Reading of the complete store of a stock gateway, with its lease and its starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from clawtui.files.store_kind import DATABASE
from clawtui.model.documents.base import Problem
from clawtui.model.errors import Unreadable
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.ownership import Boot, Lease
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.state import GatewayState, StoreKind
from clawtui.openclaw import json_store, sqlite_store
from clawtui.openclaw.fields import Fields
from clawtui.openclaw.gateway_log import find_log
from clawtui.openclaw.owned_locks import read_locks
from clawtui.openclaw.runs import going_by_state
from clawtui.openclaw.transcripts import last_transcript_event

RUNS_PER_JOB = 10
"""The runs of each job that are read by default: enough to see since when a job fails."""


def read_gateway(
    root: Path, kind: StoreKind, per_job: int = RUNS_PER_JOB, only: str | None = None, temporary: Path | None = None
) -> GatewayState:
    """Return the current content of the gateway's store at ``root``. A fault on disk is a problem in it, never raised.

    Args:
        root: The state directory.
        kind: The kind of store, from ``store_kind``.
        per_job: The most runs of each job that are read, besides those that are going.
        only: The id of the only job whose runs are read; None for all.
        temporary: The directory in which gateways before 2026.8 have their locks; by default this process's
            ``$TMPDIR``.
    """
    state = _from_database(root, per_job, only) if kind == "sqlite" else _from_files(root, per_job, only)
    return with_outside_files(state, root, temporary)


def with_outside_files(state: GatewayState, root: Path, temporary: Path | None = None) -> GatewayState:
    """Return ``state`` with the values from outside the store: last events of transcripts, lock files, log path."""
    going = {run.job_id for run in state.going}
    dated = {job: tuple(_dated(root, run) for run in state.runs[job]) for job in going}
    runs = {**state.runs, **dated} if dated else state.runs
    return replace(state, runs=runs, locks=read_locks(root, temporary), log=find_log(root))


def unreadable_database(root: Path, error: Unreadable | FileNotFoundError) -> GatewayState:
    """Return the state of a database that cannot be read: only why."""
    message = "is gone" if isinstance(error, FileNotFoundError) else error.reason
    return GatewayState(str(root), "sqlite", {}, {}, problems=(Problem(DATABASE, message),), is_complete=False)


def _from_database(root: Path, per_job: int, only: str | None) -> GatewayState:
    try:
        return state_of_rows(root, sqlite_store.read_rows(root, per_job, only))
    except (Unreadable, FileNotFoundError) as error:
        return unreadable_database(root, error)


def state_of_rows(root: Path, rows: sqlite_store.Rows) -> GatewayState:
    """Return the state that the rows of a database show."""
    jobs, problems = sqlite_store.jobs_of(rows)
    runs, of_runs = sqlite_store.runs_of(rows)
    problems += of_runs
    lease, boots = lease_of(rows.leases, problems), boots_of(rows.boots, problems)
    if not rows.has_receipts:
        runs = _with_state(jobs, runs)
    return GatewayState(
        root=str(root),
        kind="sqlite",
        jobs=jobs,
        runs=runs,
        lease=lease,
        boots=boots,
        problems=(*problems, *(problem for job in jobs.values() for problem in job.problems)),
        app_version=rows.app_version,
        schema_version=rows.version,
        newest_known_schema=sqlite_store.NEWEST_SCHEMA,
        has_receipts=rows.has_receipts,
    )


def _from_files(root: Path, per_job: int, only: str | None) -> GatewayState:
    jobs, problems, is_complete = json_store.read_jobs(root)
    ids = list(jobs) if only is None else [only]
    runs, of_runs = json_store.read_runs(root, ids, per_job)
    of_jobs = [problem for job in jobs.values() for problem in job.problems]
    return GatewayState(
        root=str(root),
        kind="json",
        jobs=jobs,
        runs=_with_state(jobs, runs),
        problems=(*problems, *of_runs, *of_jobs),
        is_complete=is_complete,
    )


def _with_state(jobs: dict[str, Job], runs: dict[str, tuple[GatewayRun, ...]]) -> dict[str, tuple[GatewayRun, ...]]:
    """Return ``runs`` with those that only ``runningAtMs`` shows: without receipts the gateway relies on it."""
    found = dict(runs)
    for job in jobs.values():
        since = job.state.running_at
        if since is not None and not any(run.is_going for run in found.get(job.id, ())):
            found[job.id] = (going_by_state(job.id, since), *found.get(job.id, ()))
    return found


def _dated(root: Path, run: GatewayRun) -> GatewayRun:
    if not run.is_going:
        return run
    moved = max(filter(None, (run.last_event, last_transcript_event(root, run))), default=None)
    return replace(run, last_event=moved)


def lease_of(rows: Iterable[Mapping[str, object]], problems: list[Problem]) -> Lease | None:
    """Return the gateway's lease, or the newest if there are several; None if there is none."""
    found = []
    for row in rows:
        fields = Fields(row, f"{DATABASE}#state_leases", problems)
        payload = fields.json_object("payload_json")
        owner = payload.mapping("owner")
        found.append(
            Lease(
                pid=owner.whole("pid"),
                host=owner.text("host"),
                start_ticks=owner.whole("startedAt"),
                created=fields.instant("created_at"),
                heartbeat=fields.instant("heartbeat_at"),
                expires=fields.instant("expires_at"),
                port=payload.whole("port"),
            )
        )
    dated = [lease for lease in found if lease.heartbeat is not None]
    return max(dated, key=lambda lease: str(lease.heartbeat)) if dated else (found[0] if found else None)


def boots_of(rows: Iterable[Mapping[str, object]], problems: list[Problem]) -> tuple[Boot, ...]:
    """Return the gateway's starts, newest first."""
    found = []
    for row in rows:
        fields = Fields(row, f"{DATABASE}#gateway_boot_lifecycle", problems)
        if (started := fields.instant("started_at_ms")) is not None:
            outcome, reason = fields.text("outcome"), fields.text("reason")
            found.append(Boot(fields.whole("pid"), started, fields.instant("completed_at_ms"), outcome, reason))
    return tuple(found)
