"""The relay of signals to a child process while this process waits for it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SignalMask = set[int | signal.Signals]

_LOOK_SECONDS = 0.5
"""Seconds between two checks of the command without a signal: another thread may receive our signal and drop it."""
_NONE = 0
_RELAYED = frozenset(
    {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD}
)
_FROM_KERNEL = 0x80
"""The code of a signal from the terminal, which the whole foreground process group receives, the command too."""


@contextmanager
def signals_blocked() -> Iterator[SignalMask]:
    """Block the signals that are passed on, and yield the mask that was in force before."""
    children = signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _RELAYED)
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGCHLD, children)


def drop_pending() -> None:
    """Drop the signals that are pending: they were meant for the command, which has ended."""
    while waiting := signal.sigpending() & _RELAYED:
        signal.sigwait(waiting)


def wait_for(child: int) -> int:
    """Wait until the command has ended, forward signals to it, and return its exit status."""
    while True:
        number, shared = _next_signal()
        if number in (signal.SIGCHLD, _NONE):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else 128 - code
        elif not shared:
            os.kill(child, number)


def _next_signal() -> tuple[int, bool]:
    """Return the next signal, or ``_NONE`` after a while, and whether the terminal sent it to the command too."""
    if sys.platform == "darwin":
        number = signal.sigwait(_RELAYED)
        return number, number in (signal.SIGINT, signal.SIGQUIT)
    received = signal.sigtimedwait(_RELAYED, _LOOK_SECONDS)
    return (received.si_signo, received.si_code == _FROM_KERNEL) if received is not None else (_NONE, False)
