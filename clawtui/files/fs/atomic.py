"""Write files that other programs read and write at the same time: whole or not at all, and for their owner only.

New files are 0600 and directories 0700 for any umask (errata 16), 0660 and 2770 below a directory that a group shares;
a file that replaces another one has its owner and mode. A document gets its name by one ``rename`` or ``link``, so a
reader sees the old one or the new one, and a killed writer leaves at most a temp file.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import Enum
from pathlib import Path

from clawtui.files.fs.attributes import attributes_of, give_attributes, give_new
from clawtui.files.fs.directories import make_and_open
from clawtui.files.fs.reading import directory_at, list_directory, reason_of, require_regular, stamp_of, steps_of
from clawtui.files.fs.renameat2 import rename_noreplace
from clawtui.files.fs.swap import recover, remove_version, replace_version
from clawtui.files.fs.temp_files import is_left_over, temp_file
from clawtui.model.documents.base import Stamp
from clawtui.model.errors import Changed, ClawtuiError, NoSuch, Refused, Unreadable, Unwritable

_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.ELOOP}
_TURNS = 500
_TURN_SECONDS = 0.01


class Condition(Enum):
    """A condition on the file that a write replaces, if no version of it is required."""

    ANY = "whatever is there"
    ABSENT = "nothing"


ANY = Condition.ANY
ABSENT = Condition.ABSENT
Expected = Stamp | Condition
"""The condition under which a write is done; a Stamp means exactly that version."""


def write_atomic(base: Path, relative: str, data: bytes, expected: Expected = ANY, *, private: bool = False) -> Stamp:
    """Replace the file at ``relative`` by ``data``, and make its directories; return the new version.

    It keeps owner, group, mode, ACL and security label of the old file; with ``private`` it is always 0600.
    Raises Changed if the file does not meet ``expected``; Refused if a step is a link, the name would leave ``base`` or
    writing is not allowed; NotKept if the owner or another attribute could not be kept; Unwritable if the system fails.
    The old file is unchanged after each of these.
    """
    if expected is ABSENT:
        try:
            return create_exclusive(base, relative, data)
        except FileExistsError as error:
            raise Changed(f"{relative} exists by now; nothing was written") from error
    with plain_errors(relative), _place(base, relative) as (directory, name):
        kept = None if private else attributes_of(directory, name)

        def give(descriptor: int) -> None:
            if kept is None:
                give_new(descriptor, directory, private=private)
            else:
                give_attributes(descriptor, kept, relative)

        with temp_file(directory, name, data, give) as new, _turn(directory, relative):
            _require(expected, directory, name, relative)
            if isinstance(expected, Stamp):
                replace_version(directory, name, new.name, expected)
            else:
                os.rename(new.name, name, src_dir_fd=directory, dst_dir_fd=directory)
        return new.stamp


def create_exclusive(base: Path, relative: str, data: bytes) -> Stamp:
    """Make a file that is complete from its first instant; of all who try at the same time exactly one succeeds (errata
    9).

    Raises FileExistsError if the name exists already, also as a dangling link; Refused and Unwritable as
    ``write_atomic`` does.
    """
    with plain_errors(relative), _place(base, relative) as (directory, name), temp_file(directory, name, data) as new:
        rename_noreplace(directory, new.name, name)
        return new.stamp


def remove(base: Path, relative: str, expected: Expected = ANY) -> None:
    """Remove one regular file, and with a Stamp only that version of it.

    It is renamed and verified before it is removed: a file that a writer put there in the last instant gets its name
    back. Raises NoSuch, Changed, Refused, Unwritable.
    """
    with plain_errors(relative):
        *parents, name = steps_of(relative)
        with directory_at(base, "/".join(parents)) as directory, _turn(directory, relative):
            _require(expected, directory, name, relative)
            if expected is ANY:
                os.unlink(name, dir_fd=directory)
                return
            if isinstance(expected, Stamp):
                remove_version(directory, name, expected)


def make_directory(base: Path, relative: str) -> None:
    """Make a directory and its parents, 0700 each; the base too, if only its last step is missing.

    Directories that exist are left unchanged. Raises Refused if a step is a link or no directory.
    """
    with plain_errors(relative):
        os.close(make_and_open(base, steps_of(relative)))


def sweep_temp_files(base: Path, relative_dir: str, older_than: datetime, *, dry_run: bool = False) -> tuple[str, ...]:
    """Remove temp files that killed writers of clawtui or the gateway left in one directory; return their paths.

    Only files that were last written before ``older_than`` are removed: a younger one may be in use. With ``dry_run``
    nothing is removed.
    """
    swept = []
    try:
        with plain_errors(relative_dir), directory_at(base, relative_dir) as directory:
            for name, kind in list_directory(base, relative_dir):
                if kind == "file" and is_left_over(directory, name, older_than):
                    with suppress(FileNotFoundError):
                        if not dry_run and not recover(directory, name):
                            os.unlink(name, dir_fd=directory)
                        swept.append(f"{relative_dir}/{name}" if relative_dir else name)
    except NoSuch:
        return ()
    return tuple(swept)


def recover_save(base: Path, relative: str) -> bool:
    """Give the save that a killed process captured at ``relative`` its name back; return whether that was done.

    If a newer file has the name, the captured save is removed. Raises NoSuch, Refused, Unwritable.
    """
    *parents, name = steps_of(relative)
    with plain_errors(relative), directory_at(base, "/".join(parents)) as directory, _turn(directory, relative):
        if recover(directory, name):
            return True
        os.unlink(name, dir_fd=directory)
        return False


@contextmanager
def _place(base: Path, relative: str) -> Iterator[tuple[int, str]]:
    """Open the directory of a file that is to be written, and make it if missing; yield it and the file's name."""
    *parents, name = steps_of(relative)
    directory = make_and_open(base, parents)
    try:
        yield directory, name
    finally:
        os.close(directory)


