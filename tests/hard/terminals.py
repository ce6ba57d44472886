"""The dashboard in terminals that are not kind to it, and how they are left."""

from __future__ import annotations

import os
import pty
import select
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import psutil

from tests.e2e.terminal import Terminal
from tests.waiting import wait_until

DASHBOARD = (sys.executable, "-m", "clawtui")

MODES = (1049, 1000, 1002, 1003, 1006, 1004, 2004, 2048)
"""The alternate screen, the mouse, focus reports, bracketed paste, in-band resizes."""

WITHIN = 20.0
"""Seconds that a busy machine may take for what takes less than one second on an idle one."""


class HardTerminal(Terminal):
    """A terminal that can stop reading, and that reports the state in which it was left."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        cols: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._may_read = threading.Event()
        self._may_read.set()
        super().__init__(command, cols=cols, rows=rows, env=env, cwd=cwd)

    def _next_bytes(self) -> bytes:
        while not self._may_read.wait(0.05):
            if select.select([self._wake_reader], [], [], 0)[0]:
                return b""
        return super()._next_bytes()

    def stop_reading(self) -> None:
        """Stop reading: the output fills the kernel's buffer, then the program's writes block."""
        self._may_read.clear()

    def read_on(self) -> None:
        """Continue to read, with the buffered output first."""
        self._may_read.set()

    @property
    def attributes(self) -> list[object]:
        """Return how the terminal handles input and output: raw or not, echo or not."""
        return termios.tcgetattr(self._master)

    def modes_left_on(self) -> list[int]:
        """Return which of the modes that a dashboard switches on are on."""
        return [mode for mode in MODES if self.mode(mode)]

    def unread(self) -> bool:
        """Return whether the program wants to write more than the terminal takes: the buffer stays full."""
        return not self._may_read.is_set() and bool(select.select([self._master], [], [], 0)[0])


@cache
def untouched_attributes() -> list[object]:
    """Return the attributes of an unused terminal."""
    master, slave = pty.openpty()
    try:
        return termios.tcgetattr(slave)
    finally:
        os.close(master)
        os.close(slave)


def assert_left_as_it_was(terminal: HardTerminal) -> None:
    """Assert that the terminal is as before the program, and that no process of it is left."""
    wait_until(lambda: terminal.modes_left_on() == [], what="the end of all modes")
    assert terminal.cursor is not None, "the cursor is hidden"
    assert terminal.attributes == untouched_attributes()
    assert terminal.left_behind() == []


def hard_dashboard(
    root: Path, *options: str, cols: int = 120, rows: int = 40, env: Mapping[str, str] | None = None
) -> HardTerminal:
    """Return the dashboard over ``root``; clawtui's own directory is beside it."""
    own = {"XDG_STATE_HOME": f"{root.parent}/own-state", "XDG_CONFIG_HOME": f"{root.parent}/own-config", "TZ": "UTC"}
    command: list[str | Path] = [*DASHBOARD, "--root", root, *options]
    return HardTerminal(command, cols=cols, rows=rows, env=own | dict(env or {}))


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds that a process has used so far."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def seconds_to_end(terminal: Terminal, deadline: float = WITHIN) -> float:
    """Return how long the program takes from now to its end."""
    began = time.monotonic()
    wait_until(lambda: terminal.process.poll() is not None, deadline, "the end")
    return time.monotonic() - began
