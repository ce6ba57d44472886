"""A message on standard error while a command waits for a file system that does not answer."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from types import FrameType
from typing import Final, NamedTuple

from clawtui.cli.framework.output import say

AFTER = 2.0
"""Seconds between two looks at the thread; if both find it in the same call, that is reported."""
_IDLE: Final = 0.05
"""Seconds of processor time between two looks; a thread that used more has not waited in one call."""
_PACKAGE: Final = Path(__file__).parents[2]
_PLACES: Final = (
    *(f"{_PACKAGE / name}{os.sep}" for name in ("files", "storage", "openclaw")),
    *(str(Path(module.__file__ or "")) for module in (os, os.path)),
)
"""Modules whose functions access files; a wait in another one, such as for an answer or a process, is none of these."""
_DEPTH: Final = 8
_NAMES: Final = ("path", "file", "place", "directory", "root", "base", "self")


@contextmanager
def waits_reported() -> Iterator[None]:
    """Report on standard error, once for each path, that the current thread waits for it."""
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(threading.get_ident(), over), name="waiting", daemon=True)
    with suppress(RuntimeError):  # the system can start no thread at the moment: there is no report then
        watcher.start()
    try:
        yield
    finally:
        over.set()


def _watch(watched: int, over: threading.Event) -> None:
    """Compare the innermost call of the thread ``watched`` every few seconds until ``over``."""
    reported: set[str] = set()
    last, used = _call(watched), _processor_time(watched)
    while not over.wait(AFTER):
        call, now = _call(watched), _processor_time(watched)
        if call is not None and call == last and now - used < _IDLE and call.path not in reported:
            reported.add(call.path)
            say(f"still waiting for {call.path}")
        last, used = call, now


class _Call(NamedTuple):
    """A call that accesses a file."""

    frame: int
    position: int
    path: str


def _call(thread: int) -> _Call | None:
    """Return the innermost call of a thread; None if it accesses no file, or none that is known."""
    frame = sys._current_frames().get(thread)
    if frame is None or not _accesses_files(frame):
        return None
    path = _path_of(frame)
    return None if path is None else _Call(id(frame), frame.f_lasti, path)


def _accesses_files(frame: FrameType) -> bool:
    name = frame.f_code.co_filename
    return name.startswith(_PLACES) or "pathlib" in PurePath(name).parts[-2:] or PurePath(name).stem == "pathlib"


def _processor_time(thread: int) -> float:
    try:
        return time.clock_gettime(time.pthread_getcpuclockid(thread))
    except (AttributeError, OSError):  # a system without such clocks: the comparison of calls is enough
        return 0.0


def _path_of(innermost: FrameType) -> str | None:
    """Return the path that the innermost functions are about; None if they do not name one."""
    frame: FrameType | None = innermost
    for _ in range(_DEPTH):
        if frame is None:
            return None
        values = frame.f_locals
        base, relative = values.get("base"), values.get("relative")
        if isinstance(base, PurePath) and isinstance(relative, str):
            return str(base / relative)
        for name in _NAMES:
            if isinstance(value := values.get(name), PurePath):
                return str(value)
        frame = frame.f_back
    return None
