"""The schedule of a stock gateway's job, and the times at which the job is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct

from clawtui.model.schedules.cron_fields import Refused
from clawtui.model.schedules.cron_parser import parse_cron
from clawtui.model.text.units import LATEST, shifted, short_span

TIMED_KINDS = ("at", "every", "cron")
"""The kinds of schedules that follow the clock."""
EVENT_KINDS = ("on-exit", "stream")
"""The kinds of schedules that follow an event: their jobs are never due, so never missed."""

DEFAULT_STAGGER = timedelta(minutes=5)
"""The time over which the gateway spreads jobs at the full hour that have no ``staggerMs``."""


class Schedule(Struct, frozen=True):
    """A job's schedule as the gateway stores it; a value that its kind does not have is None."""

    kind: str
    at: datetime | None = None
    every: timedelta | None = None
    anchor: datetime | None = None
    expression: str | None = None
    zone: str | None = None
    """The IANA name of the time zone; None for that of the gateway's host."""
    stagger: timedelta | None = None

    @property
    def text(self) -> str:
        """Return the schedule in a few words."""
        if self.kind == "at" and self.at is not None:
            return f"at {self.at:%Y-%m-%d %H:%M}Z"
        if self.kind == "every" and self.every is not None:
            return f"every {short_span(self.every)}"
        if self.kind == "cron" and self.expression is not None:
            return f"{self.expression} ({self.zone})" if self.zone else self.expression
        return self.kind

    @property
    def is_timed(self) -> bool:
        """Return whether it follows the clock."""
        return self.kind in TIMED_KINDS

    @property
    def latest_delay(self) -> timedelta:
        """Return the longest time after the due time at which a run may begin by the gateway's own rules."""
        if self.stagger is not None:
            return max(self.stagger, timedelta(0))
        at_full_hour = self.kind == "cron" and (self.expression or "").split()[:1] == ["0"]
        return DEFAULT_STAGGER if at_full_hour else timedelta(0)

    def why_not_understood(self) -> str | None:
        """Return why its times cannot be computed, as a clause; None if they can, or if its kind has none."""
        if self.kind in EVENT_KINDS:
            return None
        if self.kind not in TIMED_KINDS:
            return f"“{self.kind}” is a kind of schedule that is not known"
        if self.kind == "at":
            return None if self.at is not None else "it has no atMs"
        if self.kind == "every":
            return None if self.every is not None and self.every > timedelta(0) else "it has no positive everyMs"
        if self.zone is not None and zone_named(self.zone) is None:
            return f"the time zone “{self.zone}” is not known on this host"
        return _why_not_cron(self.expression)


def zone_named(name: str) -> tzinfo | None:
    """Return the time zone with an IANA name; None if this host does not know it."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def due_times(schedule: Schedule, after: datetime, until: datetime, host_zone: tzinfo) -> Iterator[datetime]:
    """Yield the times, in UTC and in order, at which a job is due after ``after`` and not after ``until``.

    A wall-clock time that a change of daylight-saving time skips is never due. One that the change repeats is left out
    too, because it is unknown which of the two the gateway takes.

    Args:
        schedule: The schedule; one that is not understood or that follows an event has no times.
        after: The beginning, excluded; for ``every`` without an anchor the intervals begin there.
        until: The end, included.
        host_zone: The zone for a ``cron`` expression without one.
    """
    if after >= until or schedule.why_not_understood() is not None:
        return
    if schedule.kind == "at" and schedule.at is not None and after < schedule.at <= until:
        yield schedule.at
    elif schedule.kind == "every" and schedule.every is not None:
        start = schedule.anchor or after
        steps = max((after - start) // schedule.every, -1) + 1
        due = shifted(start, steps * schedule.every)
        while due <= until and due < LATEST:
            if due > after:
                yield due
            due = shifted(due, schedule.every)
    elif schedule.kind == "cron" and schedule.expression is not None:
        zone = host_zone if schedule.zone is None else zone_named(schedule.zone) or host_zone
        yield from _cron_times(schedule.expression, zone, after, until)


def _cron_times(expression: str, zone: tzinfo, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the due times of a cron expression.

    The expression is evaluated in wall-clock times without a zone; only `_instant_of` handles changes of the clock.
    """
    margin = timedelta(hours=26)  # more than any zone's distance from UTC, and any change of it
    first = after.astimezone(zone).replace(tzinfo=None, microsecond=0) - timedelta(hours=3)
    last = until.astimezone(UTC).replace(tzinfo=None) + margin
    pattern, wall = parse_cron(expression), first
    while (found := pattern.next_wall(wall)) is not None and found <= last:
        wall = found
        due = _instant_of(wall, zone)
        if due is None or due <= after:
            continue
        if due > until:
            return
        yield due


def _instant_of(wall: datetime, zone: tzinfo) -> datetime | None:
    """Return the only instant with this wall-clock time; None if there is none, or if there are two."""
    earlier, later = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if earlier != later or earlier.astimezone(zone).replace(tzinfo=None, fold=0) != wall:
        return None
    return earlier


def _why_not_cron(expression: str | None) -> str | None:
    if expression is None:
        return "it has no expr"
    try:
        parse_cron(expression)
    except Refused as error:
        part = "" if error.part == expression else f"“{error.part}”: "
        return f"“{expression}” is no cron expression that is understood ({part}{error.why})"
    return None
