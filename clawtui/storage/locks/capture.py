"""Snapshots of one lock, with a fingerprint of exactly that version (contract: the release, step 1)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from clawtui.files.fs.reading import directory_at, read_bytes, reason_of, stamp_of, steps_of
from clawtui.files.json5.document import parse_document
from clawtui.model.documents.base import Problem, Stamp
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import ClawtuiError, Unreadable
from clawtui.model.fleet import Reading
from clawtui.storage.locks.lock_file import MAX_LOCK, fingerprint_of
from clawtui.storage.paths import LOCKS


class LockSnapshot(NamedTuple):
    """The file with a lock's name, at one instant."""

    reading: Reading[RepositoryLock]
    fingerprint: str | None
    """A text that differs if device, inode, size, mtime or content differ; it is only used for comparison.

    None if the file's status cannot be read.
    """


def capture(base: Path, relative: str) -> LockSnapshot | None:
    """Return the file at ``relative``, readable or not; None if there is none. Raises Refused like ``read_bytes``."""
    try:
        data, stamp = read_bytes(base, relative, MAX_LOCK)
    except FileNotFoundError:
        return None
    except Unreadable as error:
        return _captured_unread(base, relative, Problem(relative, error.reason))
    fingerprint = fingerprint_of(stamp, data)
    try:
        return LockSnapshot(Reading(relative, parse_document(data, RepositoryLock), None, stamp), fingerprint)
    except ClawtuiError as error:
        return LockSnapshot(Reading(relative, None, Problem(relative, error.reason), stamp), fingerprint)


def look_at(base: Path, relative: str) -> Stamp | None:
    """Return the stamp of the file at ``relative``, without opening it; None if there is none.

    Raises Refused if ``relative`` could leave ``base``, Unreadable if it cannot be reached.
    """
    *parents, name = steps_of(relative)
    try:
        with directory_at(base, "/".join(parents)) as directory:
            return stamp_of(os.stat(name, dir_fd=directory, follow_symlinks=False))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(reason_of(error)) from error


def lock_path(base: Path, named: str) -> str | None:
    """Return the path, relative to ``base``, of a lock file that an operator names; None if it is elsewhere or
    missing.

    ``named`` may be relative to the working directory, to ``base`` or to ``locks/`` in it.
    """
    real = Path(os.path.realpath(base))
    for place in (Path(named), base / named, base / LOCKS / named):
        path = Path(os.path.realpath(place.parent)) / place.name
        if path.is_relative_to(real / LOCKS) and os.path.lexists(path):
            return path.relative_to(real).as_posix()
    return None


def _captured_unread(base: Path, relative: str, problem: Problem) -> LockSnapshot | None:
    try:
        stamp = look_at(base, relative)
    except Unreadable:
        return LockSnapshot(Reading(relative, None, problem, None), None)
    return stamp and LockSnapshot(Reading(relative, None, problem, stamp), fingerprint_of(stamp, b""))
