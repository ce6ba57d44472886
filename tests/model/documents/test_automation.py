"""When an automation is due, and how its last run ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.documents.automation import AutomationConfig, RunResult, Schedule
from clawtui.model.text.units import EARLIEST, LATEST
from tests.model.samples import RUN, read, read_with

LAST = datetime(2025, 1, 26, 10, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value", "due"),
    [
        ("interval", "2h", datetime(2025, 1, 26, 12, 7, 30, tzinfo=UTC)),
        ("cron", "*/15 * * * *", datetime(2025, 1, 26, 10, 15, tzinfo=UTC)),
        ("cron", "0 0 29 2 *", datetime(2028, 2, 29, tzinfo=UTC)),
        ("at", "2025-01-27T00:00:00+02:00", datetime(2025, 1, 26, 22, 0, tzinfo=UTC)),
    ],
)
def test_what_is_due_next_follows_from_the_schedule(kind: str, value: str, due: datetime) -> None:
    assert Schedule.model_validate({"type": kind, "value": value}).next_after(LAST) == due


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("interval", ""),
        ("interval", "often"),
        ("interval", "99999999w"),
        ("cron", ""),
        ("cron", "often"),
        ("cron", "61 * * * *"),
        ("cron", "0 0 30 2 *"),
        ("at", "tomorrow"),
        ("at", "2025-01-27"),
        ("at", "2025-01-27T00:00:00"),
        ("at", "2025-01-26T10:07:30Z"),
        ("at", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_schedule_that_never_comes_or_makes_no_sense_has_no_next(kind: str, value: str) -> None:
    assert Schedule.model_validate({"type": kind, "value": value}).next_after(LAST) is None


@given(
    st.sampled_from(["interval", "cron", "at"]),
    st.text() | st.from_regex(r"(\*|\d{1,2})(/\d{1,2})?( (\*|\d{1,2})){4}", fullmatch=True),
    st.datetimes(timezones=st.just(UTC)).filter(lambda instant: EARLIEST <= instant <= LATEST),
)
def test_no_schedule_is_ever_too_strange(kind: str, value: str, last: datetime) -> None:
    due = Schedule.model_validate({"type": kind, "value": value}).next_after(last)
    assert due is None or last < due <= LATEST


def test_what_the_gateway_wrote_goes_before_what_follows_from_the_schedule() -> None:
    written = read(AutomationConfig, nextRun="2025-03-01T00:00:00Z", lastRun=RUN)
    assert written.due == datetime(2025, 3, 1, tzinfo=UTC)
    followed = read(AutomationConfig, lastRun=RUN)
    assert followed.due == datetime(2025, 1, 26, 12, 30, tzinfo=UTC)
    never_run = read(AutomationConfig)
    assert never_run.due == never_run.created + timedelta(hours=2)


def test_a_disabled_automation_is_never_due() -> None:
    assert read(AutomationConfig, enabled=False, nextRun="2025-03-01T00:00:00Z").due is None


def test_the_latest_run_comes_from_whichever_place_names_it() -> None:
    assert read(AutomationConfig).latest_run is None
    older = RUN | {"summary": "older"}
    assert read(AutomationConfig, runHistory=[RUN, older]).latest_run == RunResult.model_validate(RUN)
    latest = read(AutomationConfig, lastRun=older, runHistory=[RUN]).latest_run
    assert latest is not None
    assert latest.summary == "older"


@pytest.mark.parametrize(
    ("duration", "took"),
    [
        (324000, timedelta(minutes=5, seconds=24)),
        (0.5, timedelta(microseconds=500)),
        (-1, timedelta(0)),
        (10**300, timedelta(0)),
    ],
)
def test_a_duration_is_in_milliseconds(duration: float, took: timedelta) -> None:
    last = read_with(AutomationConfig, "lastRun", RUN | {"duration": duration}).last_run
    assert last is not None
    assert last.took == took
