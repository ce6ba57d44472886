"""The input of the terminal until its end, and the end of the dashboard at a signal or a hang-up.

That end is orderly, or by force after a time limit. Textual's own loop for input looks ten times a second whether to
end, which costs more than the ticks of a dashboard at rest; here it sleeps while there is no input.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

from textual import constants
from textual._xterm_parser import XTermParser
from textual.message import Message

HUNG_UP = 128 + signal.SIGHUP
"""The exit status of a program that SIGHUP ends."""

GRACE = 1.0
"""Seconds that an orderly end may take before the process is ended by force."""

_CHUNK: Final = 4096
_ESCAPE: Final = constants.ESCAPE_DELAY + 0.001
"""Seconds after the last byte until a lone Escape is known not to be the start of a sequence."""
_LAST: Final = 0.1
"""Seconds for which the answers of the terminal are still read at the end."""

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)

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
    """The event at which the input thread ends; it wakes that thread."""

    def __init__(self) -> None:
        super().__init__()
        self._woken, self._waking = socket.socketpair()

    def fileno(self) -> int:
        """Return the descriptor that can be read once it is set."""
        return self._woken.fileno()

    def set(self) -> None:
        """Set it, and wake the input thread."""
        if not self.is_set():
            super().set()
            self._waking.send(b"!")

    def clear(self) -> None:
        """Reset it for the next input thread."""
        if self.is_set():
            self._woken.recv(1)
            super().clear()

    def close(self) -> None:
        """Free the descriptors."""
        self._woken.close()
        self._waking.close()


def read_input(terminal: int, end: InputEnd, take: Callable[[Message], None]) -> None:
    """Pass each key to `take` until `end` is set or the input ends. It waits with a timeout after input only."""
    parser = XTermParser()
    decode = getincrementaldecoder("utf-8")().decode
    timeout: float | None = None
    while not end.is_set():
        ready, _, _ = select.select([terminal, end.fileno()], [], [], timeout)
        timeout = None
        if terminal in ready:
            if not (data := os.read(terminal, _CHUNK)):
                return
            timeout = _ESCAPE
            _pass_on(parser, decode(data), take)
        for message in parser.tick():
            take(message)
    if select.select([terminal], [], [], _LAST)[0]:
        _pass_on(parser, decode(os.read(terminal, _CHUNK), final=True), take)


def _pass_on(parser: XTermParser, text: str, take: Callable[[Message], None]) -> None:
    for message in parser.feed(text) if text else ():  # without a text the parser would end
        take(message)
