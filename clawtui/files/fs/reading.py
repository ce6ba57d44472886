"""Open files of a directory that other programs write to: no links, no devices, no waiting, a limit of size.

Every path is a *base*, which the operator named and which may be reached through links, and a path *relative* to it,
with ``/`` between its steps, none of which may be a link.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from clawtui.model.documents.base import Stamp
from clawtui.model.errors import Refused, Unreadable
from clawtui.model.paths import is_plain_component

MAX_DOCUMENT = 8 * 1024 * 1024
"""The most bytes of a document that are read; the design's largest is about 20 KB."""

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
LIST = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
"""Flags to open a directory whose entries are read, in contrast to one that is only passed through."""
_PASS = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

_LINK = "is a symbolic link, which is never followed"
_THROUGH_LINK = "leads through a symbolic link, which is never followed"
_REASONS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ELOOP: _LINK,
    errno.ENXIO: "is not a regular file",
    errno.EISDIR: "is a directory where a file should be",
    errno.ENOTDIR: "lies below something that is not a directory",
    errno.ENAMETOOLONG: "has a name that is too long",
}

EntryKind = Literal["file", "directory", "link", "other"]


class Entry(NamedTuple):
    """One name in a directory."""

    name: str
    kind: EntryKind


def reason_of(error: OSError) -> str:
    """Return an operating system's error in plain words."""
    return _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the version of a file that ``status`` describes."""
    return Stamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def require_regular(mode: int) -> None:
    """Raise Unreadable if ``mode`` is not that of a regular file."""
    if stat.S_ISLNK(mode):
        raise Unreadable(_LINK)
    if not stat.S_ISREG(mode):
        raise Unreadable(_REASONS[errno.EISDIR] if stat.S_ISDIR(mode) else _REASONS[errno.ENXIO])


def steps_of(relative: str) -> list[str]:
    """Return the steps of a path below a base. Raises Refused if one of them could leave it (errata 21)."""
    steps = relative.split("/")
    if not all(map(is_plain_component, steps)):
        raise Refused(f"“{relative}” is no plain path below the state directory")
    return steps


def enter(directory: int, step: str, flags: int = _PASS) -> int:
    """Return a descriptor of the directory ``step`` in ``directory``.

    Raises FileNotFoundError if there is nothing, Unreadable if it is a link or no directory.
    """
    try:
        return os.open(step, flags, dir_fd=directory)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreadable(_THROUGH_LINK if _is_link(directory, step) else reason_of(error)) from error


def walk(directory: int, steps: Iterable[str], enter: Callable[[int, str], int] = enter) -> int:
    """Return a descriptor of the directory ``steps`` below ``directory``, which is always closed.

    Raises as ``enter`` does.
    """
    for step in steps:
        try:
            below = enter(directory, step)
        finally:
            os.close(directory)
        directory = below
    return directory


def _is_link(directory: int, name: str) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode)
    except OSError:
        return False


def _open(path: Path | str, flags: int, directory: int | None = None) -> int:
    try:
        return os.open(path, flags, dir_fd=directory)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreadable(reason_of(error)) from error


def open_directory(base: Path, relative: str = "") -> int:
    """Return a descriptor for listing the directory at ``relative``, or the base itself where that is empty.

    Raises FileNotFoundError if there is nothing, Unreadable if it is or lies below a link or no directory.
    """
    try:
        if not relative:
            return _open(base, LIST & ~os.O_NOFOLLOW)
        return _open_below(base, relative, _enter_last)
    except Unreadable as error:
        error.set_path(relative or str(base))
        raise


def _enter_last(directory: int, name: str) -> int:
    """Call ``enter`` for the last step, so that the error is about that step and not about the files below it."""
    try:
        return enter(directory, name, LIST)
    except Unreadable as error:
        if isinstance(error.__cause__, NotADirectoryError) and not _is_link(directory, name):
            raise Unreadable("is a file where a directory should be") from error.__cause__
        raise


def _open_below(base: Path, relative: str, open_last: Callable[[int, str], int]) -> int:
    *parents, name = steps_of(relative)
    directory = walk(_open(base, _PASS & ~os.O_NOFOLLOW), parents)
    try:
        return open_last(directory, name)
    finally:
        os.close(directory)


@contextmanager
def directory_at(base: Path, relative: str = "") -> Iterator[int]:
    """Open a directory as ``open_directory`` does, for the length of a ``with``."""
    descriptor = open_directory(base, relative)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def list_directory(
    base: Path, relative: str = "", accepts: Callable[[os.DirEntry[str]], bool] = bool
) -> tuple[Entry, ...]:
    """Return the entries that pass ``accepts``, by name, links as links. Raises as ``open_directory`` does."""
    with directory_at(base, relative) as descriptor:
        try:
            with os.scandir(descriptor) as entries:
                return tuple(sorted([Entry(entry.name, _kind(entry)) for entry in filter(accepts, entries)]))
        except OSError as error:
            raise Unreadable(reason_of(error), relative or base) from error


def _kind(entry: os.DirEntry[str]) -> EntryKind:
    if entry.is_file(follow_symlinks=False):
        return "file"
    if entry.is_dir(follow_symlinks=False):
        return "directory"
    return "link" if entry.is_symlink() else "other"


def open_regular(base: Path, relative: str) -> int:
    """Return a descriptor for reading a regular file, never through a link below ``base`` and never blocking.

    Raises FileNotFoundError if there is nothing, Unreadable if there is something else or it may not be read,
    Refused if ``relative`` could leave ``base``.
    """
    try:
        descriptor = _open_below(base, relative, _open_file)
        try:
            require_regular(os.fstat(descriptor).st_mode)
        except Unreadable:
            os.close(descriptor)
            raise
        return descriptor
    except Unreadable as error:
        error.set_path(relative)
        raise


def _open_file(directory: int, name: str) -> int:
    return _open(name, _READ, directory)


def read_bytes(base: Path, relative: str, limit: int = MAX_DOCUMENT) -> tuple[bytes, Stamp]:
    """Return the whole of a regular file and the version that was read.

    Raises FileNotFoundError; Unreadable if it is over ``limit`` bytes, not a regular file, or may not be read; Refused
    if ``relative`` could leave ``base``.
    """
    try:
        return _read(_open_below(base, relative, _open_file), limit)
    except Unreadable as error:
        error.set_path(relative)
        raise


def read_in(directory: int, name: str, limit: int) -> bytes:
    """Return the whole of a regular file in an open directory. Raises as ``read_bytes`` does."""
    return _read(_open_file(directory, name), limit)[0]


def read_named(file: Path, limit: int) -> bytes:
    """Return the whole of a regular file that the operator named, through links too. Raises as ``read_bytes`` does."""
    try:
        return _read(_open(file, _READ & ~os.O_NOFOLLOW), limit)[0]
    except Unreadable as error:
        error.set_path(str(file))
        raise


def _read(descriptor: int, limit: int) -> tuple[bytes, Stamp]:
    try:
        status = os.fstat(descriptor)
        require_regular(status.st_mode)
        if status.st_size > limit:
            raise Unreadable(f"is {status.st_size:,} bytes, more than the {limit:,} that are read")
        chunks = []
        left = limit + 1
        while left > 0 and (chunk := os.read(descriptor, min(left, max(status.st_size, 1 << 16) + 1))):
            chunks.append(chunk)
            left -= len(chunk)
        if left == 0:
            raise Unreadable(f"grew beyond the {limit:,} bytes that are read")
        return b"".join(chunks), stamp_of(status)
    except OSError as error:
        raise Unreadable(reason_of(error)) from error
    finally:
        os.close(descriptor)
