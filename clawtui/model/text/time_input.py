"""Times that an operator types."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from clawtui.model.text.units import parse_span


def parse_moment(
    text: str, *, now: datetime, origin: datetime | None, near: datetime | None, zone: tzinfo | None
) -> datetime | None:
    """Return the time that ``text`` means; None if it is not a time.

    Args:
        text: ``10:30`` or ``10:30:05`` on the day of ``near``, ``2025-01-26T10:30`` with or without a zone, ``5m`` or
            ``5m ago`` before ``now``, or ``+5m`` after ``origin``.
        now: The current time.
        origin: The start of the log that is shown; without one ``+5m`` is not a time.
        near: A time on the day that is shown; ``now`` if it is None.
        zone: The zone of a time without one; None for the machine's.
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
