"""The runs of one automation as ``wait`` looks at them, again and again, on either kind of root."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from clawtui.model.documents.workspace import STATE_NAME
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.runs.run import Run
from clawtui.operations.openclaw.queries import find_job
from clawtui.operations.runs.history import list_runs
from clawtui.operations.runs.wait import LOST, WaitedRun
from clawtui.operations.state.automations import find_automation
from clawtui.storage.paths import LOGS, StatePaths
from clawtui.storage.workspaces.manager import WorkspaceManager

CHECKED_EVERY: Final = 30.0
"""Seconds between two searches for evidence that the run's process is dead."""
READ_EVERY: Final = 5.0
"""Seconds after which the runs are read although no file changed."""

_Version = tuple[tuple[int, int, int] | None, ...]


class RunWatch:
    """The runs of one automation of the design's layout; read again only where a file of theirs changed."""

    def __init__(
        self,
        paths: StatePaths,
        name: str,
        clock: Callable[[], datetime],
        quiet_after: timedelta,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Find the automation. Raises NoSuch, Refused, Unreadable."""
        found = find_automation(paths, name)
        self.automation_id = found.id
        self._paths, self._clock, self._quiet_after, self._monotonic = paths, clock, quiet_after, monotonic
        base = paths.automations
        state = WorkspaceManager(paths).path(found.id) / STATE_NAME
        self._files = (base / found.config.path, state, base / LOGS / found.type)
        self._version: _Version | None = None
        self._read_at = self._checked_at = -CHECKED_EVERY
        self._runs: tuple[Run, ...] = ()
        self._why_dead: str | None = None

    def look(self) -> Sequence[WaitedRun]:
        """Return all runs. Raises NoSuch, Refused, Unreadable."""
        now, version = self._monotonic(), tuple(map(_version_of, self._files))
        if version != self._version or now - self._read_at >= READ_EVERY:
            self._version, self._read_at = version, now
            self._runs = list_runs(self._paths, self.automation_id)
        going = next((run for run in self._runs if run.running), None)
        if going is None:
            self._why_dead = None
        elif now - self._checked_at >= CHECKED_EVERY:
            self._checked_at, self._why_dead = now, self._find_why_dead()
        return tuple(self._waited(run) for run in self._runs)

    def _waited(self, run: Run) -> WaitedRun:
        dead = self._why_dead if run.running else None
        status = LOST if dead is not None else run.status
        return WaitedRun(run.automation_id, run.name, run.started, status, run.took, run.summary, dead)

    def _find_why_dead(self) -> str | None:
        from clawtui.operations.doctor.examine import dead_runs
        from clawtui.operations.state.follow_fleet import read_fleet

        fleet = read_fleet(self._paths)
        finding = dead_runs(fleet, self._clock(), self._quiet_after).get(self.automation_id)
        return None if finding is None else finding.message


def gateway_runs(report: Callable[[], GatewayReport], wanted: str) -> tuple[str, Callable[[], Sequence[WaitedRun]]]:
    """Return the id of a stock gateway's job, and a function that reads its runs. Raises NoSuch, Refused, Unreadable.

    A run whose owner cannot be alive is lost.
    """
    job_id = find_job(report(), wanted).id

    def look() -> Sequence[WaitedRun]:
        now = report()
        found = []
        for run in now.state.runs.get(job_id, ()):
            owner = now.owners.get(run.id)
            dead = owner.facts[0] if run.is_going and owner is not None and owner.verdict == "orphaned" else None
            status = None if run.status == "unknown" else run.status
            summary = run.error or run.summary
            found.append(WaitedRun(job_id, run.id, run.started, LOST if dead else status, run.took, summary, dead))
        return found

    return job_id, look


def _version_of(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat(follow_symlinks=False)
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns)
