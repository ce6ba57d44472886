"""The files of a stock gateway that a fleet depends on, and the directories that contain them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from clawtui.files.store_kind import DATABASE, JOBS_FILE, TASKS_DATABASE
from clawtui.model.gateway.state import GatewayState
from clawtui.openclaw.database import JOURNAL, SHARED_MEMORY, WAL
from clawtui.openclaw.transcripts import agent_database, transcript_file
from clawtui.openclaw.wal_index import WalIndexes

_FILES = (JOBS_FILE, "cron/jobs-state.json", "cron/runs", "openclaw.json")

Version = tuple[int, int, int] | bytes | None
"""Inode, size and modification time of a file; the header of an index; None where it is missing.

The time of the last change of the inode is left out: for root, each reading of SQLite changes that of the ``-wal``.
"""
Versions = Mapping[str, Version]
"""The versions by the paths of the files."""


def version_of(path: str) -> Version:
    """Return the version of a file or directory; None where it is missing."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns)


class StoreVersions:
    """The versions of all files that a reading depends on, except the log. It is for one thread."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._indexes = WalIndexes()

    def current(self, state: GatewayState | None) -> Versions:
        """Return the current versions, where `state` is that of the last reading."""
        found = {path: version_of(path) for path in _files(self._root, state)}
        databases = list(_databases(self._root, state))
        for database in databases:
            for path in (database, f"{database}{JOURNAL}", f"{database}{WAL}"):
                found[path] = version_of(path)
            index = f"{database}{SHARED_MEMORY}"
            found[index] = self._indexes.header(index)
        self._indexes.keep_only([f"{database}{SHARED_MEMORY}" for database in databases])
        return found

    def close(self) -> None:
        """Close all files."""
        self._indexes.close()


def is_uncommitted(old: Versions, new: Versions) -> bool:
    """Return whether all that differs is what a writer adds to a write-ahead log before it commits."""
    if old.keys() != new.keys():
        return False
    differing = [path for path, version in new.items() if version != old[path]]
    return bool(differing) and all(path.endswith(WAL) and new.get(_index_of(path)) is not None for path in differing)


def _index_of(wal: str) -> str:
    return wal.removesuffix(WAL) + SHARED_MEMORY


def directories(root: Path, state: GatewayState | None) -> tuple[str, ...]:
    """Return the directories to watch, all of which exist."""
    found = {Path(path).parent for path in (*_files(root, state), *_databases(root, state))}
    if state is not None and state.log is not None:
        found.add(Path(state.log).parent)
    return tuple(sorted(str(path) for path in found if path.is_dir()))


def _files(root: Path, state: GatewayState | None) -> Iterator[str]:
    yield from (f"{root}/{name}" for name in _FILES)
    # A lock file that is created or removed changes the modification time of its directory.
    for place in (f"{root}/tmp", tempfile.gettempdir()):
        yield from (f"{place}/{name}" for name in _lock_directories(place))
    if state is None:
        return
    for lock in state.locks:
        yield str(root / lock.path)  # which is absolute for a lock outside
    for agent in _running_agents(state):
        yield f"{root}/agents/{agent}/sessions"
    yield from (f"{root}/{path}" for path in map(transcript_file, state.going) if path is not None)


def _databases(root: Path, state: GatewayState | None) -> Iterator[str]:
    yield f"{root}/{DATABASE}"
    yield f"{root}/{TASKS_DATABASE}"
    if state is not None:
        yield from (str(agent_database(root, agent)) for agent in _running_agents(state))


def _lock_directories(place: str) -> list[str]:
    try:
        with os.scandir(place) as entries:
            return sorted(entry.name for entry in entries if entry.name.startswith("openclaw-"))
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
