"""A time as an operator types it."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from clawtui.model.text.units import parse_span


def parse_moment(
    text: str, *, now: datetime, origin: datetime | None, near: datetime | None, zone: tzinfo | None
) -> datetime | None:
    """The instant that ``text`` names; None where it names none.

    ``10:30`` and ``10:30:05`` are of the day of ``near``, in ``zone`` (None is the machine's), ``2025-01-26T10:30`` is
    there too where it names no zone, ``5m`` and ``5m ago`` are before ``now``, and ``+5m`` is after ``origin``.
    """
    written = text.strip()
    try:
        if written.startswith("+"):
            return _after(origin, parse_span(written[1:]))
        span = parse_span(written.removesuffix("ago").strip())
        if span is not None:
            return now - span
        return _of_day(written, near or now, zone) or _local(datetime.fromisoformat(written), zone)
    except (ValueError, OverflowError):
        return None


def _after(origin: datetime | None, span: timedelta | None) -> datetime | None:
    return None if origin is None or span is None else origin + span


def _of_day(written: str, near: datetime, zone: tzinfo | None) -> datetime | None:
    try:
        at = time.fromisoformat(written.zfill(5) if written[1:2] == ":" else written)
    except ValueError:
        return None
    if ":" not in written:
        return None
    return _local(datetime.combine(near.astimezone(zone).date(), at), zone)


def _local(instant: datetime, zone: tzinfo | None) -> datetime:
    if instant.tzinfo is not None:
        return instant
    return instant.astimezone() if zone is None else instant.replace(tzinfo=zone)
