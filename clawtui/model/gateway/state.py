"""One reading of a stock gateway's store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from clawtui.model.documents.base import Problem
from clawtui.model.gateway.job import Job, JobStatus
from clawtui.model.gateway.ownership import Boot, Lease, OwnedLock
from clawtui.model.gateway.run import GatewayRun

StoreKind = Literal["sqlite", "json"]

VERSION_PROBLEM = "is of schema version"
"""The beginning of the problem of a database whose schema is newer than the newest that is known."""

KIND_NAMES: Mapping[StoreKind, str] = {
    "sqlite": "OpenClaw gateway, SQLite store",
    "json": "OpenClaw gateway, JSON store",
}


class GatewayState(Struct, frozen=True):
    """The content of a root's store at one time; parts that could not be read are in ``problems``."""

    root: str
    kind: StoreKind
    jobs: Mapping[str, Job]
    runs: Mapping[str, tuple[GatewayRun, ...]]
    """By job id, newest first, also for jobs that no longer exist; at most as many as were requested."""
    lease: Lease | None = None
    boots: tuple[Boot, ...] = ()
    """Newest first."""
    locks: tuple[OwnedLock, ...] = ()
    problems: tuple[Problem, ...] = ()
    app_version: str | None = None
    schema_version: int | None = None
    newest_known_schema: int | None = None
    has_receipts: bool = False
    log: str | None = None
    """The path of the gateway's log, outside of the root; None if there is none."""
    is_complete: bool = True
    """False if the jobs could not be read at all."""

    @property
    def going(self) -> tuple[GatewayRun, ...]:
        """Return the runs that have not ended according to the store, longest first."""
        found = [run for runs in self.runs.values() for run in runs if run.is_going]
        return tuple(sorted(found, key=lambda run: run.started))

    def running(self, job_id: str) -> GatewayRun | None:
        """Return the run of a job that has not ended according to the store; None if there is none."""
        return next((run for run in self.runs.get(job_id, ()) if run.status == "running"), None)

    def status_of(self, job: Job) -> JobStatus:
        """Return a job's status; if the store has receipts, a mark in the job's row alone does not mean ``running``."""
        return job.status(self.running(job.id) is not None)

    @property
    def is_newer(self) -> bool:
        """Return whether the database is of a newer version than is known."""
        if self.schema_version is None or self.newest_known_schema is None:
            return False
        return self.schema_version > self.newest_known_schema

    @property
    def title(self) -> str:
        """Return its kind and version for a heading."""
        version = f" {self.app_version}" if self.app_version else ""
        schema = f" (schema {self.schema_version})" if self.schema_version else ""
        return f"{KIND_NAMES[self.kind]}{version}{schema}"

    @property
    def short_title(self) -> str:
        """Return its kind and version in a few words."""
        return (
            f"OpenClaw {self.app_version}"
            if self.app_version
            else "OpenClaw, JSON"
            if self.kind == "json"
            else "OpenClaw"
        )

    def name_of(self, job_id: str) -> str:
        """Return a job's name, or its id if the job no longer exists."""
        job = self.jobs.get(job_id)
        return job.name if job is not None else job_id
