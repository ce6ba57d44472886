"""Ending when we are told to or the terminal is gone: orderly, and where that takes too long, all the same."""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

HUNG_UP = 128 + signal.SIGHUP
"""The exit status of a program that SIGHUP ends."""

GRACE = 1.0
"""Seconds that an orderly end may take before there is a disorderly one."""

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)

AskToEnd = Callable[[int], None]
"""Is given the exit status; called on whichever thread notices, so it only asks."""


class Ending:
    """Asks for an end, once, and makes one after ``GRACE`` seconds.

    The orderly end needs the event loop, which may be held up by a file system that does not answer: ``last_words``
    restores the terminal without it.
    """

    def __init__(self, ask: AskToEnd, last_words: Callable[[], None]) -> None:
        self._ask = ask
        self._last_words = last_words
        self._begun = threading.Event()

    def watch_signals(self) -> None:
        """Ends at every signal that means so, but for those that are ignored, as SIGHUP is under ``nohup``."""
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda number, _: self.begin(128 + number))

    def watch_terminal(self, descriptor: int) -> None:
        """Ends once ``descriptor``'s terminal is gone.

        SIGHUP is no help where it is ignored: the app would live on, spinning, for ever.
        """
        _in_background(partial(self._wait_for_hangup, descriptor), "hangup")

    def begin(self, status: int) -> None:
        """Asks for the end, and sees to it."""
        if self._begun.is_set():
            return
        self._begun.set()
        _in_background(partial(self._end_anyhow, status), "ending")
        self._ask(status)

    def _wait_for_hangup(self, descriptor: int) -> None:
        poll = select.poll()
        # No event is asked for: POLLHUP, POLLERR and POLLNVAL are reported all the same, and a key does not wake us.
        poll.register(descriptor, 0)
        poll.poll()
        self.begin(HUNG_UP)

    def _end_anyhow(self, status: int) -> None:
        threading.Event().wait(GRACE)
        try:
            self._last_words()
        finally:
            os._exit(status)


def _in_background(work: Callable[[], None], name: str) -> None:
    with suppress(RuntimeError):  # no more threads: the orderly end is left, and the guard of the terminal
        threading.Thread(target=work, name=name, daemon=True).start()
