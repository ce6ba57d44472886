"""The files and directories below ``automations/`` that the gateway and clawtui write.

All others belong to other programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from clawtui.model.documents.lock import LOCK_SUFFIX
from clawtui.model.paths import INFO_NAME, LOG_SUFFIX, PROGRESS_NAME, STATE_NAME
from clawtui.storage.paths import ARTIFACTS, CONFIG, LOCKS, LOGS, WORKSPACES
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
    return _TEMP.sub("", name)


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
