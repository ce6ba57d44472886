"""The runs of one automation, read repeatedly for ``wait``, on either kind of root."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from clawtui.model.gateway.report import GatewayReport
from clawtui.model.paths import STATE_NAME
from clawtui.model.runs.run import Run
from clawtui.operations.openclaw.names import find_job
from clawtui.operations.runs.history import list_runs
from clawtui.operations.runs.run_states import judged_workspace
from clawtui.operations.runs.wait import LOST, WaitedRun
from clawtui.operations.state.automations import find_automation
from clawtui.storage.paths import LOGS, StatePaths
from clawtui.storage.workspaces.manager import WorkspaceManager

READ_EVERY: Final = 5.0
"""Seconds after which the runs are read and judged although no file changed: a process dies without a write."""

_Version = tuple[tuple[int, int, int] | None, ...]


class RunWatch:
    """The runs of one automation of the design's layout. They are read again only if one of their files changed."""

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
        self._read_at = -READ_EVERY
        self._runs: tuple[Run, ...] = ()

    def look(self) -> Sequence[WaitedRun]:
        """Return all runs. Raises NoSuch, Refused, Unreadable."""
        now, version = self._monotonic(), tuple(map(_version_of, self._files))
        if version != self._version or now - self._read_at >= READ_EVERY:
            self._version, self._read_at = version, now
            judged = judged_workspace(self._paths, self.automation_id, self._clock(), self._quiet_after)
            self._runs = list_runs(self._paths, self.automation_id, judged)
        return tuple(map(_waited, self._runs))


def gateway_runs(report: Callable[[], GatewayReport], name: str) -> tuple[str, Callable[[], Sequence[WaitedRun]]]:
    """Return the id of a stock gateway's job, and a function that reads its runs. Raises NoSuch, Refused, Unreadable.

    A run whose owner cannot be alive is lost.
    """
    job_id = find_job(report(), name).id

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


def _waited(run: Run) -> WaitedRun:
    summary, why = (None, run.summary) if run.status == LOST else (run.summary, None)
    return WaitedRun(run.automation_id, run.name, run.started, run.status, run.took, summary, why)


def _version_of(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat(follow_symlinks=False)
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns)
