"""Watching on Linux: the kernel's inotify itself, through the C library.

watchfiles puts a thread and a set between the kernel and us, and the set can only be asked: asked every 5 ms that
costs 0.9 % of a core, asked every 75 ms a change waits 40 ms to be seen. The kernel's own descriptor can be waited
on, so a change is told within 0.3 ms and a rest costs nothing. And directories can be added to it while it watches:
a new workspace costs one call, where watchfiles is to be built anew with all of them.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from clawtui.live.watch_events import WatchEvents

if TYPE_CHECKING:
    import ctypes

_MODIFY, _ATTRIB, _CLOSE_WRITE, _MOVED_FROM, _MOVED_TO = 0x2, 0x4, 0x8, 0x40, 0x80
_CREATE, _DELETE, _DELETE_SELF, _MOVE_SELF = 0x100, 0x200, 0x400, 0x800
_UNMOUNT, _OVERFLOW, _IGNORED = 0x2000, 0x4000, 0x8000
_ONLY_DIRECTORIES = 0x0100_0000

_WANTED = (
    _MODIFY | _ATTRIB | _CLOSE_WRITE | _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE | _DELETE_SELF | _MOVE_SELF
) | _ONLY_DIRECTORIES
_NOT_THERE_ANY_MORE = _DELETE_SELF | _MOVE_SELF | _UNMOUNT | _IGNORED

_EVENT = struct.Struct("iIII")
"""Watch, mask, cookie, and how many bytes of a name follow."""
_ROOM = 1 << 16
"""Bytes that are read at once: some thousand events."""
_LEFT_OUT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP, errno.ENAMETOOLONG})
"""Why a directory among others cannot be watched, while the others can."""


class Event(NamedTuple):
    """One thing that happened in a watched directory, or to it where there is no name."""

    watch: int
    mask: int
    name: bytes


def available() -> bool:
    """Whether this system has it."""
    return sys.platform == "linux"


def events(data: bytes) -> Iterator[Event]:
    """What a read from an inotify descriptor says."""
    at = 0
    while at < len(data):
        watch, mask, _, length = _EVENT.unpack_from(data, at)
        at += _EVENT.size
        yield Event(watch, mask, data[at : at + length].rstrip(b"\0"))
        at += length


class InotifyWatcher:
    """One inotify instance over a list of directories, nothing below them."""

    def __init__(self) -> None:
        self._descriptor: int | None = None
        self._paths: dict[int, str] = {}
        self._watches: dict[str, int] = {}

    @property
    def serving(self) -> bool:
        """Whether the kernel tells of changes; where it does not, somebody has to look."""
        return self._descriptor is not None

    @property
    def descriptor(self) -> int | None:
        """Readable once there is something to collect."""
        return self._descriptor

    def watch(self, directories: Sequence[str], anew: Collection[str] | None = None) -> WatchEvents:
        """Watches these from now on, or nothing where that is not possible; what it had still to tell."""
        before = self.collect()
        wanted = set(directories)
        try:
            if self._descriptor is None:
                self._descriptor = _call("inotify_init1", os.O_NONBLOCK | os.O_CLOEXEC)
                anew = None
            for gone in self._watches.keys() - wanted:
                self._leave(gone)
            for directory in wanted if anew is None else wanted.intersection(anew):
                self._enter(directory)
        except OSError:  # no more watches, or no more instances
            self.close()
            return before._replace(doubt=True)
        return before

    def collect(self) -> WatchEvents:
        """What was told since the last time; returns at once."""
        paths: set[str] = set()
        doubt = False
        while self._descriptor is not None:
            try:
                data = os.read(self._descriptor, _ROOM)
            except BlockingIOError:
                break
            for event in events(data):
                doubt = doubt or bool(event.mask & _OVERFLOW)
                if (path := self._path_of(event)) is not None:
                    paths.add(path)
            if len(data) < _ROOM // 2:
                break
        return WatchEvents(frozenset(paths), doubt)

    def close(self) -> None:
        """Watches nothing any more."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = None
        self._paths.clear()
        self._watches.clear()

    def _path_of(self, event: Event) -> str | None:
        directory = self._paths.get(event.watch)
        if directory is None:
            return None
        if event.mask & _NOT_THERE_ANY_MORE:
            self._leave(directory)
            return directory
        if not event.name:
            return directory
        try:
            return f"{directory}/{event.name.decode()}"
        except UnicodeDecodeError:  # what cannot be named is found when its directory is listed
            return directory

    def _enter(self, directory: str) -> None:
        """Raises OSError where not even the next directory could be watched."""
        try:
            watch = _call("inotify_add_watch", self._descriptor, os.fsencode(directory), _WANTED)
        except OSError as error:
            if error.errno not in _LEFT_OUT:
                raise
            self._leave(directory)
            return
        # The kernel knows directories, not paths: the same one may have been watched under the name it had before.
        if (named := self._paths.get(watch, directory)) != directory:
            del self._watches[named]
        if self._watches.get(directory, watch) != watch:
            self._leave(directory)
        self._paths[watch] = directory
        self._watches[directory] = watch

    def _leave(self, directory: str) -> None:
        watch = self._watches.pop(directory, None)
        if watch is None:
            return
        del self._paths[watch]
        try:
            _call("inotify_rm_watch", self._descriptor, watch)
        except OSError as error:
            if error.errno != errno.EINVAL:  # the kernel has forgotten it by itself
                raise


@cache
def _library() -> ctypes.CDLL:
    # Imported on the live thread, while the first paint is on its way.
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: int | bytes | None) -> int:
    """Raises OSError with what the kernel says."""
    import ctypes

    result = int(getattr(_library(), name)(*arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
