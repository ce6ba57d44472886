"""The order in which the sources of one process begin connections to a host.

An sshd refuses connections at random once about ten are not logged in yet (``MaxStartups 10:30:100``), as when it comes
back and all sources try at once.
"""

from __future__ import annotations

import threading
from typing import Final

APART: Final = 0.15
"""Seconds between the beginnings of two connections to one host: a login takes a few tenths of a second."""


class Turns:
    """The times at which connections to each host begin. It may be used on any thread."""

    def __init__(self, apart: float = APART) -> None:
        self._apart = apart
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, host: str, now: float) -> float:
        """Return the seconds to wait before a connection to ``host`` is begun, and keep that time for the caller."""
        with self._lock:
            at = max(now, self._next.get(host, now))
            self._next[host] = at + self._apart
            return at - now


SHARED: Final = Turns()
"""Those of all sources of this process."""