@contextmanager
def _turn(directory: int, relative: str) -> Iterator[None]:
    """Exclude other writers of clawtui from one directory between a check and a rename; the gateway is not excluded."""
    taken = _take_turn(directory, relative)
    try:
        yield
    finally:
        if taken:
            fcntl.flock(directory, fcntl.LOCK_UN)


def _take_turn(directory: int, relative: str) -> bool:
    """Lock the directory; return False if the file system has no such locks: the version is checked anyway.

    The lock ends at the latest with its descriptor, so a killed writer delays no other; a stopped one does. Raises
    Unwritable after a time of waiting.
    """
    for _ in range(_TURNS):
        try:
            fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_TURN_SECONDS)
        except OSError:
            return False
        else:
            return True
    raise Unwritable(f"another program has been writing there for {_TURNS * _TURN_SECONDS:.0f} s", relative)


def _require(expected: Expected, directory: int, name: str, relative: str) -> None:
    """Raise Changed if the file does not meet ``expected``, Unreadable if it is not a regular file."""
    try:
        status = os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        if isinstance(expected, Stamp):
            raise Changed(f"{relative} is gone by now; nothing was done") from None
        return
    require_regular(status.st_mode)
    if isinstance(expected, Stamp) and stamp_of(status) != expected:
        raise Changed(f"{relative} changed since it was read; nothing was done")


@contextmanager
def plain_errors(relative: str) -> Iterator[None]:
    """Turn the system's errors about ``relative`` into errors of this layer, except FileExistsError."""
    try:
        yield
    except FileExistsError:
        raise
    except FileNotFoundError as error:
        raise NoSuch("there is no such file or directory", relative) from error
    except Unreadable as error:
        raise Refused(error.reason, relative) from error
    except OSError as error:
        kind = Refused if error.errno in _FORBIDDEN else Unwritable
        raise kind(f"{relative}: {reason_of(error)}") from error


def is_read_only_disk(error: ClawtuiError) -> bool:
    """Return whether an error of `plain_errors` is that of a whole file system that cannot be written."""
    return isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.EROFS
