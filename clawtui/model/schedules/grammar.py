"""The grammar of schedules, as a table of examples; a test checks each line, those of cron against croner itself."""

from __future__ import annotations

from typing import Final, NamedTuple


class Example(NamedTuple):
    """One form of a schedule: its type, an example of its value, and what that means."""

    kind: str
    value: str
    meaning: str


UNDERSTOOD: Final = (
    Example("cron", "30 9 * * *", "09:30 daily: minute hour day month weekday"),
    Example("cron", "15 30 9 * * *", "six fields: seconds first"),
    Example("cron", "0 30 9 1 1 * 2028", "seven fields: the year last"),
    Example("cron", "*/15 9-17 * * *", "steps and ranges"),
    Example("cron", "0 22-23,0-2 * * *", "lists; a range does not wrap"),
    Example("cron", "0 9 * JAN-MAR MON-FRI", "names of months and weekdays"),
    Example("cron", "0 9 * * SAT-SUN", "a range of weekdays may end with SUN"),
    Example("cron", "0 9 ? * MON", "? is *"),
    Example("cron", "0 9 L * *", "the last day of the month"),
    Example("cron", "0 9 LW * *", "its last day from Monday to Friday"),
    Example("cron", "0 9 15W * *", "the day from Monday to Friday nearest to 15"),
    Example("cron", "0 9 * * MON#2", "the second Monday of the month"),
    Example("cron", "0 9 * * 5L", "the last Friday, also FRI#L"),
    Example("cron", "0 9 1 * MON", "the 1st, and every Monday"),
    Example("cron", "0 9 1 * +MON", "the 1st if it is a Monday"),
    Example("cron", "@daily", "also @hourly @weekly @monthly @yearly"),
    Example("cron", "2027-01-01T09:00:00", "once, in the zone of the gateway's host"),
    Example("interval", "2h", "also 90m 45s 3d 1w 500ms"),
    Example("interval", "1d12h", "the sum"),
    Example("interval", "2 hours", "also 30min 1hr 10 sec"),
    Example("interval", "every 2h", "the same as 2h"),
    Example("interval", "PT2H", "an ISO 8601 duration, without months"),
    Example("interval", "3600000", "milliseconds, from a second on"),
    Example("at", "2027-01-01T09:00:00Z", "once; also with +01:00"),
    Example("at", "2027-01-01T09:00:00", "without a zone in UTC"),
    Example("at", "2027-01-01", "midnight UTC"),
    Example("at", "2027-01-01 09:00", "in the zone of the gateway's host"),
    Example("at", "1798794000000", "milliseconds since 1970"),
)
"""What is understood."""

NEVER: Final = (
    Example("cron", "0 9 31 2 *", "a date that no year has"),
    Example("at", "2027-02-31", "a date that does not exist"),
)
"""What is understood and never comes."""

NOT_UNDERSTOOD: Final = (
    Example("cron", "61 * * * *", "no such minute"),
    Example("cron", "0 22-2 * * *", "write 22-23,0-2"),
    Example("cron", "0/15 * * * *", "write */15"),
    Example("cron", "0 9 * * FRIDAY", "write FRI"),
    Example("cron", "@every 2h", "write type interval, value 2h"),
    Example("cron", "@reboot", "it names no time"),
    Example("cron", "TZ=UTC 0 9 * * *", "write the times of the gateway's host"),
    Example("interval", "90", "write 90m or 90s"),
    Example("interval", "1M", "a minute or a month"),
    Example("interval", "1 month", "months differ: write 30d"),
    Example("at", "09:30", "a time without a date"),
    Example("at", "tomorrow", "no date"),
)
"""What is not understood: a finding names the part."""


def grammar_text() -> str:
    """Return the table as lines of at most 80 columns."""
    parts = (
        ("Schedules: type and value. Cron is that of croner 11, the gateway's library:", UNDERSTOOD),
        ("Understood, and never due:", NEVER),
        ("Not understood (doctor names the part):", NOT_UNDERSTOOD),
    )
    lines = []
    for title, examples in parts:
        lines.append(title)
        lines += [f"  {kind:<8}  {value:<21}  {meaning}" for kind, value, meaning in examples]
        lines.append("")
    return "\n".join(lines).rstrip()
