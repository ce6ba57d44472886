"""Sizes of directories (design: Utility Functions)."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def directory_size(path: Path, stop: Callable[[], bool] = lambda: False) -> int:
    """Return the bytes in all regular files below ``path``, links not followed; 0 if there is no such directory.

    Files that vanish in the meantime or may not be accessed do not count. ``stop`` is called once for each directory;
    when it returns True, the sum so far is returned.
    """
    total = 0
    waiting = [os.fspath(path)]
    while waiting and not stop():
        size, below = _look_into(waiting.pop())
        total += size
        waiting += below
    return total


def _look_into(directory: str) -> tuple[int, list[str]]:
    """Return the bytes in the files of one directory, and the paths of the directories in it."""
    total = 0
    below = []
    with suppress(OSError):
        descriptor = os.open(directory, _OPEN)
        try:
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        below.append(f"{directory}/{entry.name}")
                    elif entry.is_file(follow_symlinks=False):
                        total += _size_of(entry)
        finally:
            os.close(descriptor)
    return total, below


def _size_of(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0
