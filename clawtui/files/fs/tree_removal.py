"""Remove a directory with everything in it: no link followed, no mount entered, a tree of any depth.

Only two directories are open at a time, and nothing is recursive, so depth is no limit. Each directory that is entered
is compared with its parent's mount; on the way back ``..`` must be the directory that was left.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress

from msgspec import Struct

from clawtui.files.fs.mount_points import mount_of, mounted_below
from clawtui.files.fs.reading import LIST, enter
from clawtui.model.errors import Changed, Refused

_Identity = tuple[int, int]
_Look = Callable[[int, list[os.DirEntry[str]], Callable[[], str]], None]
"""Called with a directory, its entries, and a function that returns its path for errors."""


class _Level(Struct):
    """One directory between the top and the one that is open."""

    name: str
    identity: _Identity
    below: list[str]
    """The directories in it that have not been entered yet."""


def require_removable_tree(parent: int, name: str, path: str) -> None:
    """Raise Refused if the directory ``name`` in ``parent`` cannot be removed completely. Nothing is changed.

    This is so if it is a mount point or has one below it, which the error names, or if a directory in it may not be
    changed. ``path`` is its path for errors. Raises FileNotFoundError, Changed, Unreadable, OSError.
    """
    directory = enter(parent, name, LIST)
    try:
        for point in mounted_below(directory):
            raise _is_mount(f"{path}/{point}")
    finally:
        os.close(directory)
    for _ in _walk(parent, name, path, _require_writable):
        pass


def remove_tree(parent: int, name: str, path: str) -> None:
    """Remove the directory ``name`` in ``parent`` with everything in it, but nothing behind a link or a mount.

    A file that another process removes at the same time is no error. Raises as ``require_removable_tree`` does; the
    files that were not removed by then still exist.
    """
    for above, emptied in _walk(parent, name, path, _unlink_files):
        with suppress(FileNotFoundError):
            os.rmdir(emptied, dir_fd=above)


def _unlink_files(directory: int, entries: list[os.DirEntry[str]], path: Callable[[], str]) -> None:
    for entry in entries:
        if not entry.is_dir(follow_symlinks=False):
            with suppress(FileNotFoundError):
                os.unlink(entry.name, dir_fd=directory)


def _require_writable(directory: int, entries: list[os.DirEntry[str]], path: Callable[[], str]) -> None:
    if entries and not os.access(".", os.W_OK | os.X_OK, dir_fd=directory, effective_ids=True):
        raise Refused("permission denied; nothing was removed", path())


def _walk(parent: int, name: str, path: str, look: _Look) -> Iterator[tuple[int, str]]:
    """Call ``look`` for each directory as it is entered; yield its parent and its name as it is left."""
    mount = mount_of(parent)
    directory = os.dup(parent)
    levels: list[_Level] = []

    def where() -> str:
        return "/".join([path, *(level.name for level in levels[1:])])

    def descend(step: str) -> None:
        nonlocal directory
        below = enter(directory, step, LIST)
        os.close(directory)
        directory = below
        level = _Level(step, _identity(below), [])
        levels.append(level)
        if mount_of(below) != mount:
            raise _is_mount(where())
        with os.scandir(below) as scan:
            entries = list(scan)
        level.below = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        look(below, entries, where)

    try:
        descend(name)
        while levels:
            if levels[-1].below:
                with suppress(FileNotFoundError):
                    descend(levels[-1].below.pop())
                continue
            left = levels.pop()
            above = os.open("..", LIST, dir_fd=directory) if levels else os.dup(parent)
            os.close(directory)
            directory = above
            if levels and _identity(above) != levels[-1].identity:
                raise Changed(f"{where()}/{left.name} was moved while it was looked through")
            yield above, left.name
    finally:
        os.close(directory)


def _identity(descriptor: int) -> _Identity:
    status = os.fstat(descriptor)
    assert stat.S_ISDIR(status.st_mode)
    return (status.st_dev, status.st_ino)


def _is_mount(path: str) -> Refused:
    return Refused(f"{path} is a mount point, and what is mounted there is not part of it: unmount it first")
