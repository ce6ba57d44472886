"""The parser of cron expressions in croner's dialect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, TypeVar

from clawtui.model.schedules.cron_fields import (
    HOUR,
    MINUTE,
    MONTH,
    SECOND,
    WEEKDAY,
    YEAR,
    Field,
    Refused,
    days_of,
    weekdays_of,
    without_names,
)
from clawtui.model.schedules.cron_pattern import CronPattern

V = TypeVar("V")

NICKNAMES: Final[Mapping[str, str]] = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}


@lru_cache(maxsize=1024)
def parse_cron(expression: str) -> CronPattern:
    """Return the pattern of an expression of five, six (seconds first) or seven fields (years last), or a nickname.

    Raises:
        Refused: The gateway's library does not understand it.
    """
    fields = NICKNAMES.get(expression.strip().lower(), expression).split()
    _check_form(fields)
    if len(fields) == 5:
        fields.insert(0, "0")
    if len(fields) == 6:
        fields.append("*")
    second, minute, hour, day, month, weekday, year = (field.replace("?", "*") for field in fields)
    both = weekday.startswith("+")
    weekday = weekday.removeprefix("+")
    if not weekday:
        raise WEEKDAY.refused("+", "a day is missing after +")
    days, nearest, last_day, last_weekday = days_of(day)
    times = tuple(
        tuple(sorted(field.values(text))) for field, text in ((SECOND, second), (MINUTE, minute), (HOUR, hour))
    )
    return CronPattern(
        seconds=times[0],
        minutes=times[1],
        hours=times[2],
        days=days,
        nearest_weekdays=nearest,
        last_day=last_day,
        last_weekday=last_weekday,
        months=tuple(sorted(_named(MONTH, month, MONTH.values))),
        weekdays=_named(WEEKDAY, weekday, weekdays_of),
        years=None if year == "*" else tuple(sorted(YEAR.values(year))),
        any_day=day == "*",
        any_weekday=weekday == "*",
        both=both,
        fixed_time=all(len(values) == 1 for values in times) and not set(second + minute + hour) & set("*/"),
    )


def _check_form(fields: list[str]) -> None:
    first = fields[0] if fields else ""
    if first.lower() == "@every":
        raise Refused(first, "it is not known to the gateway's library", f"type interval, value {' '.join(fields[1:])}")
    if first.lower() == "@reboot":
        raise Refused(first, "it names no time")
    if first.startswith("@"):
        raise Refused(first, "it is no nickname that is known", f"one of {', '.join(NICKNAMES)}")
    if first.upper().startswith(("CRON_TZ=", "TZ=")):
        raise Refused(
            first, "the gateway's library knows no zone inside the expression", "the times of its host's zone"
        )
    if not 5 <= len(fields) <= 7:
        count = "1 field" if len(fields) == 1 else f"{len(fields)} fields"
        raise Refused(" ".join(fields)[:40], f"it has {count} instead of five, six or seven")


def _named(field: Field, text: str, parse: Callable[[str], V]) -> V:
    """Return what ``parse`` makes of a field with names; an error quotes the field as it is written."""
    try:
        return parse(without_names(field, text))
    except Refused as error:
        raise error if error.part in text else Refused(text[:40], error.why) from None
