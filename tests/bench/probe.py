"""A pseudo-terminal that notes which bytes came when, and does nothing else with them.

Nothing is emulated while time is taken: the one thread sleeps in ``select`` until there are bytes.
"""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

_MEDDLING = re.compile(r"^(COLUMNS|LINES|NO_COLOR|FORCE_COLOR|TERM.*|COLORTERM|TMUX.*|TEXTUAL.*|CLAWDBOT_.*|XDG_.*)$")
"""Variables in the environment of the measurement that change what a program draws."""
_FIXED = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

DEADLINE = 60.0
"""Seconds after which what did not come never will."""

Expected = bytes | Callable[[bytes], object]
"""What is waited for: some bytes, or whatever holds for all that came since the mark."""


class Chunk(NamedTuple):
    """The bytes of one ``read``, and its time."""

    at: float
    data: bytes


class Late(Exception):
    """Raised when the expected output did not come in time."""


class Probe:
    """A program in a terminal of its own; as a context manager, it ends the program."""

    def __init__(self, command: Sequence[str | Path], *, cols: int = 120, rows: int = 40, home: Path) -> None:
        self._chunks: list[Chunk] = []
        self.started = time.monotonic()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            _become(list(map(str, command)), cols, rows, home)
        os.set_blocking(self._master, False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def until(self, expected: Expected, deadline: float = DEADLINE, since: int | None = None) -> float:
        """Return when the last byte of ``expected`` arrived, counted from the mark ``since`` (by default, from now on).

        Raises Late with what came instead.
        """
        mark = self.mark if since is None else since
        end = time.monotonic() + deadline
        seen = b"".join(chunk.data for chunk in self._chunks[mark:])
        while not _holds(expected, seen):
            left = end - time.monotonic()
            chunk = self._next(left) if left > 0 else None
            if chunk is None:
                raise Late(f"{expected!r} did not come within {deadline:g} s; what came ends in {seen[-300:]!r}")
            seen += chunk.data
        return self._chunks[-1].at if len(self._chunks) > mark else time.monotonic()

    @property
    def mark(self) -> int:
        """Return a mark for the output that was read so far."""
        return len(self._chunks)

    def since(self, mark: int) -> list[Chunk]:
        """Return what was read since ``mark`` was taken."""
        return self._chunks[mark:]

    def read_for(self, seconds: float) -> list[Chunk]:
        """Return each chunk that comes in the next ``seconds``."""
        mark, end = self.mark, time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._next(left)
        return self.since(mark)

    def read_until_any(self, deadline: float) -> bool:
        """Return whether anything came within so many seconds; returns as soon as it did."""
        return self._next(deadline) is not None

    def settle(self, quiet: float = 0.3, deadline: float = DEADLINE) -> None:
        """Wait until nothing has come for ``quiet`` seconds."""
        end = time.monotonic() + deadline
        while self._next(quiet) is not None:
            if time.monotonic() > end:
                raise Late(f"it was never quiet for {quiet} s within {deadline:g} s")

    def send(self, keys: str | bytes) -> float:
        """Press keys; return when."""
        at = time.monotonic()
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)
        return at

    def wait(self) -> float:
        """Wait until the program has ended; return when."""
        while self._next(DEADLINE) is not None:
            pass
        return time.monotonic()

    def close(self) -> None:
        """Hang up, and kill the remaining processes."""
        os.close(self._master)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def _next(self, timeout: float) -> Chunk | None:
        ready, _, _ = select.select([self._master], [], [], max(0.0, timeout))
        if not ready:
            return None
        try:
            data = os.read(self._master, 1 << 20)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return None
        chunk = Chunk(time.monotonic(), data)
        self._chunks.append(chunk)
        return chunk


def _become(command: list[str], cols: int, rows: int, home: Path) -> None:
    """Turn the child into the program; does not return."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        env = {name: value for name, value in os.environ.items() if not _MEDDLING.match(name)} | _FIXED
        env |= {"XDG_STATE_HOME": str(home / "state"), "XDG_CONFIG_HOME": str(home / "config")}
        os.execvpe(command[0], command, env)
    except BaseException as error:  # noqa: BLE001  a forked copy of us must not go on
        print(f"{command[0]}: {error}", file=sys.stderr)
        os._exit(127)


def _holds(expected: Expected, seen: bytes) -> bool:
    return expected in seen if isinstance(expected, bytes) else bool(expected(seen))
