"""Ending when the terminal is gone, whatever became of SIGHUP."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable

HUNG_UP = 129
"""The exit status of a program that SIGHUP ends: 128 + 1."""

_GRACE = 2.0
"""Seconds that an orderly end may take before there is a disorderly one."""


def watch_for_hangup(descriptor: int, ask_to_end: Callable[[], None]) -> None:
    """Starts a daemon thread that asks for an end once ``descriptor``'s terminal is gone, and then makes one.

    SIGHUP is no help where it is ignored (nohup, some shells): the app would live on, spinning, for ever.
    """
    threading.Thread(target=_wait_for_hangup, args=(descriptor, ask_to_end), name="hangup", daemon=True).start()


def _wait_for_hangup(descriptor: int, ask_to_end: Callable[[], None]) -> None:
    poll = select.poll()
    # No event is asked for: POLLHUP, POLLERR and POLLNVAL are reported all the same, and a key does not wake us.
    poll.register(descriptor, 0)
    poll.poll()
    ask_to_end()
    threading.Event().wait(_GRACE)
    os._exit(HUNG_UP)
