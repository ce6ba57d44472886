"""Locks that were set aside: listed, restored and swept. Their names are those of ``aside_names``."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from clawtui.files.fs.atomic import plain_errors
from clawtui.files.fs.reading import Entry, directory_at, list_directory, read_bytes
from clawtui.files.fs.renameat2 import is_same_file, link_back
from clawtui.model.errors import ClawtuiError, NoSuch
from clawtui.storage.locks.aside_names import (
    RELEASED,
    UNVERIFIED,
    hashed_name,
    is_hashed_name,
    is_note_name,
    note_name,
    parse_aside_name,
    unverified_name,
)
from clawtui.storage.locks.lock_file import HeldLock
from clawtui.storage.paths import LOCKS

KEPT = timedelta(days=1)
"""How long a released lock can be restored."""


class ReleasedLock(Struct, frozen=True):
    """A lock that was set aside, and still exists."""

    path: str
    """Its name now, relative to ``automations/``, or to the state directory of a stock gateway."""
    lock: str
    """The name that it had: ``locks/….lock``."""
    at: datetime
    """When it was moved, to the second."""
    pid: int
    """The process that moved it."""
    token: str
    """Eight hex digits, different for each act: the ``id`` of its record in the audit."""
    released: bool
    """Whether it was verified; if not, the process that moved it is still at work or was killed."""


def named_aside(lock: str, at: datetime, token: str) -> ReleasedLock:
    """Return the place of the lock at ``lock`` for the time in which this process verifies it."""
    second = at.astimezone(UTC).replace(microsecond=0)
    name = unverified_name(_name_of(lock), second, token)
    return ReleasedLock(f"{_directory_of(lock)}/{name}", lock, second, os.getpid(), token, released=False)


def set_lock_aside(held: HeldLock, aside: ReleasedLock, *, final: bool = False) -> ReleasedLock:
    """Set aside the held lock, and no other; return it with its final name.

    Raises NoWayBack if that could not be undone, unless ``final``; Changed, Overlap, Refused and Unwritable as
    ``HeldLock.set_aside`` does.
    """
    released = replace(aside, path=f"{aside.path.removesuffix(UNVERIFIED)}{RELEASED}", released=True)
    held.set_aside(_name_of(aside.path), final=final)
    held.rename_aside(_name_of(aside.path), _name_of(released.path))
    return released


def list_set_aside(base: Path, directories: Sequence[str] = (LOCKS,)) -> tuple[ReleasedLock, ...]:
    """Return all locks that are set aside below ``directories``, oldest first.

    A directory that cannot be read is left out.
    """
    found = (
        aside
        for directory, entry in _entries(base, directories, _may_be_aside)
        if (aside := _parse(base, directory, entry)) is not None
    )
    return tuple(sorted(found, key=lambda aside: (aside.at, aside.path)))


def has_its_name(base: Path, aside: ReleasedLock) -> bool:
    """Return whether it is a second name of the file with the lock's name, as after a crash while linking."""
    try:
        with directory_at(base, _directory_of(aside.path)) as directory:
            return is_same_file(directory, _name_of(aside.path), _name_of(aside.lock))
    except (FileNotFoundError, ClawtuiError):
        return False


def put_back(base: Path, aside: ReleasedLock) -> None:
    """Give it the lock's name back. Raises FileExistsError if that is taken, NoSuch, Refused, Unwritable."""
    with plain_errors(aside.lock), directory_at(base, _directory_of(aside.path)) as directory:
        link_back(directory, _name_of(aside.path), _name_of(aside.lock))
        _remove_note(directory, aside)


def sweep_set_aside(
    base: Path,
    older_than: datetime,
    directories: Sequence[str] = (LOCKS,),
    *,
    unfinished: bool = False,
    dry_run: bool = False,
) -> tuple[str, ...]:
    """Remove locks that were set aside before ``older_than``, and second names of locks; return their paths.

    Locks that a killed process left unverified are removed only with ``unfinished``. With ``dry_run`` nothing is
    removed.
    Raises Refused, Unwritable.
    """
    swept = []
    for aside in list_set_aside(base, directories):
        old = aside.at < older_than and (aside.released or unfinished)
        if old or has_its_name(base, aside):
            if not dry_run:
                _remove(base, aside)
            swept.append(aside.path)
    if not dry_run:
        _sweep_notes(base, older_than, directories)
    return tuple(swept)


