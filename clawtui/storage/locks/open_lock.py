"""Locks on a lock file that last as long as any process has it open, so that a holder's children keep it held.

These are open file description locks: a child inherits them with the descriptor, and the kernel drops them when the
last process that has it ends in any way. They do not prevent ``flock`` or a rename.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from pathlib import Path

from clawtui.files.fs.reading import open_regular
from clawtui.model.errors import ClawtuiError

_SET = getattr(fcntl, "F_OFD_SETLK", None)
_ASK = getattr(fcntl, "F_OFD_GETLK", None)
"""None if the system, or its Python, has no such locks."""

_FLOCK = "hhqqi0q"
"""``struct flock``: type, whence, start, length (0: all of it), pid (0 here)."""


def keep_open(descriptor: int) -> int | None:
    """Return a second descriptor of an open file, locked while any process has it; None if that is not possible."""
    if _SET is None:
        return None
    kept = os.dup(descriptor)
    try:
        fcntl.fcntl(kept, _SET, struct.pack(_FLOCK, fcntl.F_RDLCK, os.SEEK_SET, 0, 0, 0))
    except OSError:
        os.close(kept)
        return None
    return kept


def let_go(kept: int) -> None:
    """Close what ``keep_open`` returned, and unlock it for all processes that have it."""
    if _SET is not None:
        try:
            fcntl.fcntl(kept, _SET, struct.pack(_FLOCK, fcntl.F_UNLCK, os.SEEK_SET, 0, 0, 0))
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOLCK):
                raise
    os.close(kept)


def is_kept_open(descriptor: int) -> bool:
    """Return whether a process keeps the open file locked with ``keep_open``; False if that cannot be determined."""
    if _ASK is None:
        return False
    asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    try:
        answer: bytes = fcntl.fcntl(descriptor, _ASK, asked)
    except OSError:
        return False
    return bool(struct.unpack(_FLOCK, answer)[0] != fcntl.F_UNLCK)


def is_lock_kept_open(base: Path, relative: str) -> bool:
    """Return ``is_kept_open`` for the lock at ``relative``; False if it cannot be opened."""
    try:
        descriptor = open_regular(base, relative)
    except (FileNotFoundError, ClawtuiError):
        return False
    try:
        return is_kept_open(descriptor)
    finally:
        os.close(descriptor)
