"""Plays a run's beats onto disk, as they happen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from clawtui.demo.gateway.stores import DemoClock, GatewayStores
from clawtui.demo.runs.run_state import Beat, InfoStatus, RunOf, RunSnapshot
from clawtui.model.documents.workspace import Milestone
from clawtui.model.paths import run_log_name


class RunWriter:
    """The log, the state and the timeline of one run."""

    def __init__(self, desk: GatewayStores, run: RunOf, pace: DemoClock, stretch: float) -> None:
        """Every wait takes ``stretch`` times as long as the beats say."""
        self.run = run
        self.picture = RunSnapshot()
        self._desk = desk
        self._pace = pace
        self._stretch = stretch
        self._log_name = run_log_name(run.role.id, run.started)
        self._status = "running"
        self._unsaved = False
        self._has_workspace = False

    def now(self) -> datetime:
        """The instant that the next line would bear."""
        return self._pace.now()

    def took(self) -> timedelta:
        """How long the run has been going."""
        return self.now() - self.run.started

    async def play(self, beats: Iterable[Beat]) -> None:
        """Waits, says, reaches and changes what ``beats`` tell."""
        for beat in beats:
            if beat.wait > 0:
                self._save()
                await self._pace.pause(beat.wait * self._stretch)
            self._take(beat)
        self._save()

    def close(self, beats: Iterable[Beat], status: str, info: InfoStatus, size: int) -> None:
        """Takes the last ``beats`` at once, and says in state and workspace info how the run ended.

        Where there is no workspace, or none any more because an operator cleaned it, the log alone tells.
        """
        self._status = status
        self._has_workspace = self._has_workspace and self._desk.workspaces.exists(self.run.role.id)
        for beat in beats:
            self._take(beat)
        self._save()
        if self._has_workspace:
            self._desk.workspaces.save_info(self.run.info(self.picture, info, self.now(), size))

    def open(self) -> None:
        """Makes the workspace and says whose it is; one of a dead run is replaced. Raises as ``create`` does."""
        self._desk.workspaces.create(self.run.role.id, session_id=self.run.session_id, replace_live=True)
        self._has_workspace = True
        self._desk.workspaces.save_info(self.run.info(self.picture, "active", self.run.started, 0))

    def _take(self, beat: Beat) -> None:
        now, role = self.now(), self.run.role
        if beat.change is not None:
            self.picture = beat.change(self.picture)
            self._unsaved = True
        if beat.milestone is not None and self._has_workspace:
            title, percentage, details = beat.milestone
            reached = Milestone(timestamp=now, milestone=title, percentage=percentage, details=details)
            self._desk.workspaces.update_progress(role.id, reached, self.run.session_id)
        if beat.line is not None:
            self._desk.logs.write_run(role.type, self._log_name, self.run.entry(beat.line, now))

    def _save(self) -> None:
        if self._unsaved and self._has_workspace:
            state = self.run.state(self.picture, self._status, self.now())
            self._desk.workspaces.update_state(self.run.role.id, state)
            self._unsaved = False
