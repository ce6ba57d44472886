"""Runs that the schedule asked for and that never began."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import islice

from msgspec import Struct

from clawtui.model.gateway.job import Job
from clawtui.model.gateway.ownership import Boot
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.schedule import Schedule, due_times
from clawtui.model.gateway.state import GatewayState
from clawtui.model.text.units import shifted

MARGIN = timedelta(minutes=2)
"""How late a run may begin, besides its stagger, before it counts as missed or overdue."""
MOST_COUNTED = 1000
"""The most times that are counted."""

Gap = tuple[datetime, datetime]


class Missed(Struct, frozen=True):
    """Times at which a job was due and did not run."""

    times: tuple[datetime, ...]
    """The earliest first, at most ``MOST_COUNTED``."""
    while_down: int
    """How many of them are in a time in which the gateway was stopped."""
    since: datetime
    """The start of the last run, or the job's creation if that is later or there was no run."""

    @property
    def count(self) -> str:
        """Return the number of times as text."""
        return f"more than {MOST_COUNTED - 1}" if len(self.times) >= MOST_COUNTED else str(len(self.times))


def is_overdue(job: Job, runs: Sequence[GatewayRun], now: datetime) -> bool:
    """Return whether the job should have run by now, by the next run that the gateway recorded, and is not running."""
    due, schedule = job.state.next_run, job.schedule
    if not job.enabled or due is None or schedule is None or _is_going(job, runs):
        return False
    put_off = max(filter(None, (due, job.state.paced_next_run, job.state.startup_catchup)))
    return shifted(put_off, schedule.latest_delay + MARGIN) < now


def missed_runs(
    job: Job, runs: Sequence[GatewayRun], now: datetime, host_zone: tzinfo | None, boots: Sequence[Boot] = ()
) -> Missed | None:
    """Return the times since its last run at which a job was due and did not run; None if there are none or unknown.

    None also for a job that is running, disabled or overdue (`is_overdue`), and for one that runs only on a condition.
    Times before the job was created do not count, nor those at which the gateway waited after a failure, paced the job
    or caught up after a start.

    Args:
        job: The job.
        runs: Its runs, including those that were skipped.
        now: The current time.
        host_zone: The zone of the gateway's host; if it is None, unknown, the result for a ``cron`` expression
            without a zone is None.
        boots: The gateway's starts, newest first.
    """
    schedule = job.schedule
    if not job.enabled or schedule is None or job.has_trigger or _is_going(job, runs) or is_overdue(job, runs, now):
        return None
    if schedule.kind == "cron" and schedule.zone is None and host_zone is None:
        return None
    begun = max(filter(None, (job.state.last_run, *(run.started for run in runs))), default=None)
    known = max(filter(None, (job.created, begun)), default=None)
    if known is None:
        return None
    since = max(filter(None, (known, _not_before(job, runs))))
    until = shifted(now, -schedule.latest_delay - MARGIN)
    due = _due(schedule, begun, since, until, host_zone or now.tzinfo)
    times = tuple(islice(due, MOST_COUNTED))
    if not times:
        return None
    gaps = tuple(_gaps(boots, now))
    down = sum(any(first <= time <= last for first, last in gaps) for time in times)
    return Missed(times, down, known)


def missed_by_job(state: GatewayState, now: datetime, host_zone: tzinfo | None) -> dict[str, Missed]:
    """Return the missed runs of each job that missed any, by the id of the job; the arguments are those above."""
    found = {}
    for job in state.jobs.values():
        missed = missed_runs(job, state.runs.get(job.id, ()), now, host_zone, state.boots)
        if missed is not None:
            found[job.id] = missed
    return found


def _is_going(job: Job, runs: Sequence[GatewayRun]) -> bool:
    return job.state.running_at is not None or job.state.queued_at is not None or any(run.is_going for run in runs)


def _not_before(job: Job, runs: Sequence[GatewayRun]) -> datetime | None:
    """Return the time until which the gateway's own rules keep the job from running again; None if none do."""
    state = job.state
    ended = max(filter(None, (state.last_end, *(run.finished for run in runs))), default=None)
    waited = None if ended is None else shifted(ended, state.backoff)
    return max(filter(None, (waited, state.startup_catchup, state.paced_next_run)), default=None)


def _due(
    schedule: Schedule, begun: datetime | None, since: datetime, until: datetime, zone: tzinfo | None
) -> Iterator[datetime]:
    if zone is None:
        return
    if schedule.kind != "every" or begun is None or schedule.every is None:
        yield from due_times(schedule, since, until, zone)
        return
    # The gateway counts from the anchor or from the last run; one whole interval after it the job is due in both cases.
    start = since if since > shifted(begun, schedule.every) else begun
    for due in due_times(Schedule("every", every=schedule.every, anchor=start), start, until, zone):
        if due > since:
            yield due


def _gaps(boots: Sequence[Boot], now: datetime) -> Iterator[Gap]:
    """Yield the start and end of each time in which the gateway was stopped, as far as its ends are recorded."""
    later = now
    for boot in sorted(boots, key=lambda boot: boot.started, reverse=True):
        if boot.completed is not None and boot.completed < later:
            yield boot.completed, later
        later = boot.started
