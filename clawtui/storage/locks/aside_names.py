"""The names of locks that are set aside: each says which lock it was, when it was moved, and by which process.

The name is ``<lock>.<time>.<pid>.<token>.aside`` while the lock is verified, and ``….released`` after that. So after a
crash at any instant the names in the directory show what happened. ``HeldLock.remove`` uses an ``.aside`` without the
time. If the name would be longer than some file systems allow, ``<lock>`` is a hash, and a file beside it, a *note*
called ``….name``, contains the lock's name.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from typing import NamedTuple

from clawtui.files.fs.temp_files import LONGEST_NAME
from clawtui.model.paths import LOCK_SUFFIX
from clawtui.model.text.lazy_pattern import lazy_pattern

UNVERIFIED = ".aside"
RELEASED = ".released"

_TIME = "%Y%m%dT%H%M%SZ"
_NAME = lazy_pattern(
    r"(?P<lock>.+\.lock)(?:\.(?P<at>\d{8}T\d{6}Z))?\.(?P<pid>\d{1,9})\.(?P<token>[0-9a-f]{8})(?P<state>\.aside|\.released)",
    re.ASCII | re.DOTALL,
)
_HASHED = lazy_pattern(r"[0-9a-f]{32}\.lock", re.ASCII)
_NOTE = lazy_pattern(r"[0-9a-f]{32}\.lock(?:\.\d{8}T\d{6}Z)?\.\d{1,9}\.[0-9a-f]{8}\.name", re.ASCII)


class AsideName(NamedTuple):
    """The parts of the name of a lock that is set aside."""

    lock: str
    """The name of the lock's file, or its hash."""
    at: datetime | None
    """When it was moved, to the second; None if the name has no time."""
    pid: int
    token: str
    """Eight hex digits, different for each act."""
    released: bool
    """Whether it was verified."""


def aside_name(lock: str, stem: str, suffix: str) -> str:
    """Return the name that the lock file ``lock`` gets when it is set aside, short enough for any file system.

    It contains the lock's name if that fits, else a hash of it; then the file ``note_name`` contains the lock's name.
    """
    whole = f"{lock}.{stem}{suffix}"
    if len(os.fsencode(whole)) + len(RELEASED) <= LONGEST_NAME:
        return whole
    return f"{hashed_name(lock)}.{stem}{suffix}"


def unverified_name(lock: str, at: datetime, token: str) -> str:
    """Return the name of a lock that this process moves at ``at``, while it is verified."""
    return aside_name(lock, f"{at.astimezone(UTC):{_TIME}}.{os.getpid()}.{token}", UNVERIFIED)


def parse_aside_name(name: str) -> AsideName | None:
    """Return the parts of ``name``; None if it is not the name of a lock that is set aside."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    return AsideName(
        match["lock"], _time_of(match["at"]), int(match["pid"]), match["token"], match["state"] == RELEASED
    )


def hashed_name(lock: str) -> str:
    """Return the hash that replaces a lock file's name in an ``aside_name`` if the name does not fit."""
    import hashlib  # it loads OpenSSL, which few starts need

    return f"{hashlib.sha256(os.fsencode(lock)).hexdigest()[:32]}{LOCK_SUFFIX}"


def is_hashed_name(lock: str) -> bool:
    """Return whether ``lock`` may be a ``hashed_name``."""
    return _HASHED.fullmatch(lock) is not None


def note_name(aside: str) -> str:
    """Return the name of the note for the lock that is called ``aside`` now."""
    return f"{aside.rpartition('.')[0]}.name"


def is_note_name(name: str) -> bool:
    """Return whether a file that is called ``name`` is a note."""
    return _NOTE.fullmatch(name) is not None


def _time_of(at: str | None) -> datetime | None:
    try:
        return datetime.strptime(at, _TIME).replace(tzinfo=UTC) if at else None
    except ValueError:
        return None
