"""The stand-in for the session of a stock gateway's root: a notice with its jobs as lines of text.

The panes show only values of the design's files, so a stock gateway is shown in the notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from clawtui.files.store_kind import DATABASE, JOBS_FILE
from clawtui.live.source import NONE
from clawtui.live.watching.events import WatchEvents
from clawtui.live.watching.intervals import Intervals, Pause
from clawtui.model.fleet import Fleet
from clawtui.model.gateway.job import Job, JobStatus
from clawtui.model.gateway.state import GatewayState, StoreKind

MOST_JOBS = 16
"""How many jobs are shown; the others are only counted."""
COMMANDS = "clawtui status · automation list · run list ID · lock list · doctor"

_WATCHED = (DATABASE, f"{DATABASE}-wal", JOBS_FILE, "cron/jobs-state.json")
_SHARE = 10
"""The pause after a reading, as a multiple of the time that the reading took."""
_NEEDS_A_HAND = ("failed", "invalid", "running", "idle", "disabled")


class StockGateway:
    """A stand-in for a `WatchSession` where a stock gateway keeps its automations. Its store is never written."""

    def __init__(
        self, root: Path, name: str, kind: StoreKind, intervals: Intervals, clock: Callable[[], float]
    ) -> None:
        """Show the gateway at `root` as `name`; `clock` is one that never goes back, in seconds."""
        self.capabilities = NONE
        self._root = root
        self._kind = kind
        self._intervals = intervals
        self._clock = clock
        self._fleet = Fleet(name, watch="polling", loaded=True)
        self._seen: object = None
        self._looks = 0
        self._good: GatewayState | None = None
        self._rest_until = 0.0

    @property
    def problem(self) -> None:
        """Always None: problems are in the notice."""

    @property
    def passes(self) -> int:
        """How often the store has been checked."""
        return self._looks

    def pause(self, now: float) -> Pause:
        """Return how long to wait before the next check, which costs a few calls of `stat`."""
        return Pause(self._intervals.missing, self._intervals.missing)

    def doubts_root(self, events: WatchEvents) -> bool:
        """Return True: another kind of store may appear at any time."""
        return True

    def update(self, events: WatchEvents) -> Fleet:
        """Return a fleet whose notice has the current state of the store; the same one where nothing has changed."""
        self._looks += 1
        seen, now = self._versions(), self._clock()
        if seen == self._seen or now < self._rest_until:
            return self._fleet
        from clawtui.openclaw.reader import read_gateway

        state = read_gateway(self._root, self._kind, per_job=0)
        self._rest_until = now + _SHARE * (self._clock() - now)
        if state.is_complete:
            self._seen, self._good = seen, state
        elif self._good is not None:  # keep the last good state, with the reason why there is no newer one
            state = replace(self._good, problems=state.problems)
        notice = tuple(notice_of(state))
        if notice != self._fleet.notice:
            self._fleet = replace(self._fleet, notice=notice)
        return self._fleet

    def follow(self, path: str | None) -> None:
        """Do nothing: there is no log."""

    def rescan(self) -> None:
        """Read the store at the next update."""
        self._seen = None

    def close(self) -> None:
        """Do nothing: no file is open."""

    def _versions(self) -> tuple[object, ...]:
        found: list[object] = []
        for name in _WATCHED:
            try:
                status = (self._root / name).lstat()
                found.append((status.st_ino, status.st_size, status.st_mtime_ns))
            except OSError:
                found.append(None)
        return tuple(found)


def notice_of(state: GatewayState) -> Iterator[str]:
    """Yield the lines of the notice: the kind of the root, then its jobs with their status, failed ones first."""
    yield f"{state.root}: {state.title}"
    yield f"The dashboard shows the automations of a stock gateway only as this list; these show all: {COMMANDS}"
    for problem in state.problems[:3]:
        yield f"! {problem.path} {problem.message}"
    ranked = [(_NEEDS_A_HAND.index(state.status_of(job)), job.name.casefold(), job.id) for job in state.jobs.values()]
    jobs = [state.jobs[id] for _, _, id in sorted(ranked)]
    for job in jobs[:MOST_JOBS]:
        yield _line_of(job, state.status_of(job))
    if len(jobs) > MOST_JOBS:
        yield f"… and {len(jobs) - MOST_JOBS} more"
    if not jobs and state.is_complete:
        yield "It has no automations."


def _line_of(job: Job, status: JobStatus) -> str:
    schedule = "unreadable schedule" if job.schedule is None else job.schedule.text
    planned = f", next {_at(job.state.next_run)}" if job.enabled and job.state.next_run is not None else ""
    last = f", last {_at(job.state.last_run)}" if job.state.last_run is not None else ""
    error = f": {job.state.last_error}" if status == "failed" and job.state.last_error else ""
    return f"{status:<9} {job.name} ({schedule}{planned}{last}){error}"


def _at(instant: datetime) -> str:
    return f"{instant.astimezone():%m-%d %H:%M}"
