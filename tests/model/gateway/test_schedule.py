"""When a job is due, against a slow reference that walks through the schedule minute by minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clawtui.model.gateway.schedule import Schedule, due_times

ZONES = [
    "UTC",
    "Europe/Vienna",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Santiago",
    "Africa/Casablanca",
    "Pacific/Apia",
]
CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    datetime(2026, 9, 6, 4, tzinfo=UTC),
    datetime(2026, 2, 15, 2, tzinfo=UTC),
]
"""Clocks are changed at or near these, each in one of the zones."""


def field(low: int, high: int) -> st.SearchStrategy[str]:
    """Generate one field of a cron expression: everything, a step, a range, or a list."""
    number = st.integers(low, high)
    pairs = st.tuples(number, number).map(sorted)
    return st.one_of(
        st.just("*"),
        st.integers(2, min(30, high - low + 1)).map(lambda step: f"*/{step}"),
        pairs.map(lambda pair: f"{pair[0]}-{pair[1]}"),
        st.lists(number, min_size=1, max_size=3, unique=True).map(lambda values: ",".join(map(str, values))),
    )


EXPRESSIONS = st.one_of(
    st.tuples(field(0, 59), field(0, 23), st.just("*"), st.just("*"), field(0, 6)).map(" ".join),
    st.tuples(field(0, 59), field(0, 23), field(1, 28), field(1, 12), st.just("*")).map(" ".join),
)


def matcher(expression: str, low: int) -> Callable[[int], bool]:
    if expression == "*":
        return lambda value: True
    if expression.startswith("*/"):
        step = int(expression[2:])
        return lambda value: (value - low) % step == 0
    if "-" in expression:
        first, last = map(int, expression.split("-"))
        return lambda value: first <= value <= last
    allowed = {int(value) for value in expression.split(",")}
    return lambda value: value in allowed


def walk(expression: str, zone: ZoneInfo, after: datetime, until: datetime) -> list[datetime]:
    """Return each minute at which the wall clock shows what the expression says, without those that it repeats."""
    fields = [matcher(word, low) for word, low in zip(expression.split(), (0, 0, 1, 1, 0), strict=True)]
    minute = after.replace(second=0, microsecond=0)
    found = []
    while (minute := minute + timedelta(minutes=1)) <= until:
        wall = minute.astimezone(zone)
        parts = (wall.minute, wall.hour, wall.day, wall.month, (wall.weekday() + 1) % 7)
        twice = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
        if not twice and minute > after and all(is_in(part) for is_in, part in zip(fields, parts, strict=True)):
            found.append(minute)
    return found


@given(EXPRESSIONS, st.sampled_from(ZONES), st.sampled_from(CHANGES), st.integers(-2000, 2000), st.integers(1, 2500))
@example("30 2 * * *", "Europe/Vienna", CHANGES[0], -600, 2000)
@example("30 2 * * *", "Europe/Vienna", CHANGES[1], -600, 2000)
@example("*/15 * * * *", "Australia/Lord_Howe", CHANGES[4], -600, 1500)
@example("0 0 * * *", "America/Santiago", CHANGES[6], -600, 2000)
def test_cron_is_due_by_the_wall_clock(expression: str, zone: str, change: datetime, offset: int, minutes: int) -> None:
    after = change + timedelta(minutes=offset)
    until = after + timedelta(minutes=minutes)
    schedule = Schedule("cron", expression=expression, zone=zone)
    assert list(due_times(schedule, after, until, UTC)) == walk(expression, ZoneInfo(zone), after, until)


@given(st.integers(1, 10**6), st.integers(-(10**6), 10**6), st.integers(0, 10**7))
def test_an_interval_is_due_at_each_multiple_after_its_anchor(every: int, anchor: int, length: int) -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    schedule = Schedule("every", every=timedelta(seconds=every), anchor=start + timedelta(seconds=anchor))
    until = start + timedelta(seconds=min(length, 50 * every))
    first = max(anchor, anchor + ((-anchor) // every) * every)
    expected = []
    for second in range(first, int((until - start).total_seconds()) + 1, every):
        if second > 0:
            expected.append(start + timedelta(seconds=second))
    assert list(due_times(schedule, start, until, UTC)) == expected


def test_a_cron_expression_without_a_zone_is_of_the_gateways_host() -> None:
    after = datetime(2026, 7, 1, tzinfo=UTC)
    schedule = Schedule("cron", expression="0 9 * * *")
    (due,) = due_times(schedule, after, after + timedelta(days=1), ZoneInfo("Asia/Kolkata"))
    assert due == datetime(2026, 7, 1, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "reason"),
    [
        (Schedule("cron", expression="61 * * * *"), "no cron expression"),
        (Schedule("cron", expression=None), "no expr"),
        (Schedule("cron", expression="0 9 * * *", zone="Mars/Olympus"), "not known on this host"),
        (Schedule("cron", expression="0 9 * * *", zone="../../etc/passwd"), "not known on this host"),
        (Schedule("every", every=timedelta(0)), "everyMs"),
        (Schedule("at"), "atMs"),
        (Schedule("lunar"), "not known"),
    ],
)
def test_an_unknown_schedule_is_reported_and_never_due(schedule: Schedule, reason: str) -> None:
    assert reason in (schedule.why_not_understood() or "")
    after = datetime(2026, 7, 1, tzinfo=UTC)
    assert not list(due_times(schedule, after, after + timedelta(days=9), UTC))


@pytest.mark.parametrize("kind", ["on-exit", "stream"])
def test_an_event_schedule_is_valid_and_never_due(kind: str) -> None:
    after = datetime(2026, 7, 1, tzinfo=UTC)
    assert Schedule(kind).why_not_understood() is None
    assert not list(due_times(Schedule(kind), after, after + timedelta(days=9), UTC))


@pytest.mark.parametrize("expression", ["@daily", "0 0 * * ?", "0 0 * * SUN", "0 0 L * *", "0 0 0 * * *"])
def test_expressions_of_the_gateways_library_are_accepted(expression: str) -> None:
    assert Schedule("cron", expression=expression).why_not_understood() is None
