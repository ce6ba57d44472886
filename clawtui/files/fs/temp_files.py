"""Temp files, which are renamed when complete: ``<name>.<pid>.<number>.tmp``, the form that the gateway uses too."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import NamedTuple

from clawtui.files.fs.attributes import give_new
from clawtui.files.fs.directories import FILE_MODE
from clawtui.files.fs.reading import stamp_of
from clawtui.model.documents.base import Stamp

_NAME = re.compile(r".+\.\d+\.\d+\.tmp")
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

LONGEST_NAME = 143
"""The most bytes of a file name of our own: eCryptfs allows no more, others 255."""

_serial = itertools.count()


class TempFile(NamedTuple):
    """A complete file under a temporary name."""

    name: str
    stamp: Stamp


def temp_name(name: str) -> str:
    """Return a name beside ``name`` that no other writer uses now, of at most ``LONGEST_NAME`` bytes."""
    end = f".{os.getpid()}.{next(_serial)}.tmp"
    return f"{shortened(name, LONGEST_NAME - len(end))}{end}"


def shortened(name: str, most: int) -> str:
    """Return as much of the end of ``name``, its most distinctive part, as fits into ``most`` bytes."""
    while len(os.fsencode(name)) > most:
        name = name[1:]
    return name


@contextmanager
def temp_file(directory: int, name: str, data: bytes, give: Callable[[int], None] | None = None) -> Iterator[TempFile]:
    """Write ``data`` to a temp file beside ``name``, safe on the disk; remove it afterwards unless it was renamed.

    ``give`` sets owner and mode through the descriptor; without it they are those of a new file.
    """
    temp, descriptor = _create(directory, name)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            give(descriptor) if give else give_new(descriptor, directory)
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            _randomize_mtime(descriptor)
            os.fsync(descriptor)
            stamp = stamp_of(os.fstat(descriptor))
        yield TempFile(temp, stamp)
    finally:
        # Once renamed it does not exist. If it cannot be removed, the write succeeded anyway, and doctor reports it.
        with suppress(OSError):
            os.unlink(temp, dir_fd=directory)


def is_temp_name(name: str) -> bool:
    """Return whether ``name`` is that of a temp file."""
    return name.endswith(".tmp") and _NAME.fullmatch(name) is not None


def is_left_over(directory: int, name: str, older_than: datetime) -> bool:
    """Return whether a regular file is a temp file that was last written before ``older_than``."""
    if not is_temp_name(name):
        return False
    try:
        return os.stat(name, dir_fd=directory, follow_symlinks=False).st_mtime < older_than.timestamp()
    except FileNotFoundError:
        return False


def _create(directory: int, name: str) -> tuple[str, int]:
    """Return a new temp file; if a dead process with our pid left one of that name, the next name is used."""
    while True:
        temp = temp_name(name)
        try:
            return temp, os.open(temp, _CREATE, FILE_MODE, dir_fd=directory)
        except FileExistsError:
            continue


def _randomize_mtime(descriptor: int) -> None:
    """Move the time of writing back by a random part of a millisecond, so that each version has a stamp of its own.

    File systems reuse an inode's number at once, and many clocks tick every 4 ms: without this, a version of the same
    size could have the stamp of an earlier one that no longer exists.
    """
    status = os.fstat(descriptor)
    back = int.from_bytes(os.urandom(3), "big") % 1_000_000
    os.utime(descriptor, ns=(status.st_atime_ns, status.st_mtime_ns - back))
