"""The next time of a schedule: a time, never, or the part that is not understood."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.schedules.outlook import Due, Never, NotUnderstood, outlook
from clawtui.model.text.units import EARLIEST, LATEST

AFTER = datetime(2026, 11, 28, 10, 15, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("kind", "value", "part", "instead"),
    [
        ("cron", "61 * * * *", "61", None),
        ("cron", "0 9 15,32 * *", "32", None),
        ("cron", "* * * *", "* * * *", None),
        ("cron", "", "", None),
        ("cron", "2h", "2h", None),
        ("cron", "0 9 * * FRI-MON", "FRI-MON", None),
        ("cron", "0 9 * January *", "January", "one of JAN"),
        ("cron", "@every 2h", "@every", "type interval, value 2h"),
        ("cron", "@fortnightly", "@fortnightly", "one of @yearly"),
        ("cron", "CRON_TZ=Europe/Berlin 0 9 * * *", "CRON_TZ=Europe/Berlin", "host's zone"),
        ("cron", "0 22-2 * * *", "22-2", "22-23,0-2"),
        ("cron", "0/15 * * * *", "0/15", "*/15"),
        ("cron", "*/0 * * * *", "*/0", None),
        ("cron", "0 0 L-3 * *", "L-3", None),
        ("cron", "0 0 1-15W * *", "1-15W", None),
        ("cron", "* * * * 1W", "1W", None),
        ("cron", "0 0 * * 1#6", "1#6", None),
        ("cron", "1,,2 * * * *", "1,,2", None),
        ("interval", "90", "90", "90m or 90s"),
        ("interval", "1M", "1M", "30d"),
        ("interval", "1h 1M", "1M", "30d"),
        ("interval", "P1M", "P1M", "30d"),
        ("interval", "1 year", "1 year", "30d"),
        ("interval", "often", "often", "2h"),
        ("interval", "0s", "0s", None),
        ("interval", "", "", "2h"),
        ("at", "9:30", "9:30", "30 9 * * *"),
        ("at", "tomorrow", "tomorrow", "2027-01-01T09:00:00Z"),
        ("event", "push", "event", None),
    ],
)
def test_the_part_that_is_not_understood_is_quoted_as_it_is_written(
    kind: str, value: str, part: str, instead: str | None
) -> None:
    found = outlook(kind, value, AFTER, BERLIN)
    assert isinstance(found, NotUnderstood)
    assert found.part == part
    assert (instead or "") in (found.instead or "")
    assert found.why in found.text


@pytest.mark.parametrize("text", ["2 hours", "120min", "2hr", "2 HOURS", "PT2H", "7200000", "every 2h", "@every 2h"])
def test_an_interval_is_read_in_every_form(text: str) -> None:
    assert outlook("interval", text, AFTER, None) == Due(AFTER + timedelta(hours=2))


def test_cron_is_in_the_zone_of_the_gateways_host_and_about_where_that_is_unknown() -> None:
    assert outlook("cron", "0 9 * * *", AFTER, BERLIN) == Due(datetime(2026, 11, 29, 8, tzinfo=UTC))
    assert outlook("cron", "0 9 * * *", AFTER, UTC) == Due(datetime(2026, 11, 29, 9, tzinfo=UTC))
    assert outlook("cron", "0 9 * * *", AFTER, None) == Due(datetime(2026, 11, 29, 9, tzinfo=UTC), about=True)
    assert outlook("interval", "2h", AFTER, None) == Due(AFTER + timedelta(hours=2))
    assert outlook("at", "2027-01-01 09:00", AFTER, None) == Due(datetime(2027, 1, 1, 9, tzinfo=UTC), about=True)


@pytest.mark.parametrize(
    ("expression", "after", "runs"),
    [
        ("30 2 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:30Z"]),  # skipped: at the gap's end
        ("30 2 * * *", "2026-10-24T12:00Z", ["2026-10-25T00:30Z", "2026-10-26T01:30Z"]),  # repeated: once
        ("*/30 * * * *", "2026-10-25T00:15Z", ["2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z"]),
        ("*/30 * * * *", "2026-03-29T00:45Z", ["2026-03-29T01:00Z", "2026-03-29T01:30Z"]),
        ("15 2,3 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:15Z", "2026-03-30T00:15Z"]),
    ],
)
def test_a_change_of_the_clock_is_handled_as_croner_does(expression: str, after: str, runs: list[str]) -> None:
    at = datetime.fromisoformat(after)
    for run in runs:
        found = outlook("cron", expression, at, BERLIN)
        assert found == Due(datetime.fromisoformat(run))
        at = datetime.fromisoformat(run)


@pytest.mark.parametrize(
    ("kind", "value", "impossible"),
    [
        ("cron", "0 0 31 2 *", True),
        ("cron", "0 0 31 4,6 *", True),
        ("cron", "0 0 0 1 1 * 2020", True),
        ("cron", "2026-01-01T00:00:00", False),
        ("at", "2026-11-28T10:15:30Z", False),
        ("at", "2027-02-29", True),
        ("at", "2027-01-01T25:00", True),
        ("interval", "99999999w", True),
        ("interval", "9" * 400, True),
        ("at", "9" * 400, True),
    ],
)
def test_a_schedule_that_is_never_due_differs_from_an_invalid_one(kind: str, value: str, impossible: bool) -> None:
    found = outlook(kind, value, AFTER, BERLIN)
    assert isinstance(found, Never)
    assert found.impossible == impossible


@given(
    st.sampled_from(["interval", "cron", "at", "event"]),
    st.text() | st.from_regex(r"(\*|\d{1,2})([/-]\d{1,2})?( (\*|[0-9LW#]{1,3})){4}", fullmatch=True),
    st.datetimes(timezones=st.just(UTC)).filter(lambda instant: EARLIEST <= instant <= LATEST),
    st.sampled_from([None, UTC, BERLIN]),
)
def test_every_text_has_one_of_the_three_answers(kind: str, value: str, after: datetime, zone: ZoneInfo | None) -> None:
    found = outlook(kind, value, after, zone)
    if isinstance(found, Due):
        assert after < found.at <= LATEST
    elif isinstance(found, NotUnderstood):
        assert found.text
    else:
        assert found.why
