"""The records of acts that another host requested: an act whose request arrives again is not repeated.

Each act has a file ``acts/ID.jsonl`` below ``own_state()``, 0600 in a directory that is 0700. Its lines are appended,
each in one write that is safe on the disk before it returns. While a process works on an act it has the file locked.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from clawtui.files.fs.atomic import plain_errors
from clawtui.files.fs.directories import DIRECTORY_MODE, FILE_MODE
from clawtui.model.errors import ClawtuiError, Refused, Unwritable
from clawtui.storage.user.files import own_state

ACTS: Final = "acts"
KEPT: Final = timedelta(days=30)
"""How long a record is kept: longer than a dashboard waits for a connection."""

_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_MOST: Final = 1 << 20
"""The most bytes of a record that are read."""
_OPEN: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class Busy(ClawtuiError):
    """Another process works on the act at this moment."""


class ActRecord:
    """The record of one act, which no other process has open this way."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    def lines(self) -> tuple[bytes, ...]:
        """Return the complete lines, oldest first; one that a crash cut short is left out."""
        *lines, _ = os.pread(self._descriptor, _MOST, 0).split(b"\n")
        return tuple(line for line in lines if line)

    def append(self, line: bytes) -> None:
        """Append a line; it is safe on the disk when this returns. Raises Refused, Unwritable."""
        with plain_errors(str(self._path)):
            size = os.fstat(self._descriptor).st_size
            torn = size > 0 and os.pread(self._descriptor, 1, size - 1) != b"\n"
            whole = (b"\n" if torn else b"") + line + b"\n"
            if os.write(self._descriptor, whole) < len(whole):
                raise Unwritable("the disk took only a part of the line; is it full?", self._path)
            os.fsync(self._descriptor)


@contextmanager
def hold_act(id: str, now: datetime, place: Path | None = None) -> Iterator[ActRecord]:
    """Yield the record of the act with the id, 32 hex digits; an empty one is created for an unknown act.

    ``place`` is the user's own state directory by default. A new record also removes those that are too old.

    Raises Busy while another process holds it; Refused, Unwritable, NoOwnPlace.
    """
    if _ID.fullmatch(id) is None:
        raise Refused("this is no id of an act")
    directory = (place or own_state()) / ACTS
    path = directory / f"{id}.jsonl"
    try:
        with plain_errors(str(path)):
            directory.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
            is_new = not path.exists()
            descriptor = os.open(path, _OPEN, FILE_MODE)
    except FileExistsError as error:
        raise Refused(f"{directory} is no directory") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("it is being done") from None
        if is_new:
            _make_durable(directory)
            _sweep(directory, now - KEPT)
        yield ActRecord(path, descriptor)
    finally:
        os.close(descriptor)


def _make_durable(directory: Path) -> None:
    """Make the name of a new record safe on the disk, except on file systems that cannot do so."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(directory: Path, older_than: datetime) -> None:
    """Remove old records; one that cannot be removed is tried again at the next act."""
    for entry in directory.iterdir():
        with suppress(OSError):
            if entry.stat().st_mtime < older_than.timestamp():
                entry.unlink()
