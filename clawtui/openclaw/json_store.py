"""The files of a stock gateway before 2026.6.1: ``cron/jobs.json`` and the files beside it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from clawtui.files.fs.reading import open_regular, read_bytes, reason_of
from clawtui.files.store_kind import JOBS_FILE, TASKS_DATABASE
from clawtui.model.documents.base import Problem
from clawtui.model.errors import ClawtuiError, Refused, Unreadable
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.run import GatewayRun
from clawtui.openclaw.database import Database, Row, read_database
from clawtui.openclaw.fields import Fields
from clawtui.openclaw.jobs import job_of
from clawtui.openclaw.runs import TASK_COLUMNS, joined, run_of_entry, run_of_task

STATE_FILE = "cron/jobs-state.json"
RUNS_DIRECTORY = "cron/runs"
KNOWN_VERSION = 1
_LINE = 2048
"""The bytes that are read for each requested run: most lines of a run log are shorter."""


def read_jobs(root: Path) -> tuple[dict[str, Job], list[Problem], bool]:
    """Return the jobs by id, the problems with the files, and whether the jobs could be read at all."""
    problems: list[Problem] = []
    document = _document(root, JOBS_FILE, problems)
    if document is None:
        return {}, problems, False
    whole = Fields(document, JOBS_FILE, problems)
    _note_version(whole, problems)
    states = _states(root, problems)
    jobs = {}
    for entry in whole.mappings("jobs"):
        noted: list[Problem] = []
        id = entry.text("id")
        if id is None:
            problems.append(Problem(JOBS_FILE, "a job has no id"))
            continue
        path = f"{JOBS_FILE}#{id}"
        definition = entry.at(path, noted)
        beside = states.mapping(id).at(f"{STATE_FILE}#{id}", noted)
        state = beside.mapping("state") if beside.has("state") else definition.mapping("state")
        jobs[id] = job_of(id, beside.renamed({"scheduleIdentity": "schedule_identity"}), definition, state, path, noted)
    return jobs, problems, True


def read_runs(root: Path, job_ids: list[str], per_job: int) -> tuple[dict[str, tuple[GatewayRun, ...]], list[Problem]]:
    """Return the newest runs of each job, newest first, and the problems with those that could not be read."""
    problems: list[Problem] = []
    rows = _task_rows(root, problems)
    tasks: dict[str, list[GatewayRun]] = {}
    for row in rows:
        run = run_of_task(row, f"{TASKS_DATABASE}#{row.get('task_id')}", problems)
        if run is not None:
            tasks.setdefault(run.job_id, []).append(run)
    found = {}
    for job in job_ids:
        logged = _logged(root, job, per_job, problems)
        runs = joined(logged, tasks.get(job, ()), {})
        if runs:
            found[job] = tuple(runs[:per_job])
    return found, problems


def _states(root: Path, problems: list[Problem]) -> Fields:
    document = _document(root, STATE_FILE, problems, is_needed=False)
    return Fields(document or {}, STATE_FILE, problems).mapping("jobs")


def _note_version(whole: Fields, problems: list[Problem]) -> None:
    version = whole.whole("version")
    if version is not None and version > KNOWN_VERSION:
        known = f"the newest that is known is {KNOWN_VERSION}; what it has is shown as far as it is understood"
        problems.append(Problem(JOBS_FILE, f"is of version {version}: {known}"))


def _document(root: Path, path: str, problems: list[Problem], is_needed: bool = True) -> dict[str, object] | None:
    try:
        value = json.loads(read_bytes(root, path)[0])
    except FileNotFoundError:
        if is_needed:
            problems.append(Problem(path, "is gone"))
        return None
    except (Unreadable, Refused) as error:
        problems.append(Problem(path, error.reason))
        return None
    except (ValueError, RecursionError) as error:
        message = f"is no JSON ({error})" if isinstance(error, ValueError) else "is nested too deeply"
        problems.append(Problem(path, message))
        return None
    if not isinstance(value, dict):
        problems.append(Problem(path, "holds no JSON object"))
        return None
    return value


def _task_rows(root: Path, problems: list[Problem]) -> list[Row]:
    """Return the tasks of scheduled runs; the table holds those of a week."""

    def select(database: Database) -> list[Row]:
        return database.select("task_runs", TASK_COLUMNS, "WHERE runtime = 'cron' ORDER BY created_at DESC LIMIT 5000")

    try:
        return read_database(root / TASKS_DATABASE, select)
    except FileNotFoundError:
        return []
    except Unreadable as error:
        problems.append(Problem(TASKS_DATABASE, error.reason))
        return []


def _logged(root: Path, job: str, per_job: int, problems: list[Problem]) -> list[GatewayRun]:
    """Return the last runs in a job's log; empty for an id that is not a plain file name."""
    path = f"{RUNS_DIRECTORY}/{job}.jsonl"
    try:
        lines = _last_lines(root, path, per_job)
    except FileNotFoundError:
        return []
    except (Unreadable, Refused, OSError) as error:
        problems.append(Problem(path, error.reason if isinstance(error, ClawtuiError) else reason_of(error)))
        return []
    found = []
    for line in lines:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            problems.append(Problem(path, "has a line that is no JSON object"))
            continue
        if value.get("action", "finished") == "finished":
            run = run_of_entry(Fields(value, path, problems), job)
            if run is not None:
                found.append(run)
    return found


def _last_lines(root: Path, path: str, count: int) -> list[bytes]:
    """Return the last lines of a file, of which only as many bytes are read as they usually need."""
    descriptor = open_regular(root, path)
    try:
        size = os.fstat(descriptor).st_size
        start = max(0, size - count * _LINE)
        data = os.pread(descriptor, size - start, start)
    finally:
        os.close(descriptor)
    lines = data.split(b"\n")
    whole = lines[1:] if start else lines
    return [line for line in whole[:-1] if line.strip()][-count:] + ([lines[-1]] if _is_whole(lines[-1]) else [])


def _is_whole(line: bytes) -> bool:
    """Return whether the last line, which has no newline yet, is a complete JSON document."""
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
