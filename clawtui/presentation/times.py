"""Instants as a person reads them, in the time zone of this machine, and their distance from now.

No function here reads the clock: ``now`` is passed in. All instants have a time zone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

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


def ago(instant: datetime, now: datetime) -> str:
    """Return the age of a past event: ``5m ago``, or ``now``.

    A time in the future was written by a clock that is ahead of this one; the text then has the difference.
    """
    ahead = instant - now
    return relative(instant, now) if ahead < timedelta(seconds=1) else f"now, by a clock {short_span(ahead)} ahead"


def due(instant: datetime, now: datetime) -> str:
    """Return when an event planned for ``instant`` happens: ``in 2h05m``, or ``5m late`` if it is overdue.

    The distance is that of ``relative``, so that at the instant itself it is ``now``.
    """
    return relative(instant, now) if instant >= now else f"{age_span(now - instant)} late"
