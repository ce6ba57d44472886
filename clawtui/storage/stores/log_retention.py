"""Remove logs that are older than the time for which they are kept (design: Log Retention; errata 7)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clawtui.files.fs.atomic import plain_errors
from clawtui.files.fs.reading import directory_at, list_directory
from clawtui.model.documents.base import EPOCH
from clawtui.model.liveness.evidence import SLACK
from clawtui.model.liveness.workspace_guard import unfinished
from clawtui.model.paths import LogName, parse_log_name, unrotated
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.dispatcher import ConcurrencyStore
from clawtui.storage.workspaces.manager import WorkspaceManager

_DAY = timedelta(days=1)


def possibly_active_runs(paths: StatePaths) -> Mapping[str, datetime]:
    """Return the automations whose run may be going, each with the earliest time at which that run may have begun.

    These are the automations with a lock or a slot, for any verdict on it, and those with a state that is not the end
    of a run; if such a state cannot be read, the run may have begun at any time. Raises Unreadable.
    """
    since: dict[str, datetime] = {}

    def add(automation_id: str, began: datetime) -> None:
        since[automation_id] = min(began, since.get(automation_id, began))

    for reading in RepositoryLockManager(paths).list_locks().values():
        if reading.value is not None:
            add(reading.value.automation_id, reading.value.acquired_at)
    slots = ConcurrencyStore(paths).load()
    for slot in slots.value.active_slots if slots is not None and slots.value is not None else ():
        add(slot.automation_id, slot.acquired_at)
    manager = WorkspaceManager(paths)
    for automation_id in manager.list_workspaces():
        workspace = manager.read(automation_id)
        if workspace.state is not None and workspace.state.value is None:
            add(automation_id, EPOCH)
        elif (state := unfinished(workspace)) is not None:
            add(automation_id, state.start_time or EPOCH)
    return since


def remove_logs(
    base: Path, relative_dir: str, cutoff: datetime, dry_run: bool, living: Mapping[str, datetime]
) -> Iterator[str]:
    """Remove the logs in one directory that were last written before ``cutoff``; yield the path of each.

    Only regular files whose name ends in ``.jsonl``, or did before they were rotated, are logs. The log of a run that
    may be alive, by ``living``, is kept at any age. Raises NoSuch, Refused, Unwritable.
    """
    with plain_errors(relative_dir), directory_at(base, relative_dir) as directory:
        for file, kind in list_directory(base, relative_dir):
            log = unrotated(file)
            if kind != "file" or log is None:
                continue
            name = parse_log_name(log)
            if (name is None or not _may_be_written(name, living)) and _is_before(cutoff, directory, file, name):
                if not dry_run:
                    with suppress(FileNotFoundError):
                        os.unlink(file, dir_fd=directory)
                yield f"{relative_dir}/{file}"


def _may_be_written(name: LogName, living: Mapping[str, datetime]) -> bool:
    """Return whether it is the log of a run that may be alive; the log of a day is that of all runs of that day."""
    if name.automation_id is None:
        return any(name.started + _DAY > began for began in living.values())
    began = living.get(name.automation_id)
    return began is not None and name.started >= began - SLACK


def _is_before(cutoff: datetime, directory: int, file: str, name: LogName | None) -> bool:
    """Return whether the log is older, by the later of its last write and the time in its name."""
    try:
        written = datetime.fromtimestamp(os.stat(file, dir_fd=directory, follow_symlinks=False).st_mtime, UTC)
    except (FileNotFoundError, OverflowError, ValueError):
        return False
    return max(written, name.started if name is not None else written) < cutoff
