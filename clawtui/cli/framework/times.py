"""Instants as people read them, where they are."""

from __future__ import annotations

from datetime import datetime

from clawtui.model.text.units import age_span, short_span


def local_minute(instant: datetime) -> str:
    """``2025-01-26 10:30`` in the time zone of this machine."""
    return f"{instant.astimezone():%Y-%m-%d %H:%M}"


def local_second(instant: datetime) -> str:
    """``01-26 10:30:05`` in the time zone of this machine: for what lies days apart at most."""
    return f"{instant.astimezone():%m-%d %H:%M:%S}"


def local_instant(instant: datetime) -> str:
    """``2025-01-26 10:30:05`` in the time zone of this machine."""
    return f"{instant.astimezone():%Y-%m-%d %H:%M:%S}"


def relative(instant: datetime, now: datetime) -> str:
    """``5m ago``, ``in 2h05m``, or ``now``."""
    if abs((instant - now).total_seconds()) < 1:
        return "now"
    return f"{age_span(now - instant)} ago" if instant < now else f"in {short_span(instant - now)}"


def due(instant: datetime, now: datetime) -> str:
    """When something is to happen: ``in 2h05m``, or how ``late`` it is by now."""
    return relative(instant, now) if instant >= now else f"{age_span(now - instant)} late"
