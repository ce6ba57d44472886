"""Append lines to a log that other programs append to and read at the same time."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from clawtui.files.fs.atomic import plain_errors
from clawtui.files.fs.attributes import set_own_mode
from clawtui.files.fs.directories import FILE_MODE, SHARED_FILE_MODE, is_shared, make_and_open, new_owner_in
from clawtui.files.fs.reading import require_regular, steps_of
from clawtui.model.errors import Unwritable

_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


def append_line(base: Path, relative: str, line: bytes, *, durable: bool = False) -> None:
    """Append ``line`` and its newline in one call, so that no other line gets into it; make missing directories.

    The log is 0600 afterwards for any umask (errata 16), and 0660 in a directory that a group shares. If a killed
    writer left the last line without its newline, the new line begins after a newline of its own. With ``durable`` the
    line and the log's name are safe on the disk before this returns. Raises Refused and Unwritable.
    """
    with plain_errors(relative):
        *parents, name = steps_of(relative)
        directory = make_and_open(base, parents)
        try:
            log = os.open(name, _APPEND, FILE_MODE, dir_fd=directory)
            try:
                _make_private(log, directory)
                whole = (b"\n" if _is_torn(log) else b"") + line + b"\n"
                if os.write(log, whole) < len(whole):
                    raise Unwritable("the disk took only a part of the line; is it full?", relative)
                if durable:
                    os.fsync(log)
                    _sync_directory(directory)
            finally:
                os.close(log)
        finally:
            os.close(directory)


def _sync_directory(directory: int) -> None:
    """Make the names in a directory safe on the disk, except on file systems that cannot do so (EINVAL)."""
    try:
        os.fsync(directory)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
            raise


def _make_private(log: int, directory: int) -> None:
    status = os.fstat(log)
    require_regular(status.st_mode)
    if status.st_uid == os.geteuid():
        mode = SHARED_FILE_MODE if is_shared(os.fstat(directory)) else FILE_MODE
        if stat.S_IMODE(status.st_mode) != mode:
            set_own_mode(log, mode)
        if owner := new_owner_in(directory):
            os.fchown(log, *owner)


def _is_torn(log: int) -> bool:
    size = os.fstat(log).st_size
    return size > 0 and os.pread(log, 1, size - 1) not in (b"\n", b"")
