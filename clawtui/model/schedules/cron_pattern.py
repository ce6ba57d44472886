"""A cron expression in croner's dialect, and the times that match it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

from clawtui.model.schedules.cron_fields import LAST

_MOST_YEARS = 400
"""After so many years the calendar repeats: what did not match until then never does."""
_SECOND = timedelta(seconds=1)


class CronPattern(Struct, frozen=True):
    """The times of day, the days and the years of a cron expression."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    nearest_weekdays: frozenset[int]
    """The days that move to the nearest weekday in their month, ``15W``."""
    last_day: bool
    last_weekday: bool
    months: tuple[int, ...]
    weekdays: Mapping[int, frozenset[int]]
    years: tuple[int, ...] | None
    """None for every year."""
    any_day: bool
    any_weekday: bool
    both: bool
    """Whether the day of the month and that of the week must match both, ``+MON``. Otherwise one is enough."""
    fixed_time: bool
    """Whether it is one time of day: such a run is neither skipped nor repeated when the clock is changed for
    daylight-saving time."""

    def next_wall(self, after: datetime) -> datetime | None:
        """Return the first wall-clock time after ``after`` that matches; None if there never is one. Both are naive."""
        start = after.replace(microsecond=0) + _SECOND
        if self._is_day(start.date()):
            at = self._time_from(start.time())
            if at is not None:
                return datetime.combine(start.date(), at)
        for day in self._days_after(start.date()):
            return datetime.combine(day, time(self.hours[0], self.minutes[0], self.seconds[0]))
        return None

    def next_instant(self, after: datetime, zone: tzinfo) -> datetime | None:
        """Return the first instant after ``after``, in UTC, that matches in the zone; None if there never is one.

        As croner does it when the clock is changed: a fixed time of day that is skipped runs at the end of the gap,
        one that is repeated runs once; several times of day run as often as the clock shows them.
        """
        local = after.astimezone(zone)
        second_pass = self._in_second_pass(local, zone)
        wall = local.replace(tzinfo=None, fold=0)
        while (found := self.next_wall(wall)) is not None:
            for instant in self._instants(found, zone):
                if instant > after:
                    return instant if second_pass is None else min(instant, second_pass)
            wall = found
        return second_pass

    def _instants(self, wall: datetime, zone: tzinfo) -> tuple[datetime, ...]:
        """Return the instants at which the pattern runs for a wall-clock time that matches: none, one or two."""
        earlier, later = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        if earlier == later:
            return (earlier,)
        if earlier < later:
            return (earlier,) if self.fixed_time else (earlier, later)
        return (_change_between(later, earlier, zone),) if self.fixed_time else ()

    def _in_second_pass(self, local: datetime, zone: tzinfo) -> datetime | None:
        """Return the first match in the repetition of the hour whose first pass ``local`` is in; None otherwise."""
        if self.fixed_time or local.fold or not _is_repeated(local, zone):
            return None
        start = local.replace(tzinfo=None, fold=0, second=0, microsecond=0)
        while _is_repeated(start - timedelta(minutes=1), zone):
            start -= timedelta(minutes=1)
        found = self.next_wall(start - _SECOND)
        return self._instants(found, zone)[1] if found is not None and _is_repeated(found, zone) else None

    def _time_from(self, start: time) -> time | None:
        """Return the first time of day that matches and is not before ``start``."""
        for hour in self.hours[bisect_left(self.hours, start.hour) :]:
            if hour > start.hour:
                return time(hour, self.minutes[0], self.seconds[0])
            for minute in self.minutes[bisect_left(self.minutes, start.minute) :]:
                if minute > start.minute:
                    return time(hour, minute, self.seconds[0])
                at = bisect_left(self.seconds, start.second)
                if at < len(self.seconds):
                    return time(hour, minute, self.seconds[at])
        return None

    def _days_after(self, day: date) -> Iterator[date]:
        for year in self._years_from(day.year):
            for month in self.months:
                if (year, month) < (day.year, day.month):
                    continue
                first = day.day + 1 if (year, month) == (day.year, day.month) else 1
                for number in range(first, _days_in(year, month) + 1):
                    if self._is_day(date(year, month, number)):
                        yield date(year, month, number)

    def _years_from(self, first: int) -> Iterator[int]:
        if self.years is None:
            yield from range(first, min(first + _MOST_YEARS, 9999) + 1)
        else:
            yield from self.years[bisect_left(self.years, first) :][:_MOST_YEARS]

    def _is_day(self, day: date) -> bool:
        if day.month not in self.months or (self.years is not None and day.year not in self.years):
            return False
        in_month = self._is_day_of_month(day)
        if self.any_weekday:
            return in_month
        in_week = self._is_day_of_week(day)
        return in_month and in_week if self.both or self.any_day else in_month or in_week

    def _is_day_of_month(self, day: date) -> bool:
        if day.day in self.days:
            return True
        last = _days_in(day.year, day.month)
        if self.last_day and day.day == last:
            return True
        if self.last_weekday and day.day == _nearest_weekday(day.year, day.month, last):
            return True
        near = range(max(1, day.day - 2), min(last, day.day + 2) + 1)
        return any(n in self.nearest_weekdays and _nearest_weekday(day.year, day.month, n) == day.day for n in near)

    def _is_day_of_week(self, day: date) -> bool:
        occurrences = self.weekdays.get(day.isoweekday() % 7)
        if occurrences is None:
            return False
        is_last = day.day + 7 > _days_in(day.year, day.month)
        return (day.day + 6) // 7 in occurrences or (is_last and LAST in occurrences)


def _days_in(year: int, month: int) -> int:
    """Return the number of days of a month."""
    from calendar import monthrange  # it loads the locales: most starts need no pattern

    return monthrange(year, month)[1]


def _nearest_weekday(year: int, month: int, day: int) -> int:
    """Return the weekday, Monday to Friday, that is nearest to a day and in the same month."""
    last, weekday = _days_in(year, month), date(year, month, day).isoweekday()
    if weekday == 7:
        return day + 1 if day < last else day - 2
    if weekday == 6:
        return day - 1 if day > 1 else day + 2
    return day


def _is_repeated(wall: datetime, zone: tzinfo) -> bool:
    """Return whether the clock shows this time twice."""
    earlier, later = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return earlier < later


def _change_between(first: datetime, last: datetime, zone: tzinfo) -> datetime:
    """Return the instant of the only change of the zone's offset in a stretch of time, to the second."""
    offset = first.astimezone(zone).utcoffset()
    while last - first > _SECOND:
        middle = (first + (last - first) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            first = middle
        else:
            last = middle
    return last
