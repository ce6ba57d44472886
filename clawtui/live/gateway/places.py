"""The files of a stock gateway that a fleet depends on, and the directories that contain them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from clawtui.files.store_kind import DATABASE, JOBS_FILE, TASKS_DATABASE
from clawtui.model.gateway.state import GatewayState

_STORE = (
    DATABASE,
    f"{DATABASE}-wal",
    JOBS_FILE,
    "cron/jobs-state.json",
    "cron/runs",
    TASKS_DATABASE,
    f"{TASKS_DATABASE}-wal",
    "openclaw.json",
)

Version = tuple[int, int, int] | None
"""Inode, size and modification time of a file; None where it is missing."""


def version_of(path: Path) -> Version:
    """Return the version of a file or directory."""
    try:
        status = path.lstat()
    except (OSError, ValueError):
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns)


def versions(root: Path, state: GatewayState | None) -> tuple[Version, ...]:
    """Return the versions of all files that a reading depends on, except the log."""
    return tuple(version_of(path) for path in _files(root, state))


def directories(root: Path, state: GatewayState | None) -> tuple[str, ...]:
    """Return the directories to watch, all of which exist."""
    found = {path.parent for path in _files(root, state)}
    if state is not None and state.log is not None:
        found.add(Path(state.log).parent)
    return tuple(sorted(str(path) for path in found if path.is_dir()))


def _files(root: Path, state: GatewayState | None) -> Iterator[Path]:
    for name in _STORE:
        yield root / name
    # A lock file that is created or removed changes the modification time of its directory.
    for place in (root / "tmp", Path(tempfile.gettempdir())):
        yield from (place / name for name in _lock_directories(place))
    if state is None:
        return
    for lock in state.locks:
        yield root / lock.path
    for agent in _running_agents(state):
        yield root / "agents" / agent / "agent" / "openclaw-agent.sqlite-wal"
        yield root / "agents" / agent / "sessions"


def _lock_directories(place: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in place.iterdir() if entry.name.startswith("openclaw-"))
    except OSError:
        return []


def _running_agents(state: GatewayState) -> list[str]:
    """Return the agents of the runs in progress, whose transcripts are being written."""
    found = set()
    for run in state.going:
        job = state.jobs.get(run.job_id)
        parts = (run.session_key or "").split(":")
        name = parts[1] if len(parts) > 2 else (job.agent_id if job is not None else None) or "main"
        if name and "/" not in name and "\0" not in name and name not in (".", ".."):
            found.add(name)
    return sorted(found)
