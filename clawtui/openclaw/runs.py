"""Runs from receipts, tasks and log entries, joined into one value for each run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from clawtui.model.documents.base import Problem
from clawtui.model.gateway.run import Delivery, GatewayRun, RunOwner, RunStatus, Source, status_of
from clawtui.openclaw.fields import Fields

RECEIPT_COLUMNS = (
    *("receipt_id", "store_key", "job_id", "request_run_id", "status", "owner_pid", "owner_start_time"),
    *("started_at_ms", "finished_at_ms", "error_text"),
)
TASK_COLUMNS = (
    *("task_id", "source_id", "run_id", "child_session_key", "status", "delivery_status", "created_at", "started_at"),
    *("ended_at", "last_event_at", "error", "progress_summary", "terminal_summary", "detail_json"),
    *("execution_owner_host", "execution_owner_pid", "execution_owner_start_identity"),
)
_NEAR = timedelta(seconds=2)
"""The most by which the start of a run may differ between its task and its log entry."""


def run_of_receipt(values: Mapping[str, object], path: str, problems: list[Problem]) -> GatewayRun | None:
    """Return the run of one row of ``cron_run_receipts``; None if it has no id or no start."""
    fields = Fields(values, path, problems)
    id, job, started = fields.text("receipt_id"), fields.text("job_id"), fields.instant("started_at_ms")
    if id is None or job is None or started is None:
        fields.note("receipt", "has no id, job or start")
        return None
    pid = fields.whole("owner_pid")
    return GatewayRun(
        id=id,
        job_id=job,
        started=started,
        status=_known(fields.text("status"), fields),
        source="receipt",
        finished=fields.instant("finished_at_ms"),
        error=fields.text("error_text"),
        owner=None if pid is None else RunOwner(pid, fields.whole("owner_start_time")),
    )


def run_of_task(values: Mapping[str, object], path: str, problems: list[Problem]) -> GatewayRun | None:
    """Return the run of one row of ``task_runs``; None if it has no id, job or start."""
    fields = Fields(values, path, problems)
    id, job = fields.text("task_id"), fields.text("source_id")
    started = fields.instant("started_at") or fields.instant("created_at")
    if id is None or job is None or started is None:
        fields.note("task", "has no id, job or start")
        return None
    detail = fields.json_object("detail_json")
    status = fields.text("status")
    run = GatewayRun(
        id=id,
        job_id=job,
        started=started,
        status=status_of(None, status),
        source="task",
        finished=fields.instant("ended_at"),
        error=fields.text("error"),
        summary=fields.text("terminal_summary"),
        owner=_task_owner(fields),
        task_id=id,
        task_status=status,
        last_event=fields.instant("last_event_at"),
        session_key=fields.text("child_session_key"),
    )
    return _with_details(run, detail)


def run_of_entry(fields: Fields, job_id: str) -> GatewayRun | None:
    """Return the run of one entry of the run log: a line of ``cron/runs``, or a row of ``cron_run_logs``."""
    ended, began, took = fields.instant("ts"), fields.instant("runAtMs"), fields.span("durationMs")
    started = began or (ended - (took or timedelta(0)) if ended is not None else None)
    if started is None:
        fields.note("entry", "has no time")
        return None
    run = GatewayRun(
        id=fields.text("runId") or f"cron:{job_id}:{round(started.timestamp() * 1000)}",
        job_id=fields.text("jobId") or job_id,
        started=started,
        status=_known(fields.text("status"), fields),
        source="log",
        finished=started + took if took is not None else ended,
        error=fields.text("error"),
        summary=fields.text("summary"),
        session_key=fields.text("sessionKey"),
    )
    return _with_details(run, fields)


def joined(
    runs: Iterable[GatewayRun], tasks: Iterable[GatewayRun], task_run_ids: Mapping[str, str]
) -> list[GatewayRun]:
    """Return the runs with the details of their tasks, and the tasks that belong to no run, newest first.

    Args:
        runs: The runs of one job, from receipts or log entries.
        tasks: The tasks of the same job.
        task_run_ids: ``run_id`` by ``task_id``; a ``run_id`` contains the id of the receipt.
    """
    left = list(tasks)
    found = []
    for run in runs:
        task = next((task for task in left if _belongs(task, run, task_run_ids)), None)
        if task is not None:
            left.remove(task)
        found.append(run if task is None else _merged(run, task))
    return sorted([*found, *left], key=lambda run: run.started, reverse=True)


def _belongs(task: GatewayRun, run: GatewayRun, task_run_ids: Mapping[str, str]) -> bool:
    if run.source == "receipt":
        parts = task_run_ids.get(task.id, "").split(":")
        return run.id in parts if len(parts) > 3 else task.started == run.started
    return abs(task.started - run.started) <= _NEAR


def _merged(run: GatewayRun, task: GatewayRun) -> GatewayRun:
    status = run.status
    if (
        run.source == "receipt"
        and status in ("failed", "unknown")
        and task.status in ("timed out", "cancelled", "lost")
    ):
        status = task.status
    return replace(
        run,
        status=status,
        error=run.error or (task.error if run.status != "success" else None),
        summary=run.summary or task.summary,
        owner=_owner_with_host(run.owner, task.owner),
        task_id=task.task_id,
        task_status=task.task_status,
        last_event=task.last_event,
        delivery=run.delivery or task.delivery,
        session_key=run.session_key or task.session_key,
        session_id=run.session_id or task.session_id,
        model=run.model or task.model,
        tokens=run.tokens if run.tokens is not None else task.tokens,
        diagnostics=run.diagnostics or task.diagnostics,
    )


def _owner_with_host(owner: RunOwner | None, of_task: RunOwner | None) -> RunOwner | None:
    if owner is None or of_task is None:
        return owner or of_task
    return replace(owner, host=of_task.host) if owner.pid == of_task.pid else owner


def _task_owner(fields: Fields) -> RunOwner | None:
    pid = fields.whole("execution_owner_pid")
    if pid is None:
        return None
    return RunOwner(pid, fields.whole("execution_owner_start_identity"), fields.text("execution_owner_host"))


def _with_details(run: GatewayRun, detail: Fields) -> GatewayRun:
    """Return the run with the fields that tasks and log entries have in common."""
    status, error = detail.text("deliveryStatus"), detail.text("deliveryError")
    usage = detail.mapping("usage")
    entries: list[tuple[datetime | None, str, str]] = []
    for entry in detail.mapping("diagnostics").mappings("entries"):
        entries.append((entry.instant("ts"), entry.text("severity") or "info", entry.text("message") or ""))
    return replace(
        run,
        summary=run.summary or detail.text("summary"),
        delivery=Delivery(status, error) if status is not None or error is not None else None,
        session_id=detail.text("sessionId"),
        model=detail.text("model"),
        tokens=usage.whole("total_tokens"),
        diagnostics=tuple(entries),
    )


def _known(status: str | None, fields: Fields) -> RunStatus:
    found = status_of(status, None) if status is not None else "unknown"
    if found == "unknown":
        fields.note("status", f"“{status}” is not known" if status is not None else "is missing")
    return found


def going_by_state(job_id: str, since: datetime) -> GatewayRun:
    """Return the run of a job that only its ``runningAtMs`` shows, in a store without receipts."""
    source: Source = "state"
    return GatewayRun(
        id=f"{job_id}:{round(since.timestamp() * 1000)}", job_id=job_id, started=since, status="running", source=source
    )