def _remove(base: Path, aside: ReleasedLock) -> None:
    try:
        with plain_errors(aside.path), directory_at(base, _directory_of(aside.path)) as directory:
            name = _name_of(aside.path)
            mode = os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode
            (os.rmdir if stat.S_ISDIR(mode) else os.unlink)(name, dir_fd=directory)
            _remove_note(directory, aside)
    except NoSuch:
        return


def _remove_note(directory: int, aside: ReleasedLock) -> None:
    with suppress(OSError):  # mostly there is none; a note without a lock is swept
        os.unlink(note_name(_name_of(aside.path)), dir_fd=directory)


def _sweep_notes(base: Path, older_than: datetime, directories: Sequence[str]) -> None:
    """Remove notes whose lock no longer exists."""
    there = [(place, entry.name) for place, entry in _entries(base, directories)]
    beside = {f"{place}/{name}" for place, name in there}
    for place, name in there:
        stem = f"{place}/{name.removesuffix('.name')}"
        if not is_note_name(name) or {f"{stem}{UNVERIFIED}", f"{stem}{RELEASED}"} & beside:
            continue
        with suppress(NoSuch), plain_errors(stem), directory_at(base, place) as directory:
            if os.stat(name, dir_fd=directory, follow_symlinks=False).st_mtime < older_than.timestamp():
                os.unlink(name, dir_fd=directory)


def _entries(
    base: Path, directories: Sequence[str], accepts: Callable[[os.DirEntry[str]], bool] = bool
) -> Iterator[tuple[str, Entry]]:
    waiting = list(directories)
    while waiting:
        directory = waiting.pop()
        try:
            entries = list_directory(base, directory, accepts)
        except (FileNotFoundError, ClawtuiError):  # the list of locks has the problem
            continue
        for entry in entries:
            yield directory, entry
            if entry.kind == "directory":
                waiting.append(f"{directory}/{entry.name}")


def _may_be_aside(entry: os.DirEntry[str]) -> bool:
    """Return whether it may be set aside, or a directory: beside them there may be hundreds of locks."""
    return entry.name.endswith((UNVERIFIED, RELEASED)) or entry.is_dir(follow_symlinks=False)


def _parse(base: Path, directory: str, entry: Entry) -> ReleasedLock | None:
    parsed = parse_aside_name(entry.name)
    if parsed is None:
        return None
    at = parsed.at or _moved_at(base, directory, entry.name)
    if at is None:
        return None
    lock = f"{directory}/{_noted_name(base, directory, entry.name, parsed.lock)}"
    return ReleasedLock(f"{directory}/{entry.name}", lock, at, parsed.pid, parsed.token, parsed.released)


def _noted_name(base: Path, directory: str, aside: str, lock: str) -> str:
    """Return the lock's name: from its note if ``lock`` is only a hash, else ``lock``."""
    if not is_hashed_name(lock):
        return lock
    try:
        noted = os.fsdecode(read_bytes(base, f"{directory}/{note_name(aside)}", 4096)[0])
    except (FileNotFoundError, ClawtuiError):
        return lock
    return noted if hashed_name(noted) == lock else lock


def _moved_at(base: Path, directory: str, name: str) -> datetime | None:
    """Return when its name last changed, by the file system; None if it no longer exists."""
    try:
        with directory_at(base, directory) as descriptor:
            status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
    except (OSError, ClawtuiError):
        return None
    return datetime.fromtimestamp(status.st_ctime, UTC)


def _name_of(path: str) -> str:
    return path.rpartition("/")[2]


def _directory_of(path: str) -> str:
    return path.rpartition("/")[0]
