"""A real pseudo-terminal with a program in it.

The program runs in a session of its own with the terminal as its controlling one, so that resizing, Ctrl+C,
Ctrl+Z and hanging up reach it as they would from a terminal emulator. A thread reads all that it writes: it is
never held up by a test that looks elsewhere.
"""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import select
import signal as signals
import struct
import subprocess
import termios
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.e2e.keys import key_bytes
from tests.e2e.screen import Screen
from tests.forkserver.request import TAKE_TERMINAL

_MEDDLING = re.compile(r"^(COLUMNS|LINES|NO_COLOR|FORCE_COLOR|TERM.*|COLORTERM|TMUX.*|TEXTUAL.*|CLAWDBOT_.*)$")
"""Variables in the environment of the tests that change what a program draws."""


class Terminal(Screen):
    """Runs ``command`` in a terminal of ``cols`` by ``rows``; as a context manager, ends the remaining processes."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        cols: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        super().__init__(cols, rows)
        self._master, slave = pty.openpty()
        self._wake_reader, self._wake = os.pipe()
        self._hung_up = self._closed = False
        self._set_size(cols, rows)
        undisturbed = {name: value for name, value in os.environ.items() if not _MEDDLING.match(name)}
        fixed = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen(
            [*TAKE_TERMINAL, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=undisturbed | fixed | dict(env or {}),
            cwd=cwd,
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, name="terminal-reader", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self) -> None:
        try:
            while data := self._next_bytes():
                self.feed(data)
        finally:
            self.end()

    def _next_bytes(self) -> bytes:
        """Return the next output; none after a hang-up, or once no process has the other side open."""
        ready, _, _ = select.select([self._master, self._wake_reader], [], [])
        if self._wake_reader in ready:
            return b""
        try:
            return os.read(self._master, 1 << 16)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return b""

    def press(self, *keys: str) -> None:
        """Press keys by name: ``j``, ``enter``, ``esc``, ``shift+tab``, ``ctrl+c``, ``alt+x``, ``f1``.

        A program tells Esc from the start of another key by the pause after it: wait for its effect before the next.
        """
        for key in keys:
            self.send(key_bytes(key))

    def send(self, data: bytes) -> None:
        """Send bytes unchanged, such as the answer of a terminal, or a paste."""
        while data:
            data = data[os.write(self._master, data) :]

    def click(self, row: int, col: int) -> None:
        """Press and release the left button on a cell."""
        place = f"{col + 1};{row + 1}"
        self.send(f"\x1b[<0;{place}M\x1b[<0;{place}m".encode())

    def resize(self, cols: int, rows: int) -> None:
        """Change the window's size; the kernel signals the program."""
        super().resize(cols, rows)
        self._set_size(cols, rows)

    def _set_size(self, cols: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def signal(self, number: int) -> None:
        """Send a signal to the program alone, as ``kill`` does."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Close the terminal, as closing its window does."""
        if self._hung_up:
            return
        self._hung_up = True
        os.write(self._wake, b"x")
        self._reader.join()
        os.close(self._master)

    def wait_exit(self, deadline: float = 30.0) -> int:
        """Return the exit status once the program has ended and its last output is shown; minus a signal's number."""
        try:
            status = self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the program had not ended after {deadline} s; the screen:\n{self.text}") from None
        self._reader.join(1.0)
        return status

    def left_behind(self) -> list[psutil.Process]:
        """Return every process in the terminal's session, or in another below the program while that still runs."""
        found = {}
        if self.process.poll() is None:
            found = {child.pid: child for child in psutil.Process(self.process.pid).children(recursive=True)}
        for process in psutil.process_iter():
            try:
                if os.getsid(process.pid) == self.process.pid and process.status() != psutil.STATUS_ZOMBIE:
                    found[process.pid] = process
            except (ProcessLookupError, PermissionError, psutil.NoSuchProcess):
                continue
        return list(found.values())

    def close(self) -> None:
        """Hang up, and kill the processes that are left."""
        if self._closed:
            return
        self._closed = True
        left = self.left_behind()
        self.hang_up()
        for process in left:
            try:
                process.send_signal(signals.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        self.process.wait()
        os.close(self._wake)
        os.close(self._wake_reader)
