"""A small process that restores the terminal if the dashboard dies before it has done so itself.

A process that is killed, or aborts because it is out of memory, cannot restore the terminal. The guard is forked
before anything else is loaded and reads from a pipe; end of file means that the dashboard has ended.
"""

from __future__ import annotations

import os
import signal
import termios
from contextlib import suppress

from clawtui.tui.terminal.output import GIVE_BACK, write_at_once

_TAKEN = b"T"
_GIVEN_BACK = b"G"
_IGNORED = (
    *(signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP),
    *(signal.SIGTSTP, signal.SIGTTOU, signal.SIGTTIN),
)
_MOST_OPEN = 1024
"""The guard closes all descriptors below this number, so that no file of the dashboard stays open."""


class TerminalGuard:
    """Handle of the guard of one terminal, in the dashboard's process. Without a guard, every method does nothing."""

    def __init__(self, terminal: int) -> None:
        """Start the guard of ``terminal``; must be called before threads are started."""
        self._pipe = -1
        self._process = 0
        try:
            reading, writing = os.pipe()
        except OSError:
            return
        try:
            process = os.fork()
        except OSError:  # the process limit is reached: the dashboard works without a guard
            os.close(reading)
            os.close(writing)
            return
        if process == 0:
            _guard(terminal, reading)
        os.close(reading)
        self._pipe, self._process = writing, process

    @property
    def process(self) -> int:
        """The process id of the guard; 0 where there is none."""
        return self._process

    def taken(self) -> None:
        """Report to the guard that the terminal is in the dashboard's modes."""
        self._send(_TAKEN)

    def given_back(self) -> None:
        """Report to the guard that the terminal has been restored."""
        self._send(_GIVEN_BACK)

    def end(self) -> None:
        """End the guard and wait for it; it restores the terminal first, unless that was done already."""
        pipe, self._pipe = self._pipe, -1
        if pipe < 0:
            return
        os.close(pipe)
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)

    def _send(self, state: bytes) -> None:
        if self._pipe >= 0:
            with suppress(OSError):
                os.write(self._pipe, state)


def _guard(terminal: int, reading: int) -> None:
    """Wait for the end of the dashboard, restore the terminal if it is still in its modes, and end without clean-up."""
    try:
        for number in _IGNORED:
            signal.signal(number, signal.SIG_IGN)
        os.closerange(3, reading)
        os.closerange(reading + 1, _MOST_OPEN)
        attributes = termios.tcgetattr(terminal)
        state = _GIVEN_BACK
        while states := os.read(reading, 64):
            state = states[-1:]
        if state == _TAKEN:
            termios.tcsetattr(terminal, termios.TCSANOW, attributes)
            write_at_once(terminal, GIVE_BACK)
    except (OSError, termios.error):
        pass  # the terminal is gone: there is nothing to restore
    finally:
        os._exit(0)
