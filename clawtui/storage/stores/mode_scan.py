"""One walk over the files of the gateway and clawtui, for wrong modes and files of killed writers (errata 16)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from clawtui.files.fs.directories import DIRECTORY_MODE, FILE_MODE, is_shared, stands_for_directory
from clawtui.files.fs.reading import directory_at, enter, stamp_of
from clawtui.files.fs.swap import capturing_pid
from clawtui.files.fs.temp_files import is_temp_name
from clawtui.model.errors import ClawtuiError
from clawtui.model.findings.context import WrongMode
from clawtui.storage.paths import ARTIFACTS, CONFIG, LOCKS, LOGS, WORKSPACES
from clawtui.storage.stores.gateway_files import DOCUMENTS, is_gateway_directory, is_gateway_file, workspaces_among

MOST_LOGS = 500
"""The most logs of one type that are examined by default; there may be a hundred thousand."""

_DEPTHS = {CONFIG: 1, WORKSPACES: 1, LOGS: 1, ARTIFACTS: 1, LOCKS: 8}
"""The levels below each section with files of our own; deeper ones, such as those of a clone, belong to a run."""


_NAMED = frozenset({CONFIG, WORKSPACES, LOGS, ARTIFACTS})
"""Sections in which there should be only directories, and notes."""


class ModeScan(NamedTuple):
    """The result of one walk."""

    wrong_modes: tuple[WrongMode, ...]
    leftovers: tuple[str, ...]
    """Temp files that have not been written to for a long time."""
    captured: Mapping[str, int] = {}
    """By path: the pid of the process of clawtui that captured this save of another program, and may be dead."""


class _Seen(NamedTuple):
    path: str
    status: os.stat_result
    was_entered: bool = True


def scan_modes(base: Path, older_than: datetime, most_logs: int | None = MOST_LOGS) -> ModeScan:
    """Examine all files and directories of the gateway below ``base``, except clones; ``most_logs`` logs of each type.

    Temp files count as left behind if they were last written before ``older_than``. Files that cannot be accessed, and
    files in the place of a directory, are left out, because reading the state directory reports them. Links are not
    followed. If ``base`` or its parent is group-writable and setgid, a group shares the files, and no mode is wrong.
    """
    wrong = []
    leftovers = []
    captured: dict[str, int] = {}
    shared, oldest = _is_shared(base), older_than.timestamp()
    for path, status, _ in _ours(tuple(_walk(base, most_logs))):
        expected_mode = DIRECTORY_MODE if stat.S_ISDIR(status.st_mode) else FILE_MODE
        is_temp = is_temp_name(path.rpartition("/")[2])
        if is_temp and (pid := capturing_pid(path, stamp_of(status))) is not None:
            captured[path] = pid
        elif is_temp and status.st_mtime < oldest:
            leftovers.append(path)
        elif not is_temp and status.st_mode & 0o777 != expected_mode and not shared:
            wrong.append(WrongMode(path, status.st_mode & 0o777, expected_mode))
    return ModeScan(tuple(sorted(wrong)), tuple(sorted(leftovers)), captured)


def _ours(seen: Sequence[_Seen]) -> Iterator[_Seen]:
    """Yield the files and directories that the gateway and clawtui write, without those of other programs."""
    workspaces = workspaces_among(each.path for each in seen)
    for each in seen:
        if stat.S_ISDIR(each.status.st_mode):
            if is_gateway_directory(each.path, workspaces, was_entered=each.was_entered):
                yield each
        elif is_gateway_file(each.path, workspaces):
            yield each


def is_exposed(base: Path) -> bool:
    """Return whether other accounts can reach the files below ``base``, judged by modes."""
    try:
        place = base.resolve()
        return all(above.stat().st_mode & 0o011 for above in (place, *place.parents))
    except OSError:
        return True


def _is_shared(base: Path) -> bool:
    try:
        place = base.resolve()
        return is_shared(place.stat()) or is_shared(place.parent.stat())
    except OSError:
        return False


def _walk(base: Path, most_logs: int | None) -> Iterator[_Seen]:
    try:
        with directory_at(base) as directory:
            yield _Seen("", os.fstat(directory))
            for section, depth in _DEPTHS.items():
                yield from _look_into(directory, section, section, depth, most_logs if section == LOGS else None)
    except (OSError, ClawtuiError):
        return


def _look_into(parent: int, path: str, name: str, depth: int, most: int | None) -> Iterator[_Seen]:
    """Yield the directory itself, files in it, and the directories in it down to ``depth`` levels.

    The files are documents of workspaces, temp files, and those that do not have the mode of a file.
    """
    try:
        directory = enter(parent, name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (OSError, ClawtuiError):
        yield from _look_at(parent, path, name)
        return
    try:
        yield _Seen(path, os.fstat(directory))
        below = []
        for entry, status in _entries(directory, most):
            if stat.S_ISREG(status.st_mode):
                if path in _NAMED and stands_for_directory(entry, is_regular=True):
                    continue
                if status.st_mode & 0o777 != FILE_MODE or entry.endswith(".tmp") or entry in DOCUMENTS:
                    yield _Seen(f"{path}/{entry}", status)  # nothing is found about any other file
            elif stat.S_ISDIR(status.st_mode) and depth:
                below.append(entry)
        for entry in below:
            yield from _look_into(directory, f"{path}/{entry}", entry, depth - 1, most)
    finally:
        os.close(directory)


def _look_at(parent: int, path: str, name: str) -> Iterator[_Seen]:
    """Yield a directory that may not be entered: its mode may be wrong."""
    try:
        status = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except OSError:
        return
    if stat.S_ISDIR(status.st_mode):
        yield _Seen(path, status, was_entered=False)


def _entries(directory: int, most: int | None) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the entries of a directory, links as links; of more than ``most`` files the last by name (newest logs)."""
    try:
        with os.scandir(directory) as scan:
            entries = list(scan)
            if most is not None and len(entries) > most:
                entries = sorted(entries, key=lambda entry: entry.name)[-most:]
            for entry in entries:
                yield entry.name, entry.stat(follow_symlinks=False)
    except OSError:  # gone by now, or not to be read
        return
