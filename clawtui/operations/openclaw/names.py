"""The search for one job or one run of a stock gateway by a name or id."""

from __future__ import annotations

from clawtui.model.errors import NoSuch, Refused, Unreadable
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.search.names import did_you_mean


def find_job(report: GatewayReport, name: str) -> Job:
    """Return the job with this id, name, beginning of an id, or part of an id or a name that no other job has.

    Raises:
        NoSuch: There is none.
        Refused: There are several.
    """
    require_complete(report)
    jobs = report.state.jobs
    if name in jobs:
        return jobs[name]
    named = [job for job in jobs.values() if job.name == name]
    found = named or [job for job in jobs.values() if job.id.startswith(name)]
    part = name.casefold()
    found = found or [job for job in jobs.values() if part in job.id.casefold() or part in job.name.casefold()]
    if not found:
        question = did_you_mean(name, [*jobs, *(job.name for job in jobs.values())])
        raise NoSuch(f"there is no automation “{name}” in {report.state.root}", hint=question)
    if len(found) > 1:
        ids = ", ".join(job.id for job in found[:5])
        raise Refused(f"“{name}” is more than one automation: {ids}", hint="Name one by its id.")
    return found[0]


def find_job_id(report: GatewayReport, name: str) -> str:
    """Return the id of a job, also of one that is gone and has runs left. Raises as ``find_job`` does."""
    return name if name in report.state.runs else find_job(report, name).id


def require_complete(report: GatewayReport) -> None:
    """Raise Unreadable, with each reason on a line, where the jobs could not be read."""
    if not report.state.is_complete:
        raise Unreadable("\n".join(f"{problem.path}: {problem.message}" for problem in report.state.problems))


def find_run(report: GatewayReport, job_id: str, name: str | None) -> GatewayRun:
    """Return the run of a job with this id, or beginning of one; the newest where none is named.

    Raises:
        NoSuch: There is none.
        Refused: There are several.
    """
    runs = report.runs_of(job_id)
    if not runs:
        raise NoSuch(f"{report.state.name_of(job_id)} has no runs on record")
    if name is None:
        return runs[0]
    found = [run for run in runs if name in (run.id, run.task_id)]
    found = found or [run for run in runs if run.id.startswith(name)]
    if not found:
        raise NoSuch(f"{report.state.name_of(job_id)} has no run “{name}” on record")
    if len(found) > 1:
        raise Refused(f"“{name}” is more than one run of {report.state.name_of(job_id)}", hint="Name more of its id.")
    return found[0]
