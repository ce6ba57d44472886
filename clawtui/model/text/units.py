"""Times, spans and sizes as text: in the gateway's form for files, in a short one for people."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from clawtui.model.text.lazy_pattern import lazy_pattern

EARLIEST = datetime(1, 1, 3, tzinfo=UTC)
LATEST = datetime(9999, 12, 29, tzinfo=UTC)
"""Times beyond these are out of range in some time zones; documents and names that have one are invalid."""

_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_WORDS = {
    "ms": "milliseconds?|msecs?|ms",
    "m": "minutes?|mins?|m",
    "s": "seconds?|secs?|s",
    "h": "hours?|hrs?|h",
    "d": "days?|d",
    "w": "weeks?|wks?|w",
}
_UNIT = "|".join(f"(?P<{unit}>{words})" for unit, words in _WORDS.items())
_PARTS = lazy_pattern(rf"(?P<amount>\d+(?:\.\d+)?)\s*(?:{_UNIT})", re.ASCII | re.I)
_SPAN = lazy_pattern(rf"(?:\s*\d+(?:\.\d+)?\s*(?:{'|'.join(_WORDS.values())}))+\s*", re.ASCII | re.I)
_MONTH_OR_MINUTE = lazy_pattern(r"\d\s*M(?![a-zA-Z])", re.ASCII)


def format_timestamp(instant: datetime) -> str:
    """Return ``2025-01-26T10:30:00.000Z``, as JavaScript's ``toISOString`` writes it (errata 14)."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def zoned_instant(value: object) -> datetime | None:
    """Return the instant that a text in ISO 8601 names; None for another value, or a text without a time zone."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def shifted(instant: datetime, span: timedelta) -> datetime:
    """Return ``instant + span``, or the nearest of `EARLIEST` and `LATEST` if that is beyond them."""
    if span > timedelta(0):
        return LATEST if span >= LATEST - instant else instant + span
    return EARLIEST if span <= EARLIEST - instant else instant + span


def parse_span(text: str) -> timedelta | None:
    """Return the span of ``2h``, ``90 min``, ``1h30m`` or ``1 day 12 hours``; None if it is not a span or is zero.

    ``1M`` is not a span: it can be a minute or a month.
    """
    if not _SPAN.fullmatch(text) or _MONTH_OR_MINUTE.search(text):
        return None
    seconds = sum(float(part["amount"]) * _UNIT_SECONDS[part.lastgroup or ""] for part in _PARTS.finditer(text))
    try:
        return timedelta(seconds=seconds) or None
    except OverflowError:
        return None


def short_span(span: timedelta) -> str:
    """Return a span in at most six characters: ``8s``, ``5m24s``, ``2h05m``, ``3d04h``, ``41d``.

    Negative spans count as zero, spans of more than 99,999 days as 99,999 days.
    """
    seconds = max(0, int(span.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 1:
        return f"{seconds}s"
    if hours < 1:
        return f"{minutes}m{seconds % 60:02d}s"
    if days < 1:
        return f"{hours}h{minutes % 60:02d}m"
    return f"{days}d{hours % 24:02d}h" if days < 10 else f"{min(days, 99_999)}d"


def age_span(span: timedelta) -> str:
    """Return a span as `short_span` does, without the seconds from a minute on: for values that change on screen."""
    return short_span(span) if span < timedelta(minutes=1) or span >= timedelta(hours=1) else rough_span(span)


def rough_span(span: timedelta) -> str:
    """Return a span in one unit, rounded down: ``8s``, ``5m``, ``2h``, ``3d``. Negative spans count as zero."""
    seconds = max(0, int(span.total_seconds()))
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


_UNITS = ("B", "KB", "MB", "GB")


def format_bytes(count: int) -> str:
    """Return a size as ``50.0 MB``, as the design has it, with halves rounded up as in JavaScript."""
    power = min(max(0, count.bit_length() - 1) // 10, len(_UNITS) - 1)
    unit = 1024**power
    tenths = (20 * count + unit) // (2 * unit)
    return f"{tenths // 10}.{tenths % 10} {_UNITS[power]}"


_DIGITS = lazy_pattern(r"(\d+)", re.ASCII)


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key that ignores case and compares numbers in `text` by their value: ``#9`` before ``#13``."""
    parts = _DIGITS.split(text.casefold())
    return tuple((0, int(part[:99]), part) if at % 2 else (1, 0, part) for at, part in enumerate(parts) if part)
