"""Gathering what a verdict rests on: the fleet for what is on disk, psutil for processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from clawtui.model.concurrency import Slot
from clawtui.model.evidence import QUIET_AFTER, SLACK, Facts, Host, Sign
from clawtui.model.fleet import Fleet, Reading, Workspace
from clawtui.model.lock import RepositoryLock
from clawtui.model.workspace import PROGRESS_NAME, STATE_NAME
from clawtui.operations.processes import ThisHost
from clawtui.storage.capture import look_at
from clawtui.storage.errors import StorageError
from clawtui.storage.paths import LOGS, StatePaths


def gather(
    reading: Reading[RepositoryLock],
    fleet: Fleet,
    this_host: ThisHost,
    now: datetime,
    quiet_after: timedelta = QUIET_AFTER,
) -> Facts:
    """All that can be known here and now about one lock and its holder."""
    lock = reading.value
    workspace = fleet.workspaces.get(lock.automation_id) if lock else None
    return Facts(
        lock=reading,
        host=_host(this_host, lock),
        workspace=workspace,
        slot=_slot(fleet, lock) if lock else None,
        slots_known=fleet.concurrency is None or fleet.concurrency.value is not None,
        signs=tuple(signs_of(lock, fleet, workspace)) if lock else (),
        now=now,
        timeout=fleet.lock_timeout,
        quiet_after=quiet_after,
    )


def _host(this_host: ThisHost, lock: RepositoryLock | None) -> Host:
    """A pid of another host is not looked for."""
    if lock is None or lock.hostname != this_host.name:
        return Host(this_host.name)
    return this_host.look_for(lock.pid, lock.acquired_at)


def _slot(fleet: Fleet, lock: RepositoryLock) -> Slot | None:
    return next((slot for slot in fleet.slots if slot.session_id == lock.session_id), None)


class Held(Protocol):
    """What a session has since an instant: a lock, or a slot."""

    @property
    def automation_id(self) -> str:
        """Whose session it is."""

    @property
    def session_id(self) -> str:
        """The session."""

    @property
    def acquired_at(self) -> datetime:
        """Since when it has it."""


def signs_of(held: Held, fleet: Fleet, workspace: Workspace | None) -> Iterator[Sign]:
    """Signs of life of the session that holds it; those that name no session may be of it."""
    state = workspace.state.value if workspace and workspace.state else None
    if state is not None and state.session_id == held.session_id and state.last_update is not None:
        yield Sign(STATE_NAME, state.last_update)
    progress = workspace.progress.value if workspace and workspace.progress else None
    if progress is not None and progress.session_id in (None, held.session_id):
        reached = [milestone.timestamp for milestone in progress.timeline[-1:]]
        written = [progress.last_update] if progress.last_update else []
        if times := [*reached, *written]:
            yield Sign(PROGRESS_NAME, max(times))
    others = state.start_time if state is not None and state.session_id != held.session_id else None
    log = _run_log(fleet, held, others)
    if log is not None and (written_at := _written_at(fleet, log)) is not None:
        yield Sign(log.rpartition("/")[2], written_at)


def _run_log(fleet: Fleet, held: Held, others: datetime | None) -> str | None:
    """The path of the first log of the automation that began since it was taken.

    What began with the ``others``' session is theirs. The log of a day, which the automations of a type share, tells
    nothing about one of them.
    """
    own = (
        (name.started, f"{LOGS}/{type_}/{name.file}")
        for type_, by_id in fleet.logs.items()
        for name in by_id.get(held.automation_id, ())
        if name.started >= held.acquired_at - SLACK and (others is None or name.started < others - SLACK)
    )
    return min(own, default=(None, None))[1]


def _written_at(fleet: Fleet, log: str) -> datetime | None:
    try:
        stamp = look_at(StatePaths(Path(fleet.root)).automations, log)
    except StorageError:  # the log pane tells of a log that cannot be reached; here it is no sign of life
        return None
    return None if stamp is None else datetime.fromtimestamp(stamp.mtime_ns / 1e9, UTC)
