"""The outlook of a schedule: it is due at a time, or never, or it is not understood."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from msgspec import Struct

from clawtui.model.schedules.cron_fields import Refused
from clawtui.model.text.lazy_pattern import lazy_pattern
from clawtui.model.text.units import EARLIEST, LATEST, parse_span

_INSTANT = lazy_pattern(
    r"(\d{4}-\d{2}-\d{2})(?:([T ])(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII | re.I
)
_ISO_SPAN = lazy_pattern(
    r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII | re.I
)
_NO_FIXED_LENGTH = lazy_pattern(r"\d\s*(mo|mos|months?|y|yrs?|years?)\b", re.ASCII | re.I)
_CAPITAL_M = lazy_pattern(r"\d\s*(M)(?![a-zA-Z])", re.ASCII)
_SHOWN = 40
"""The most characters of a value that are quoted."""


class Due(Struct, frozen=True):
    """It is due at a time."""

    at: datetime
    about: bool = False
    """Whether the time depends on a time zone that is not known: it may be hours off."""


class Never(Struct, frozen=True):
    """The schedule is understood, and no time follows from it."""

    why: str
    impossible: bool = False
    """Whether it has no time at all, such as 30 February. Otherwise its time is past."""


class NotUnderstood(Struct, frozen=True):
    """The schedule is not understood, so that it is unknown when the gateway starts a run, if ever."""

    part: str
    """The part that is not understood, as it is written."""
    why: str
    """Why, as a clause."""
    instead: str | None = None
    """What to write in its place; None if that is unknown."""

    @property
    def text(self) -> str:
        """Return all of it as a clause."""
        hint = f"; write {self.instead}" if self.instead else ""
        return f"“{self.part}” is not understood: {self.why}{hint}"


Outlook = Due | Never | NotUnderstood


@lru_cache(maxsize=8192)
def outlook(kind: str, value: str, after: datetime, zone: tzinfo | None) -> Outlook:
    """Return when an automation is due next by its schedule.

    Args:
        kind: ``cron``, ``interval`` or ``at``, as in the design.
        value: The schedule; `clawtui.model.schedules.grammar` lists what is understood.
        after: The start of the last run, or when the automation was created.
        zone: The zone of the gateway's host; None if it is unknown, then cron is computed in UTC.
    """
    try:
        if kind == "cron":
            due = _next_cron(value, after, zone)
        elif kind == "interval":
            due = Due(after + interval_of(value))
        elif kind == "at":
            due = _only(_instant(value, UTC, zone), after)
        else:
            raise Refused(kind[:_SHOWN], "the types of schedules are cron, interval and at")
    except Refused as error:
        return NotUnderstood(error.part, error.why, error.instead)
    except OverflowError:
        return Never("its time is after the year 9999", impossible=True)
    if isinstance(due, Due) and not EARLIEST <= due.at <= LATEST:
        return Never("its time is after the year 9999", impossible=True)
    return due


def interval_of(value: str) -> timedelta:
    """Return the interval of ``2h``, ``every 30 min``, ``PT2H`` or ``3600000`` (milliseconds).

    Raises:
        Refused: It is not understood, or it is zero.
        OverflowError: It is longer than the calendar.
    """
    written = re.sub(r"^@?every\s+", "", value.strip(), flags=re.I)
    shown = value.strip()[:_SHOWN]
    if written.isascii() and written.isdigit():
        milliseconds = int(written[:20])
        if milliseconds < 1000:
            raise Refused(
                shown, "it has no unit, and is less than a second in milliseconds", f"{written}m or {written}s"
            )
        return timedelta(milliseconds=milliseconds)
    iso = _ISO_SPAN.fullmatch(written)
    if iso is not None and any(iso.groups()):
        weeks, days, hours, minutes, seconds = (float(group or 0) for group in iso.groups())
        return _positive(timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds), shown)
    span = parse_span(written)
    if span is not None:
        return span
    raise _why_no_interval(written, shown)


def _positive(span: timedelta, shown: str) -> timedelta:
    if not span:
        raise Refused(shown, "an interval of nothing has no times")
    return span


def _why_no_interval(written: str, shown: str) -> Refused:
    unfixed, capital = _NO_FIXED_LENGTH.search(written), _CAPITAL_M.search(written)
    if unfixed is not None or re.match(r"P\d+[MY]", written, re.I):
        part = unfixed.group() if unfixed is not None else shown
        return Refused(part, "months and years have no fixed length", "days, such as 30d, or a cron expression")
    if capital is not None:
        return Refused(capital.group(), "M can be a minute or a month", "m for minutes, or 30d")
    if not written:
        return Refused(shown, "it is empty", "an interval such as 2h")
    if not re.search(r"[1-9]", written) and re.search(r"0", written):
        return Refused(shown, "an interval of nothing has no times")
    return Refused(shown, "it is no interval", "one such as 2h, 90m or 1d12h")


def _next_cron(value: str, after: datetime, zone: tzinfo | None) -> Due | Never:
    if ":" in value and _INSTANT.fullmatch(value.strip()):  # croner takes one instant too
        return _only(_instant(value, zone, zone), after)
    from clawtui.model.schedules.cron_parser import parse_cron

    at = parse_cron(value).next_instant(after, zone or UTC)
    return Never("no such date comes", impossible=True) if at is None else Due(at, about=zone is None)


def _only(found: Due | Never, after: datetime) -> Due | Never:
    """Return the only time of a schedule, or that it is past."""
    if isinstance(found, Due) and found.at <= after:
        return Never(f"its only time, {found.at.astimezone(UTC):%Y-%m-%d %H:%M}Z, is past")
    return found


def _instant(value: str, naive: tzinfo | None, zone: tzinfo | None) -> Due | Never:
    """Return the instant of a date and time.

    As the gateway reads it: digits are milliseconds since 1970, a date or a time after ``T`` without a zone is in
    ``naive``, a time after a space is in the zone of its host, ``zone``.
    """
    written, shown = value.strip(), value.strip()[:_SHOWN]
    if written.isascii() and written.isdigit():
        return Due(datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(written[:20])))
    matched = _INSTANT.fullmatch(written)
    if matched is None:
        if re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", written, re.ASCII):
            raise Refused(shown, "it is a time of day without a date", f"type cron, value {_daily(written)}")
        raise Refused(shown, "it is no date and time", "one such as 2027-01-01T09:00:00Z")
    day, separator, clock, offset = matched.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{clock or '00:00'}{(offset or '').upper()}")
    except ValueError:
        return Never(f"no calendar has {shown}", impossible=True)
    if at.tzinfo is not None:
        return Due(at)
    assumed = zone if separator == " " else naive
    return Due(at.replace(tzinfo=assumed or UTC).astimezone(UTC), about=assumed is None)


def _daily(clock: str) -> str:
    hour, minute = clock.split(":")[:2]
    return f"{int(minute)} {int(hour)} * * *"
