"""The shared database of a stock gateway, ``state/openclaw.sqlite``, from 2026.6.1 on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct, field

from clawtui.files.store_kind import DATABASE
from clawtui.model.documents.base import Problem
from clawtui.model.errors import Unreadable
from clawtui.model.gateway.job import Job
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


class Mark(NamedTuple):
    """How far the histories go: the greatest rowids."""

    receipts: int = 0
    tasks: int = 0
    entries: int = 0

    def is_before(self, other: Mark) -> bool:
        """Return whether a history is shorter than at ``other``, so that rowids may be used again."""
        return any(mine < others for mine, others in zip(self, other, strict=True))


START = Mark()


class Rows(Struct, frozen=True):
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
    every_job: tuple[Row, ...] = ()
    """The rows of all jobs, also where ``jobs`` has only some."""
    mark: Mark = START


def read_rows(root: Path, per_job: int, only: str | None = None) -> Rows:
    """Return the jobs, leases and starts, the runs that are going, and the newest ended runs of each job.

    Args:
        root: The state directory.
        per_job: The most ended runs of each job.
        only: The id of the only job whose runs are read; None for all.

    Raises:
        FileNotFoundError, Unreadable: As for ``read_database``.
    """
    return read_database(root / DATABASE, lambda database: select_all(database, per_job, only))


def select_all(database: Database, per_job: int, only: str | None = None) -> Rows:
    """Return everything, as ``read_rows`` does; the histories are read in transactions of a few milliseconds."""
    with database.snapshot():
        rows = select_current(database)
        rows.receipts.extend(database.select(_RECEIPTS, RECEIPT_COLUMNS, "WHERE status = 'running'"))
        going = f"WHERE {_OF_CRON} AND status IN ('running', 'queued')"
        rows.tasks.extend(database.select(_TASKS, TASK_COLUMNS, going))
    jobs = _selected(rows, only) if per_job > 0 else []
    for start in range(0, len(jobs), _AT_ONCE):
        with database.snapshot():
            for key, job in jobs[start : start + _AT_ONCE]:
                _add_history(database, rows, key, job, per_job)
    return rows


def select_current(database: Database) -> Rows:
    """Return the rows of all jobs, the leases and the starts, and how far the histories go, without any run."""
    columns = database.columns("cron_jobs")
    if not columns:
        raise Unreadable("has no table cron_jobs: it may be being migrated, or is not of a gateway that is known")
    jobs = database.select("cron_jobs", _JOB_COLUMNS)
    return Rows(
        version=database.user_version,
        app_version=_app_version(database),
        jobs=jobs,
        every_job=tuple(jobs),
        missing=tuple(name for name in STABLE_COLUMNS if name not in columns),
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
        mark=Mark(*(database.last_rowid(table) for table in (_RECEIPTS, _TASKS, _LOGS))),
    )


def jobs_since(database: Database, mark: Mark) -> set[str]:
    """Return the ids of the jobs with receipts, tasks or log entries that are newer than ``mark``."""
    found: set[str] = set()
    for table, name, last in zip((_RECEIPTS, _TASKS, _LOGS), ("job_id", "source_id", "job_id"), mark, strict=True):
        found |= {str(row.get(name)) for row in database.select(table, (name,), "WHERE rowid > ?", (last,))}
    return found


def add_runs_of(database: Database, rows: Rows, jobs: Iterable[str], per_job: int) -> None:
    """Add the runs of some jobs to ``rows``: those that are going, and the newest ended ones."""
    keys = {str(row.get("job_id")): row.get("store_key") for row in rows.every_job}
    for job in jobs:
        key = keys.get(job)
        keyed, values = ("store_key = ? AND ", (key, job)) if key is not None else ("", (job,))
        going = f"WHERE {keyed}job_id = ? AND status = 'running'"
        rows.receipts.extend(database.select(_RECEIPTS, RECEIPT_COLUMNS, going, values))
        of_job = f"WHERE {_OF_CRON} AND source_id = ? AND status IN ('running', 'queued')"
        rows.tasks.extend(database.select(_TASKS, TASK_COLUMNS, of_job, (job,)))
        if job in keys:
            _add_history(database, rows, key, job, per_job)


def _app_version(database: Database) -> str | None:
    found = database.select("schema_meta", ("app_version",), "WHERE meta_key = 'primary'")
    value = found[0].get("app_version") if found else None
    return value if isinstance(value, str) else None


def _selected(rows: Rows, only: str | None) -> list[tuple[object, str]]:
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


def _known_version() -> str:
    return f"the newest that is known is {NEWEST_SCHEMA} (2026.9.6); what it has is shown as far as it is understood"
