"""The files and directories below ``automations/`` that the gateway and clawtui write, and their leftover temp files.

All others belong to other programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from clawtui.files.fs.atomic import is_read_only_disk, sweep_temp_files
from clawtui.files.fs.reading import list_directory
from clawtui.model.errors import ClawtuiError
from clawtui.model.paths import INFO_NAME, LOCK_SUFFIX, LOG_SUFFIX, PROGRESS_NAME, STATE_NAME
from clawtui.storage.paths import ARTIFACTS, CONFIG, LOCKS, LOGS, WORKSPACES, StatePaths
from clawtui.storage.workspaces.removal import is_aside_name

DOCUMENTS = frozenset({INFO_NAME, STATE_NAME, PROGRESS_NAME})
"""The files of a workspace that clawtui and the gateway write, apart from the clone."""

_TEMP = re.compile(r"\.\d+\.\d+\.tmp$", re.ASCII)
_ID = re.compile(r"[a-z0-9-]+", re.ASCII)


def workspaces_among(paths: Iterable[str]) -> frozenset[str]:
    """Return the directories ``workspaces/<id>`` that contain a document or a temp file of one."""
    found = (path.rpartition("/") for path in paths if path.startswith(f"{WORKSPACES}/"))
    return frozenset(directory for directory, _, name in found if without_temp_suffix(name) in DOCUMENTS)


def without_temp_suffix(name: str) -> str:
    """Return the name that a temp file was meant to get; any other name unchanged."""
    return _TEMP.sub("", name) if name.endswith(".tmp") else name


def is_gateway_directory(path: str, workspaces: frozenset[str], *, was_entered: bool) -> bool:
    """Return whether a directory is one that the gateway or clawtui makes, judged by names.

    In ``workspaces/`` these are the directories in the argument ``workspaces``, those of interrupted removals, and
    those that could not be entered and whose name is a valid id of an automation.
    """
    section, _, rest = path.partition("/")
    if section != WORKSPACES or not rest:
        return True
    return path in workspaces or is_aside_name(rest) or (not was_entered and _ID.fullmatch(rest) is not None)


def is_gateway_file(path: str, workspaces: frozenset[str]) -> bool:
    """Return whether a file is one that the gateway or clawtui writes, judged by its directory and name."""
    section, _, rest = path.partition("/")
    directory, _, name = path.rpartition("/")
    name = without_temp_suffix(name)
    if section == CONFIG:
        return ".json" in name
    if section == WORKSPACES:
        return directory in workspaces and name in DOCUMENTS
    if section == LOGS:
        return name.endswith(LOG_SUFFIX)
    if section == LOCKS:
        return LOCK_SUFFIX in name
    return section == ARTIFACTS and "/" in rest


_DEPTHS = {CONFIG: 1, WORKSPACES: 1, ARTIFACTS: 1, LOCKS: 8}
"""The levels below each section in which documents are written; deeper temp files, as in a clone, are not ours."""


def sweep_leftovers(
    paths: StatePaths, older_than: datetime, *, dry_run: bool = False, unread: list[ClawtuiError] | None = None
) -> tuple[str, ...]:
    """Remove every temp file that was last written before ``older_than``; return their paths, sorted.

    With ``dry_run`` nothing is removed. Links are not followed. The reason why a directory cannot be swept is appended
    to ``unread``; without it Refused, Unreadable and Unwritable are raised.
    """
    base = paths.automations
    found: list[str] = []
    for section, depth in _DEPTHS.items():
        for directory in _at_most(base, section, depth, unread):
            try:
                if not _is_foreign(base, directory):
                    found += sweep_temp_files(base, directory, older_than, dry_run=dry_run)
            except ClawtuiError as error:
                if unread is None or is_read_only_disk(error):
                    raise
                unread.append(error)
    return tuple(sorted(found))


def _is_foreign(base: Path, directory: str) -> bool:
    """Return whether the directory is in a workspace's place and contains no document of one."""
    if not directory.startswith(f"{WORKSPACES}/"):
        return False
    paths = [f"{directory}/{entry.name}" for entry in list_directory(base, directory)]
    return not is_gateway_directory(directory, workspaces_among(paths), was_entered=True)


def _at_most(base: Path, directory: str, depth: int, unread: list[ClawtuiError] | None) -> Iterator[str]:
    """Yield the directory, and those in it down to ``depth`` levels; append to ``unread`` why one cannot be listed."""
    try:
        entries = list_directory(base, directory)
    except FileNotFoundError:
        return
    except ClawtuiError as error:
        if unread is None:
            raise
        unread.append(error)
        return
    yield directory
    if depth:
        for entry in entries:
            if entry.kind == "directory":
                yield from _at_most(base, f"{directory}/{entry.name}", depth - 1, unread)
