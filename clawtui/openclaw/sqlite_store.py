"""The shared database of a stock gateway, ``state/openclaw.sqlite``, from 2026.6.1 on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clawtui.files.store_kind import DATABASE
from clawtui.model.documents.base import Problem
from clawtui.model.errors import Unreadable
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.ownership import Boot, Lease
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.state import VERSION_PROBLEM
from clawtui.openclaw.database import Database, Row, read_database
from clawtui.openclaw.fields import Fields
from clawtui.openclaw.jobs import job_of
from clawtui.openclaw.runs import RECEIPT_COLUMNS, TASK_COLUMNS, joined, run_of_entry, run_of_receipt, run_of_task

NEWEST_SCHEMA = 18
"""The newest ``user_version`` that is known: that of 2026.9.6."""

STABLE_COLUMNS = ("store_key", "job_id", "name", "enabled", "job_json", "state_json", "updated_at")
"""The columns that ``cron_jobs`` has in every version."""
_JOB_COLUMNS = (*STABLE_COLUMNS, "payload_kind", "agent_id", "schedule_identity")
_RECEIPTS = "cron_run_receipts"
_TASKS = "task_runs"
_LOGS = "cron_run_logs"
_AT_ONCE = 20
"""The jobs whose histories are read in one transaction, which takes a few milliseconds."""
_OF_CRON = "runtime = 'cron'"


@dataclass(frozen=True, slots=True)
class Rows:
    """The selected rows, unchanged; they are parsed after the database is closed."""

    version: int
    app_version: str | None
    jobs: list[Row]
    missing: tuple[str, ...]
    """Stable columns that ``cron_jobs`` does not have."""
    receipts: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    leases: list[Row] = field(default_factory=list)
    boots: list[Row] = field(default_factory=list)
    has_receipts: bool = False


def read_rows(root: Path, per_job: int, only: str | None = None) -> Rows:
    """Return the jobs, leases and starts, the runs that are going, and the newest ended runs of each job.

    Args:
        root: The state directory.
        per_job: The most ended runs of each job.
        only: The id of the only job whose runs are read; None for all.

    Raises:
        FileNotFoundError, Unreadable: As for ``read_database``.
    """
    return read_database(root / DATABASE, lambda database: _select(database, per_job, only))


def _select(database: Database, per_job: int, only: str | None) -> Rows:
    with database.snapshot():
        columns = database.columns("cron_jobs")
        if not columns:
            raise Unreadable("has no table cron_jobs: it may be being migrated, or is not of a gateway that is known")
        rows = Rows(
            version=database.user_version,
            app_version=_app_version(database),
            jobs=database.select("cron_jobs", _JOB_COLUMNS),
            missing=tuple(name for name in STABLE_COLUMNS if name not in columns),
            receipts=database.select(_RECEIPTS, RECEIPT_COLUMNS, "WHERE status = 'running'"),
            tasks=database.select(_TASKS, TASK_COLUMNS, f"WHERE {_OF_CRON} AND status IN ('running', 'queued')"),
            leases=database.select(
                "state_leases",
                ("lease_key", "expires_at", "heartbeat_at", "payload_json", "created_at"),
                "WHERE scope = 'gateway-owner'",
            ),
            boots=database.select(
                "gateway_boot_lifecycle",
                ("pid", "started_at_ms", "completed_at_ms", "outcome", "reason"),
                "ORDER BY started_at_ms DESC LIMIT 50",
            ),
            has_receipts=bool(database.columns(_RECEIPTS)),
        )
    wanted = _wanted(rows, only) if per_job > 0 else []
    for start in range(0, len(wanted), _AT_ONCE):
        with database.snapshot():
            for key, job in wanted[start : start + _AT_ONCE]:
                _add_history(database, rows, key, job, per_job)
    return rows


def _app_version(database: Database) -> str | None:
    found = database.select("schema_meta", ("app_version",), "WHERE meta_key = 'primary'")
    value = found[0].get("app_version") if found else None
    return value if isinstance(value, str) else None


def _wanted(rows: Rows, only: str | None) -> list[tuple[object, str]]:
    """Return the store key and id of each job whose runs are requested."""
    found = [(row.get("store_key"), str(row["job_id"])) for row in rows.jobs if row.get("job_id") is not None]
    return found if only is None else [(key, job) for key, job in found if job == only] or [(None, only)]


def _add_history(database: Database, rows: Rows, key: object, job: str, per_job: int) -> None:
    """Add the ended runs of one job to ``rows``; each statement uses an index that the gateway made."""
    keyed, values = ("store_key = ? AND ", (key, job)) if key is not None else ("", (job,))
    if rows.has_receipts:
        newest = f"WHERE {keyed}job_id = ? AND status != 'running' ORDER BY started_at_ms DESC LIMIT {per_job}"
        rows.receipts.extend(database.select(_RECEIPTS, RECEIPT_COLUMNS, newest, values))
    else:
        newest = f"WHERE {keyed}job_id = ? ORDER BY seq DESC LIMIT {per_job}"
        if {"seq", "entry_json"} <= database.columns(_LOGS):
            rows.entries.extend(database.select(_LOGS, ("job_id", "entry_json"), newest, values))
    ended = f"WHERE {_OF_CRON} AND source_id = ? AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT {per_job}"
    rows.tasks.extend(database.select(_TASKS, TASK_COLUMNS, ended, (job,)))


def jobs_of(rows: Rows) -> tuple[dict[str, Job], list[Problem]]:
    """Return the jobs by id, and the problems with the table."""
    problems = []
    if rows.missing:
        problems.append(Problem(DATABASE, f"cron_jobs has no column {', '.join(rows.missing)}: {_known_version()}"))
    if rows.version > NEWEST_SCHEMA:
        problems.append(Problem(DATABASE, f"{VERSION_PROBLEM} {rows.version}: {_known_version()}"))
    jobs: dict[str, Job] = {}
    for row in rows.jobs:
        noted: list[Problem] = []
        id = row.get("job_id")
        if not isinstance(id, str):
            problems.append(Problem(DATABASE, f"a row of cron_jobs has no job_id that is text: {str(id)[:40]}"))
            continue
        path = f"{DATABASE}#{id}"
        fields = Fields(row, path, noted)
        jobs[id] = job_of(id, fields, fields.json_object("job_json"), fields.json_object("state_json"), path, noted)
    return jobs, problems


def runs_of(rows: Rows) -> tuple[dict[str, tuple[GatewayRun, ...]], list[Problem]]:
    """Return the runs by job, newest first, and the problems with those that could not be read."""
    problems: list[Problem] = []
    runs: dict[str, list[GatewayRun]] = {}
    tasks: dict[str, list[GatewayRun]] = {}
    for row in rows.receipts:
        _add(runs, run_of_receipt(row, f"{DATABASE}#{row.get('receipt_id')}", problems))
    for row in rows.entries:
        job = str(row.get("job_id"))
        fields = Fields(row, f"{DATABASE}#{job}", problems)
        _add(runs, run_of_entry(fields.json_object("entry_json"), job))
    for row in rows.tasks:
        _add(tasks, run_of_task(row, f"{DATABASE}#{row.get('task_id')}", problems))
    ids = {str(row.get("task_id")): str(row.get("run_id") or "") for row in rows.tasks}
    found = {job: tuple(joined(runs.get(job, ()), tasks.get(job, ()), ids)) for job in {*runs, *tasks}}
    return found, problems


def _add(runs: dict[str, list[GatewayRun]], run: GatewayRun | None) -> None:
    if run is not None:
        runs.setdefault(run.job_id, []).append(run)


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


def _known_version() -> str:
    return f"the newest that is known is {NEWEST_SCHEMA} (2026.9.6); what it has is shown as far as it is understood"
