"""Signs of life of a session: writes that name the session, or that only this session can have made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from clawtui.model.fleet import Fleet, Workspace
from clawtui.model.liveness.evidence import SLACK, SignOfLife
from clawtui.model.paths import DISPATCHER_LOGS, INFO_NAME, PROGRESS_NAME, STATE_NAME
from clawtui.storage.paths import LOGS, StatePaths
from clawtui.storage.stores.log_sessions import LogSessions, read_log_sessions

MOST_LOGS = 3
"""How many of the newest logs of an automation, and of the newest days of a type, are read."""


class Held(Protocol):
    """A lock, a slot or a workspace that a session has held since an instant."""

    @property
    def automation_id(self) -> str:
        """The automation that the session runs."""

    @property
    def session_id(self) -> str:
        """The session id."""

    @property
    def acquired_at(self) -> datetime:
        """When the session acquired it."""


def signs_of(held: Held, fleet: Fleet, workspace: Workspace | None, base: Path | None = None) -> Iterator[SignOfLife]:
    """Yield the signs of life of the session that holds ``held``. A file's modification time alone is not one.

    Documents and log entries that name the session count; those that name no session count where no other session can
    have written them. ``base`` is ``automations/``, if the caller has looked it up.
    """
    yield from _documents(held, workspace)
    base = base or StatePaths(Path(fleet.root)).automations
    yield from _logs(held, fleet, base, _start_of_other(held, workspace))


def _documents(held: Held, workspace: Workspace | None) -> Iterator[SignOfLife]:
    info = workspace.info.value if workspace and workspace.info else None
    if info is not None and info.last_updated is not None and _may_be_of(held, info.session_id):
        yield SignOfLife(INFO_NAME, info.last_updated)
    state = workspace.state.value if workspace and workspace.state else None
    if state is not None and _may_be_of(held, state.session_id) and state.last_update is not None:
        yield SignOfLife(STATE_NAME, state.last_update)
    progress = workspace.progress.value if workspace and workspace.progress else None
    if progress is None or (progress.session_id is not None and not _may_be_of(held, progress.session_id)):
        return
    others = _start_of_other(held, workspace) if progress.session_id is None else None
    reached = [milestone.timestamp for milestone in progress.timeline[-1:]]
    written = [progress.last_update] if progress.last_update else []
    times = [at for at in (*reached, *written) if others is None or at < others]
    if times:
        yield SignOfLife(PROGRESS_NAME, max(times))


def _start_of_other(held: Held, workspace: Workspace | None) -> datetime | None:
    """Return the time since which another session has had the workspace, by ``state.json``; None where none has it."""
    state = workspace.state.value if workspace and workspace.state else None
    return state.start_time if state is not None and not _may_be_of(held, state.session_id) else None


def _may_be_of(held: Held, session_id: str | None) -> bool:
    """Return whether a document of ``session_id`` may be of the session; where one of them names none, it may be."""
    return session_id is None or held.session_id in ("", session_id)


def _logs(held: Held, fleet: Fleet, base: Path, others: datetime | None) -> Iterator[SignOfLife]:
    for type_, by_id in fleet.logs.items():
        if type_ == DISPATCHER_LOGS:
            continue
        for name in (*by_id.get(held.automation_id, ())[-MOST_LOGS:], *by_id.get(None, ())[-MOST_LOGS:]):
            is_of_day = name.automation_id is None
            if is_of_day and name.started.date() < held.acquired_at.date():
                continue
            began_since = name.started >= held.acquired_at - SLACK and (others is None or name.started < others - SLACK)
            wrote = read_log_sessions(base, f"{LOGS}/{type_}/{name.file}")
            times = _times(held, wrote, is_of_day=is_of_day, began_since=began_since)
            if times:
                yield SignOfLife(name.file, max(times))


def _times(held: Held, wrote: LogSessions, *, is_of_day: bool, began_since: bool) -> list[datetime]:
    """Return when the session wrote to a log.

    Entries without a session belong to the session that opened a run's own log. Where no line of a run's own log has a
    time, the modification time of the file counts, because only that run writes to it.
    """
    opened_by = wrote.opened_by
    unnamed = not is_of_day and (began_since if opened_by is None else _may_be_of(held, opened_by))
    if wrote.untimed is not None and unnamed:
        return [wrote.untimed]
    return [
        at
        for (automation_id, session_id), at in wrote.last.items()
        if automation_id == held.automation_id and (unnamed if session_id is None else _may_be_of(held, session_id))
    ]
