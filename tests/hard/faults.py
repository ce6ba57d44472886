"""Getting in between any two changes that this process makes to the disk."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from clawtui.files.fs import renameat2

_CHANGES = ("write", "fsync", "rename", "link", "unlink", "rmdir", "mkdir", "chmod", "fchmod", "utime", "ftruncate")
"""The functions of ``os`` that change the disk; ``open`` does where it makes a file, and a raw file's ``write``."""

Before = Callable[[str], object]


def nothing(change: str) -> None:
    """Do nothing before each change: a kill at the Nth of its lines is a kill before the Nth change."""
    return


@contextmanager
def in_between(before: Before) -> Iterator[None]:
    """Call ``before`` with the name of each change right before it; the change raises what it raises."""
    with pytest.MonkeyPatch.context() as patch:
        for name in _CHANGES:
            patch.setattr(os, name, _reporting(name, getattr(os, name), before))
        patch.setattr(renameat2, "renameat2", _reporting("rename", renameat2.renameat2, before))
        patch.setattr(os, "open", _reporting_open(os.open, before))
        patch.setattr(os, "fdopen", _reporting_fdopen(os.fdopen, before))
        yield


class _File(io.FileIO):
    """A raw file that reports before it writes."""

    before: Before = staticmethod(nothing)

    def write(self, data: Any, /) -> int:
        self.before("write")
        return super().write(data)


def _reporting(name: str, real: Callable[..., Any], before: Before) -> Callable[..., Any]:
    def change(*arguments: Any, **options: Any) -> Any:
        before(name)
        return real(*arguments, **options)

    return change


def _reporting_open(real: Callable[..., int], before: Before) -> Callable[..., int]:
    def open(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        if flags & os.O_CREAT:
            before("open")
        return real(path, flags, *arguments, **options)

    return open


def _reporting_fdopen(real: Callable[..., Any], before: Before) -> Callable[..., Any]:
    def fdopen(descriptor: int, mode: str = "r", buffering: int = -1, **options: Any) -> Any:
        if mode != "wb" or buffering != 0:
            return real(descriptor, mode, buffering, **options)
        file = _File(descriptor, "wb")
        file.before = before
        return file

    return fdopen


class FailingOnce:
    """Fails the Nth change once, as a faulty device does; the change is not made."""

    def __init__(self, step: int, errno: int) -> None:
        self._left = step
        self._errno = errno
        self.failed: str | None = None
        """The change that failed."""

    def __call__(self, change: str) -> None:
        self._left -= 1
        if self._left == 0:
            self.failed = change
            raise OSError(self._errno, os.strerror(self._errno))
