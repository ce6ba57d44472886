"""What was last seen of every path that matters: what a sweep compares the disk with."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_NOWHERE = "/"


class FileStat(NamedTuple):
    """One version of a file or directory, as it is told without opening it.

    The time of the last status change is part of it: it shows what was made readable, and what was rewritten
    with its size and time kept.
    """

    mode: int
    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @property
    def is_directory(self) -> bool:
        """Whether it is a real directory."""
        return stat.S_ISDIR(self.mode)

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return stat.S_ISLNK(self.mode)

    @property
    def is_regular(self) -> bool:
        """Whether it is a plain file."""
        return stat.S_ISREG(self.mode)

    def is_same_place(self, other: FileStat) -> bool:
        """Whether both are of one directory, whatever has happened in it."""
        return (self.device, self.inode) == (other.device, other.inode)


class StatCache:
    """The marks of all paths below a base, by the directory that they are in."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._below = f"{base}/"
        self._folders: dict[str, dict[str, FileStat | None]] = {}

    def look(self, path: str) -> FileStat | None:
        """The mark of what is at ``path`` now; None where nothing is, or nothing can be told."""
        try:
            # The base may be a link that the operator named; what is below it is never looked at through one.
            status = os.lstat(self._below + path) if path else self._base.stat()
        except OSError:
            return None
        return FileStat(
            status.st_mode, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
        )

    def note(self, path: str, mark: FileStat | None) -> None:
        """Keeps ``mark`` as what was seen; with None the path is known, and the next sweep doubts it."""
        folder, name = _split(path)
        self._folders.setdefault(folder, {})[name] = mark

    def forget(self, path: str) -> None:
        """There is nothing at ``path`` any more."""
        folder, name = _split(path)
        names = self._folders.get(folder, {})
        names.pop(name, None)
        if not names:
            self._folders.pop(folder, None)

    def mark(self, path: str) -> FileStat | None:
        """What was last seen at ``path``."""
        folder, name = _split(path)
        return self._folders.get(folder, {}).get(name)

    def has_folder(self, path: str) -> bool:
        """Whether ``path`` was a directory when it was last seen."""
        mark = self.mark(path)
        return mark is not None and mark.is_directory

    def names(self, folder: str) -> frozenset[str]:
        """The names in ``folder`` that are known."""
        return frozenset(self._folders.get(folder, ()))

    def paths(self) -> Iterator[str]:
        """All paths that are known."""
        for folder, names in self._folders.items():
            if folder == _NOWHERE:
                yield ""
            else:
                yield from (f"{folder}/{name}" if folder else name for name in names)

    def folders(self) -> tuple[str, ...]:
        """The paths of all directories that are known."""
        return tuple(path for path in self.paths() if self.has_folder(path))

    def doubt_files(self) -> None:
        """Forgets what files looked like, so that each is read again."""
        for names in self._folders.values():
            for name, mark in names.items():
                if mark is not None and not mark.is_directory:
                    names[name] = None


def _split(path: str) -> tuple[str, str]:
    if not path:
        return _NOWHERE, ""
    folder, _, name = path.rpartition("/")
    return folder, name
