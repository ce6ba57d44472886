"""The ownership of a stock gateway: its lease, its starts and ends, and the locks that it and its sessions hold."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

LEASE_SPAN = timedelta(minutes=5)
"""How long a lease is valid after a heartbeat."""


class Lease(Struct, frozen=True):
    """The gateway's claim on its state: a row that it renews every 30 seconds."""

    pid: int | None
    host: str | None
    start_ticks: int | None
    created: datetime | None
    heartbeat: datetime | None
    expires: datetime | None
    port: int | None = None

    def covers(self, instant: datetime) -> bool:
        """Return whether it was, or is, valid at ``instant``."""
        if self.created is None or self.expires is None:
            return False
        return self.created <= instant <= self.expires

    def is_expired(self, now: datetime) -> bool:
        """Return whether it is no longer valid."""
        return self.expires is not None and self.expires < now


class Boot(Struct, frozen=True):
    """One start of the gateway, and its end if it was shut down normally."""

    pid: int | None
    started: datetime
    completed: datetime | None = None
    outcome: str | None = None
    reason: str | None = None


class OwnedLock(Struct, frozen=True):
    """A lock file of the gateway, or of one session of an agent."""

    kind: Literal["gateway", "session"]
    path: str
    """Relative to the root; absolute for one outside of it."""
    pid: int | None
    start_ticks: int | None = None
    created: datetime | None = None
    max_hold: timedelta | None = None
    """The time after which a session's lock is taken back."""
    port: int | None = None
    problem: str | None = None
    """Why it cannot be read."""
    outside: bool = False
    """Whether it is outside the root; such a lock is shown and never moved."""

    def is_expired(self, now: datetime) -> bool:
        """Return whether it is older than ``max_hold``."""
        return self.created is not None and self.max_hold is not None and self.created + self.max_hold < now
