"""Waking a thread that waits for the kernel."""

from __future__ import annotations

import math
import os
import select
import threading


class Wakeup:
    """Any thread rings it; one waits for it, and for a descriptor as well where that is wanted."""

    def __init__(self) -> None:
        self._inside, self._outside = os.pipe()
        os.set_blocking(self._inside, False)
        os.set_blocking(self._outside, False)
        self._up = True
        self._lock = threading.Lock()

    def ring(self) -> None:
        """Ends the wait that is going on, or the next one; nothing where it was taken down."""
        with self._lock:
            if not self._up:
                return
            try:
                os.write(self._outside, b"!")
            except BlockingIOError:  # it has been rung often enough
                return

    def wait(self, seconds: float, descriptor: int | None = None) -> None:
        """Returns once it was rung, ``descriptor`` is readable, or so many seconds have passed."""
        poll = select.poll()
        poll.register(self._inside, select.POLLIN)
        if descriptor is not None:
            poll.register(descriptor, select.POLLIN)
        # Rounded up: a wait that ended just before something is due would be for nothing.
        ready = poll.poll(math.ceil(1000 * max(seconds, 0.0)))
        if any(one == self._inside for one, _ in ready):
            os.read(self._inside, 1 << 10)

    def take_down(self) -> None:
        """Lets go of it; for whoever waited."""
        with self._lock:
            if self._up:
                self._up = False
                os.close(self._inside)
                os.close(self._outside)
