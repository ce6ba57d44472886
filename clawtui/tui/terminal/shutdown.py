"""The end of the dashboard at a signal or a hang-up, orderly or by force after a time limit; and that of its input."""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from textual import constants

HUNG_UP = 128 + signal.SIGHUP
"""The exit status of a program that SIGHUP ends."""

GRACE = 1.0
"""Seconds that an orderly end may take before the process is ended by force."""

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)

_WAITS_AFTER_KEY = 2 + int(constants.ESCAPE_DELAY / 0.1)
"""Waits of Textual, of 0.1 s each, after which a lone Escape has been told from the start of a sequence."""

AskToEnd = Callable[[int], None]
"""Function that asks the event loop for an orderly end with an exit status; it is called on any thread."""


class Ending:
    """Procedure that requests an orderly end once, and ends the process by force after `GRACE` seconds.

    The orderly end needs the event loop, which an unresponsive file system can block; `restore` restores the terminal
    without it.
    """

    def __init__(self, ask: AskToEnd, restore: Callable[[], None]) -> None:
        self._ask = ask
        self._restore = restore
        self._begun = threading.Event()

    def watch_signals(self) -> None:
        """End at every terminating signal, except those that are ignored, such as SIGHUP under ``nohup``."""
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda number, _: self.begin(128 + number))

    def watch_terminal(self, descriptor: int) -> None:
        """End when the terminal of `descriptor` is gone.

        Otherwise, where SIGHUP is ignored, the app would not end, and would use 100 % of a CPU.
        """
        _in_background(partial(self._wait_for_hangup, descriptor), "hangup")

    def begin(self, status: int) -> None:
        """Request the end with exit status `status`, and enforce it after `GRACE` seconds."""
        if self._begun.is_set():
            return
        self._begun.set()
        _in_background(partial(self._end_by_force, status), "ending")
        self._ask(status)

    def _wait_for_hangup(self, descriptor: int) -> None:
        poll = select.poll()
        # The mask is 0: POLLHUP, POLLERR and POLLNVAL are reported anyway, and a key does not wake the thread.
        poll.register(descriptor, 0)
        poll.poll()
        self.begin(HUNG_UP)

    def _end_by_force(self, status: int) -> None:
        threading.Event().wait(GRACE)
        try:
            self._restore()
        finally:
            os._exit(status)


def _in_background(work: Callable[[], None], name: str) -> None:
    with suppress(RuntimeError):  # the thread limit is reached: only the orderly end and the terminal's guard are left
        threading.Thread(target=work, name=name, daemon=True).start()


class InputEnd(threading.Event):
    """The event at which Textual's input thread ends. It has that thread sleep while there is no input.

    The thread checks this event before each wait for input, which ends after 0.1 s. Ten waits a second cost more than
    the ticks of a dashboard at rest, so the check waits as well: until there is input, or the event is set.
    """

    def __init__(self, terminal: int) -> None:
        """Prepare for the input of the descriptor `terminal`."""
        super().__init__()
        self._terminal = terminal
        self._woken, self._waking = socket.socketpair()
        self._waits_left = 0

    def is_set(self) -> bool:
        """Return whether it is set; on the input thread, first wait for input."""
        if threading.current_thread().name == "textual-input" and not super().is_set():
            if self._waits_left:
                self._waits_left -= 1
            else:
                select.select([self._terminal, self._woken.fileno()], [], [])
                self._waits_left = _WAITS_AFTER_KEY
        return super().is_set()

    def set(self) -> None:
        """Set it, and wake the input thread."""
        if not super().is_set():
            super().set()
            self._waking.send(b"!")

    def clear(self) -> None:
        """Reset it for the next input thread."""
        if super().is_set():
            self._woken.recv(1)
            super().clear()

    def close(self) -> None:
        """Free the descriptors."""
        self._woken.close()
        self._waking.close()
