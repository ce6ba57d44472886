"""Reading of a stock gateway's store again and again, at the cost of what has changed.

The row of a job is compared as it is: the gateway marks a job as running without a new ``updated_at``. The runs of a
job are read again when its row is another one, when there are new receipts or tasks of it, or while it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from clawtui.files.store_kind import DATABASE
from clawtui.model.documents.base import Problem
from clawtui.model.errors import Unreadable
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.state import GatewayState, StoreKind
from clawtui.openclaw import sqlite_store
from clawtui.openclaw.database import Database, Row, read_database
from clawtui.openclaw.reader import RUNS_PER_JOB, read_gateway, state_of_rows, unreadable_database, with_outside_files
from clawtui.openclaw.sqlite_store import START, Mark, Rows

MOST_TOUCHED = 100
"""From this number of changed jobs on, all are read."""


class _Known(Struct, frozen=True):
    """What the last reading found."""

    state: GatewayState
    rows: Mapping[str, Row] = field(default_factory=dict)
    """The row of each job, by its id."""
    mark: Mark = START


class GatewayReader:
    """Reader of one gateway's store, which keeps what it has read. It is for one thread."""

    def __init__(self, root: Path, kind: StoreKind, per_job: int = RUNS_PER_JOB) -> None:
        """Prepare to read the store of this kind at ``root``, with at most ``per_job`` ended runs of each job."""
        self._root = root
        self._kind = kind
        self._per_job = per_job
        self._known: _Known | None = None

    def forget(self) -> None:
        """Read everything at the next reading."""
        self._known = None

    def read(self) -> GatewayState:
        """Return the state of the store, which shares with the last one all jobs and runs that have not changed."""
        if self._kind != "sqlite":
            return read_gateway(self._root, self._kind, self._per_job)
        known = self._known
        try:
            rows, touched = read_database(self._root / DATABASE, lambda database: self._select(database, known))
        except (Unreadable, FileNotFoundError) as error:
            return with_outside_files(unreadable_database(self._root, error), self._root)
        if known is None or touched is None:
            state = state_of_rows(self._root, rows)
        else:
            state = _merged(known.state, state_of_rows(self._root, rows), touched, {_id(row) for row in rows.every_job})
        self._known = _Known(state, {_id(row): row for row in rows.every_job}, rows.mark)
        return with_outside_files(state, self._root)

    def _select(self, database: Database, known: _Known | None) -> tuple[Rows, set[str] | None]:
        """Return the rows and the ids of the jobs that they are about; None where they are about all."""
        if known is not None:
            with database.snapshot():
                rows = sqlite_store.select_current(database)
                touched = _touched(database, known, rows)
                if touched is not None:
                    sqlite_store.add_runs_of(database, rows, touched, self._per_job)
                    return rows, touched
        return sqlite_store.select_all(database, self._per_job), None


def _touched(database: Database, known: _Known, rows: Rows) -> set[str] | None:
    """Return the ids of the jobs whose runs may have changed; None if those of all may have."""
    if rows.mark.is_before(known.mark) or rows.version != known.state.schema_version:
        return None
    of_jobs = set(_job_problems(known.state.jobs))
    if any(problem.path != DATABASE and problem not in of_jobs for problem in known.state.problems):
        return None  # they are about runs, of which it is not known whether they are among the newest now
    now = {_id(row): row for row in rows.every_job}
    touched = {id for id, row in now.items() if known.rows.get(id) != row}
    touched |= {run.job_id for run in known.state.going}
    touched |= sqlite_store.jobs_since(database, known.mark)
    if len(touched) > MOST_TOUCHED:
        return None
    rows.jobs[:] = [row for id, row in now.items() if id in touched]
    return touched


def _merged(old: GatewayState, new: GatewayState, touched: set[str], ids: set[str]) -> GatewayState:
    """Return ``old`` with the jobs and runs of ``new``, which has those of the touched jobs only."""
    jobs: dict[str, Job] = {id: new.jobs.get(id) or old.jobs[id] for id in ids if id in new.jobs or id in old.jobs}
    kept = ids - touched
    runs: dict[str, tuple[GatewayRun, ...]] = {id: found for id, found in old.runs.items() if id in kept}
    for id, found in new.runs.items():
        runs[id] = old.runs[id] if old.runs.get(id) == found else found
    of_new_jobs = {problem for job in new.jobs.values() for problem in job.problems}
    others = [problem for problem in new.problems if problem not in of_new_jobs]
    return replace(new, jobs=jobs, runs=runs, problems=(*others, *_job_problems(jobs)))


def _job_problems(jobs: Mapping[str, Job]) -> list[Problem]:
    return [problem for job in jobs.values() for problem in job.problems]


def _id(row: Row) -> str:
    return str(row.get("job_id"))
