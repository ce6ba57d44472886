"""Instants as a person reads them, in the time zone of this machine, and their distance from now.

No function here reads the clock: ``now`` is passed in. All instants have a time zone.
"""

from __future__ import annotations

from datetime import datetime

from clawtui.model.text.units import age_span, short_span


def local_minute(instant: datetime) -> str:
    """Return ``instant`` as ``2025-01-26 10:30``."""
    return f"{instant.astimezone():%Y-%m-%d %H:%M}"


def local_second(instant: datetime) -> str:
    """Return ``instant`` as ``01-26 10:30:05``, for a list whose entries are days apart at most."""
    return f"{instant.astimezone():%m-%d %H:%M:%S}"


def local_instant(instant: datetime) -> str:
    """Return ``instant`` as ``2025-01-26 10:30:05``."""
    return f"{instant.astimezone():%Y-%m-%d %H:%M:%S}"


def relative(instant: datetime, now: datetime) -> str:
    """Return the distance of ``instant`` from ``now``: ``5m ago``, ``in 2h05m``, or ``now`` below a second."""
    if abs((instant - now).total_seconds()) < 1:
        return "now"
    return f"{age_span(now - instant)} ago" if instant < now else f"in {short_span(instant - now)}"


def due(instant: datetime, now: datetime) -> str:
    """Return when something planned for ``instant`` happens: ``in 2h05m``, or ``5m late`` where that is past.

    The distance is that of ``relative``, so that at the instant itself it is ``now``.
    """
    return relative(instant, now) if instant >= now else f"{age_span(now - instant)} late"
