"""The cache of the last `stat` of every known path, with which the reconciler compares the disk."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from clawtui.files.fs.links import locate
from clawtui.model.errors import ClawtuiError

_NOWHERE = "/"
_FRESH_NS: int = 300_000_000
"""Nanoseconds after a change within which another one may look the same, because the clock of a file system advances
every few milliseconds; with room for the time from `stat` to `store`."""
_MANY = 16
"""Names of one directory for which opening it costs less than resolving its path for each."""


class FileStat(NamedTuple):
    """The identity of one version of a file or directory, without opening it.

    The time of the last status change is included: it shows that a file became readable, or was rewritten with its
    size and modification time kept.
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
        """Whether it is a regular file."""
        return stat.S_ISREG(self.mode)

    def is_same_directory(self, other: FileStat) -> bool:
        """Return whether both are of the same directory, even if its contents have changed."""
        return (self.device, self.inode) == (other.device, other.inode)


class StatCache:
    """The last stat of all known paths below a base directory, by the directory that they are in."""

    def __init__(self, base: Path, clock: Callable[[], int] = time.time_ns) -> None:
        """Begin empty; paths are relative to `base`, which itself is the empty path.

        `clock` returns the time in nanoseconds, by the clock of the file system.
        """
        self.base = base
        """The base directory."""
        self._below = f"{base}/"
        self._directories: dict[str, dict[str, FileStat | None]] = {}
        self.linked: set[str] = set()
        """Links that are followed: the kernel does not report changes of their targets."""
        self._clock = clock
        self._fresh: set[str] = set()
        self.current = ""
        """The path whose stat was read last. Each file and directory is checked before it is opened."""

    def stat(self, path: str) -> FileStat | None:
        """Return the current stat of `path`; None where it does not exist or cannot be read."""
        self.current = path
        try:
            # The base may be a link, given by the operator.
            status = os.lstat(self._below + path) if path else self.base.stat()
            if stat.S_ISLNK(status.st_mode):
                status = self._followed(path, status)
        except OSError:
            return None
        return FileStat(
            status.st_mode, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
        )

    def differing(self, paths: Iterable[str]) -> list[str]:
        """Return those of `paths` whose current stat is not the last stored one.

        All known paths are compared again and again: this takes two thirds of the time of `stat` and `last` for each.
        """
        by_directory: dict[str, list[str]] = {}
        for path in paths:
            directory, _, name = path.rpartition("/")
            by_directory.setdefault(directory, []).append(name)
        return [path for directory, names in by_directory.items() for path in self._differing_in(directory, names)]

    def _differing_in(self, directory: str, names: Sequence[str]) -> Iterator[str]:
        self.current = directory
        known = self._directories.get(directory, {})
        below = f"{directory}/" if directory else ""
        with _opened(self._below + directory if len(names) >= _MANY else None) as descriptor:
            start = "" if descriptor is not None else self._below + below
            for name in names:
                self.current = path = below + name
                try:
                    now = os.stat(start + name, dir_fd=descriptor, follow_symlinks=False)
                    times = (now.st_mtime_ns, now.st_ctime_ns)
                    is_same = known[name] == (now.st_mode, now.st_dev, now.st_ino, now.st_size, *times)
                except (OSError, KeyError):
                    is_same = False
                if not is_same and self.stat(path) != self.last(path):  # it may be a link that is followed
                    yield path

    def _followed(self, path: str, link: os.stat_result) -> os.stat_result:
        """Return the status of the target of a link, or of the link itself if it is not followed."""
        try:
            found = locate(self.base, path)
        except ClawtuiError:
            found = None
        if found is None:
            return link
        self.linked.add(path)
        return os.lstat(found[0] / found[1])

    def store(self, path: str, stat: FileStat | None) -> None:
        """Store the stat of `path`; with None the path is known, and the next pass of the reconciler reports it."""
        directory, name = _split(path)
        self._directories.setdefault(directory, {})[name] = stat
        # A directory is listed again whenever it is watched by a new generator, so it needs no second look.
        if stat is not None and not stat.is_directory and stat.ctime_ns > self._clock() - _FRESH_NS:
            self._fresh.add(path)

    def take_fresh(self) -> set[str]:
        """Return the paths of files that were stored right after a change since the last call.

        Each may have changed again without a difference in its stat.
        """
        fresh, self._fresh = self._fresh, set()
        return fresh

    def remove(self, path: str) -> None:
        """Remove `path`, which no longer exists."""
        directory, name = _split(path)
        names = self._directories.get(directory, {})
        names.pop(name, None)
        if not names:
            self._directories.pop(directory, None)

    def last(self, path: str) -> FileStat | None:
        """Return the last stored stat of `path`; None where there is none."""
        directory, name = _split(path)
        return self._directories.get(directory, {}).get(name)

    def is_directory(self, path: str) -> bool:
        """Return whether `path` was a directory according to its last stored stat."""
        last = self.last(path)
        return last is not None and last.is_directory

    def names(self, directory: str) -> frozenset[str]:
        """Return the known names in `directory`."""
        return frozenset(self._directories.get(directory, ()))

    def paths(self) -> Iterator[str]:
        """Iterate over all known paths."""
        for directory, names in self._directories.items():
            if directory == _NOWHERE:
                yield ""
            else:
                yield from (f"{directory}/{name}" if directory else name for name in names)

    def listed(self) -> tuple[str, ...]:
        """Return the paths of all directories with a known entry."""
        return tuple(directory for directory in self._directories if directory != _NOWHERE)

    def directories(self) -> tuple[str, ...]:
        """Return the paths of all known directories."""
        return tuple(path for path in self.paths() if self.is_directory(path))

    def invalidate_files(self) -> None:
        """Clear the stat of every file, so that each is read again."""
        for names in self._directories.values():
            for name, stat_ in names.items():
                if stat_ is not None and not stat_.is_directory:
                    names[name] = None


@contextmanager
def _opened(directory: str | None) -> Iterator[int | None]:
    """Yield a descriptor of `directory` for `os.stat`; None without one, and where the system has none that reads
    nothing: an ordinary one would be reported by the kernel as an access to a watched directory.
    """
    descriptor = None
    if directory is not None and hasattr(os, "O_PATH"):
        with suppress(OSError):
            descriptor = os.open(directory, os.O_PATH | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _split(path: str) -> tuple[str, str]:
    if not path:
        return _NOWHERE, ""
    directory, _, name = path.rpartition("/")
    return directory, name
