"""The writer of a run's steps, which writes each to disk as it happens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from clawtui.demo.gateway.stores import DemoClock, GatewayStores
from clawtui.demo.runs.run_state import InfoStatus, RunIdentity, RunSnapshot, Step
from clawtui.model.documents.workspace import Milestone
from clawtui.model.paths import run_log_name


class RunWriter:
    """The writer of the log, the state and the timeline of one run."""

    def __init__(self, stores: GatewayStores, run: RunIdentity, clock: DemoClock, wait_factor: float) -> None:
        """Prepare to write ``run``; every wait is ``wait_factor`` times that of the step."""
        self.run = run
        self.snapshot = RunSnapshot()
        self._stores = stores
        self._clock = clock
        self._wait_factor = wait_factor
        self._log_name = run_log_name(run.spec.id, run.started)
        self._status = "running"
        self._unsaved = False
        self._has_workspace = False

    def now(self) -> datetime:
        """Return the time for the next line."""
        return self._clock.now()

    def took(self) -> timedelta:
        """Return the duration of the run so far."""
        return self.now() - self.run.started

    async def play(self, steps: Iterable[Step]) -> None:
        """Perform ``steps``: for each, wait, then write its log line, milestone and change."""
        for step in steps:
            if step.wait > 0:
                self._save()
                await self._clock.pause(step.wait * self._wait_factor)
            self._apply(step)
        self._save()

    def close(self, steps: Iterable[Step], status: str, info: InfoStatus, size: int) -> None:
        """Perform the last ``steps`` at once, and write the ending to state and workspace info.

        Where there is no workspace, or an operator removed it, only the log is written.
        """
        self._status = status
        self._has_workspace = self._has_workspace and self._stores.workspaces.exists(self.run.spec.id)
        for step in steps:
            self._apply(step)
        self._save()
        if self._has_workspace:
            self._stores.workspaces.save_info(self.run.info(self.snapshot, info, self.now(), size))

    def open(self) -> None:
        """Create the workspace and its info; the workspace of a dead run is replaced. Raises as ``create`` does."""
        self._stores.workspaces.create(self.run.spec.id, session_id=self.run.session_id, replace_live=True)
        self._has_workspace = True
        self._stores.workspaces.save_info(self.run.info(self.snapshot, "active", self.run.started, 0))

    def _apply(self, step: Step) -> None:
        now, spec = self.now(), self.run.spec
        if step.change is not None:
            self.snapshot = step.change(self.snapshot)
            self._unsaved = True
        if step.milestone is not None and self._has_workspace:
            title, percentage, details = step.milestone
            reached = Milestone(timestamp=now, milestone=title, percentage=percentage, details=details)
            self._stores.workspaces.update_progress(spec.id, reached, self.run.session_id)
        if step.line is not None:
            self._stores.logs.write_run(spec.type, self._log_name, self.run.entry(step.line, now))

    def _save(self) -> None:
        if self._unsaved and self._has_workspace:
            state = self.run.state(self.snapshot, self._status, self.now())
            self._stores.workspaces.update_state(self.run.spec.id, state)
            self._unsaved = False
