"""The classification of paths below `automations/`, without reading the disk."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from clawtui.model.paths import INFO_NAME, LOCK_SUFFIX, PROGRESS_NAME, STATE_NAME, parse_log_name
from clawtui.storage.paths import CONCURRENCY_FILE, CONFIG, DISPATCHER_FILE, LOCKS, LOGS, WORKSPACES

MAX_LOCK_DEPTH = 8
"""Levels of directories below `locks/` that are listed: a host, and nested groups (errata 3)."""


class Kind(IntEnum):
    """The kinds of files and directories below `automations/`, in the order in which they are read."""

    ROOT = 0
    SECTION = 1
    TYPE_FOLDER = 2
    WORKSPACE = 3
    LOCK_FOLDER = 4
    DISPATCHER = 5
    CONCURRENCY = 6
    STATE = 7
    LOCK = 8
    AUTOMATION = 9
    PROGRESS = 10
    INFO = 11
    LOG_FOLDER = 12
    LOG = 13


_DIRECTORIES = frozenset(
    {Kind.ROOT, Kind.SECTION, Kind.TYPE_FOLDER, Kind.WORKSPACE, Kind.LOCK_FOLDER, Kind.LOG_FOLDER},
)


class Resource(NamedTuple):
    """The classification of a path, whether or not it exists. Resources sort in the order in which they are read."""

    kind: Kind
    path: str
    """Relative to `automations/`, which itself is the empty path."""
    group: str = ""
    """The automation's or the log's type, or the workspace's id."""
    name: str = ""
    """The automation's id, or the log's file name."""

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory that is watched, and listed when it changes."""
        return self.kind in _DIRECTORIES


ROOT = Resource(Kind.ROOT, "")

_SECTIONS = frozenset({CONFIG, WORKSPACES, LOCKS, LOGS})
_DOCUMENTS = {DISPATCHER_FILE: Kind.DISPATCHER, CONCURRENCY_FILE: Kind.CONCURRENCY}
_WORKSPACE_DOCUMENTS = {STATE_NAME: Kind.STATE, PROGRESS_NAME: Kind.PROGRESS, INFO_NAME: Kind.INFO}
_CONFIG_SUFFIX = ".json"


def route(path: str) -> Resource | None:
    """Return the resource at `path`, relative to `automations/`; None where clawtui does not read it.

    Temporary and hidden files, clones and artifacts are not read. A path that may be a directory counts as one,
    because the disk is not read.
    """
    if not path:
        return ROOT
    section, *steps = path.split("/")
    if section not in _SECTIONS or not all(map(_is_ours, steps)):
        return None
    if not steps:
        return Resource(Kind.SECTION, path)
    if section == CONFIG:
        return _in_config(path, steps)
    if section == WORKSPACES:
        return _in_workspaces(path, steps)
    return _in_locks(path, steps) if section == LOCKS else _in_logs(path, steps)


def join(directory: str, name: str) -> str:
    """Return the path of `name` in `directory`."""
    return f"{directory}/{name}" if directory else name


def parent(path: str) -> str:
    """Return the path of the directory that contains `path`."""
    return path.rpartition("/")[0]


def _is_ours(name: str) -> bool:
    return bool(name) and not name.startswith(".") and not name.endswith(".tmp")


def _in_config(path: str, steps: list[str]) -> Resource | None:
    match steps:
        case [name]:
            return Resource(_DOCUMENTS[path], path) if path in _DOCUMENTS else Resource(Kind.TYPE_FOLDER, path, name)
        case [type, file] if file.endswith(_CONFIG_SUFFIX):
            return Resource(Kind.AUTOMATION, path, type, file.removesuffix(_CONFIG_SUFFIX))
    return None


def _in_workspaces(path: str, steps: list[str]) -> Resource | None:
    match steps:
        case [id]:
            return Resource(Kind.WORKSPACE, path, id)
        case [id, file] if file in _WORKSPACE_DOCUMENTS:
            return Resource(_WORKSPACE_DOCUMENTS[file], path, id)
    return None


def _in_locks(path: str, steps: list[str]) -> Resource | None:
    *folders, name = steps
    if len(folders) > MAX_LOCK_DEPTH or any(folder.endswith(LOCK_SUFFIX) for folder in folders):
        return None
    if name.endswith(LOCK_SUFFIX):
        return Resource(Kind.LOCK, path)
    from clawtui.storage.locks.aside_names import parse_aside_name

    # A lock that is released, or being released. A link or a directory of this name is no lock either.
    if parse_aside_name(name) is not None:
        return None
    return Resource(Kind.LOCK_FOLDER, path) if len(folders) < MAX_LOCK_DEPTH else None


def _in_logs(path: str, steps: list[str]) -> Resource | None:
    match steps:
        case [type]:
            return Resource(Kind.LOG_FOLDER, path, type)
        case [type, file] if parse_log_name(file):
            return Resource(Kind.LOG, path, type, file)
    return None
