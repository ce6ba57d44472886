"""Which runs were missed, and which only look so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from clawtui.model.gateway.job import Job, JobState
from clawtui.model.gateway.missed import Missed, is_overdue, missed_runs
from clawtui.model.gateway.ownership import Boot
from clawtui.model.gateway.run import GatewayRun, RunStatus
from clawtui.model.gateway.schedule import Schedule
from clawtui.model.text.units import EARLIEST, LATEST

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURLY = Schedule("cron", expression="15 * * * *", zone="UTC")
LATER = NOON + timedelta(minutes=15)


def job(schedule: Schedule = HOURLY, **state: object) -> Job:
    return Job("id", "name", True, schedule, JobState(**{"next_run": LATER, **state}), created=NOON - 30 * HOUR)  # type: ignore[arg-type]


def run(hours_ago: float, status: RunStatus = "success", minutes: float = 1) -> GatewayRun:
    started = NOON - timedelta(hours=hours_ago)
    ended = None if status in ("running", "queued") else started + timedelta(minutes=minutes)
    return GatewayRun("r", "id", started, status, "receipt", finished=ended)


def missed(job: Job, *runs: GatewayRun, boots: tuple[Boot, ...] = ()) -> Missed | None:
    return missed_runs(job, runs, NOON, UTC, boots)


def test_ticks_that_left_no_run_are_counted_from_the_last_run() -> None:
    found = missed(job(), run(4.75))
    assert found is not None
    assert [due.hour for due in found.times] == [8, 9, 10, 11]
    assert found.since == NOON - timedelta(hours=4.75)


def test_a_job_that_ran_when_it_was_due_missed_nothing() -> None:
    assert missed(job(), run(0.75)) is None


@pytest.mark.parametrize("status", ["skipped", "failed", "interrupted", "superseded"])
def test_a_run_with_any_result_was_not_missed(status: RunStatus) -> None:
    assert missed(job(), run(0.75, status)) is None


@pytest.mark.parametrize(
    "harmless",
    [
        replace(job(), enabled=False),
        replace(job(), has_trigger=True),
        replace(job(), created=NOON - timedelta(minutes=10)),
        job(running_at=NOON - HOUR),
        job(queued_at=NOON - HOUR),
        job(startup_catchup=NOON + HOUR),
        job(paced_next_run=NOON + HOUR),
        job(last_run=NOON - timedelta(minutes=50), consecutive_errors=5),
        job(Schedule("on-exit")),
        job(Schedule("cron", expression="nonsense", zone="UTC")),
    ],
)
def test_a_job_with_another_reason_has_no_missed_run(harmless: Job) -> None:
    assert missed(harmless) is None


def test_a_run_that_took_longer_than_its_interval_misses_nothing_meanwhile() -> None:
    assert missed(job(), run(4.75, minutes=4 * 60 + 40)) is None
    every = Schedule("every", every=timedelta(minutes=10))
    assert missed(job(every), run(2, minutes=115)) is None
    assert missed(job(every), run(2, "running")) is None


@pytest.mark.parametrize("anchored", [True, False])
def test_an_interval_counts_from_the_last_run(anchored: bool) -> None:
    every = Schedule("every", every=HOUR, anchor=NOON - timedelta(hours=100, minutes=50) if anchored else None)
    assert missed(job(every), run(0.9)) is None
    found = missed(job(every), run(3.5))
    assert found is not None and len(found.times) == 3


def test_a_staggered_run_may_come_later() -> None:
    late = Schedule("cron", expression="58 * * * *", zone="UTC", stagger=timedelta(minutes=10))
    assert missed(job(late), run(1.03)) is None
    full_hour = Schedule("cron", expression="0 * * * *", zone="UTC")
    assert missed_runs(job(full_hour), (run(1),), NOON + timedelta(minutes=4), UTC) is None
    assert missed_runs(job(full_hour), (run(1),), NOON + timedelta(minutes=9), UTC) is not None


def test_an_appointment_is_missed_once() -> None:
    at = Schedule("at", at=NOON - HOUR)
    found = missed(replace(job(at), state=JobState()))
    assert found is not None and found.times == (NOON - HOUR,)
    assert missed(replace(job(at), state=JobState(last_run=NOON - HOUR))) is None


def test_runs_missed_while_the_gateway_was_down_are_reported() -> None:
    boots = (Boot(2, NOON - 2 * HOUR), Boot(1, NOON - 9 * HOUR, completed=NOON - 4 * HOUR))
    found = missed(job(), run(4.75), boots=boots)
    assert found is not None and (len(found.times), found.while_down) == (4, 2)


def test_without_the_zone_of_the_host_an_expression_without_a_zone_has_no_missed_runs() -> None:
    local = Schedule("cron", expression="15 * * * *")
    assert missed_runs(job(local), (run(9),), NOON, None) is None
    assert missed_runs(job(local), (run(9),), NOON, UTC) is not None


def test_a_run_that_the_gateway_has_due_is_overdue_and_not_missed() -> None:
    overdue = job(next_run=NOON - HOUR)
    assert is_overdue(overdue, (), NOON)
    assert missed(overdue, run(9)) is None
    assert not is_overdue(job(next_run=NOON - timedelta(minutes=1)), (), NOON)
    assert not is_overdue(overdue, (run(1, "running"),), NOON)
    assert not is_overdue(replace(overdue, enabled=False), (), NOON)


def test_a_schedule_of_every_minute_for_years_is_counted_only_so_far() -> None:
    minutely = replace(job(Schedule("cron", expression="* * * * *", zone="UTC")), created=NOON - timedelta(days=2000))
    found = missed(minutely)
    assert found is not None and found.count == "more than 999"


INSTANTS = (
    st.none()
    | st.sampled_from((EARLIEST, NOON, LATEST))
    | st.datetimes(timezones=st.just(UTC)).filter(lambda at: EARLIEST <= at <= LATEST)
)
SPANS = st.none() | st.integers(-(10**15) + 1, 10**15 - 1).map(lambda number: timedelta(milliseconds=number))


@given(INSTANTS, SPANS, INSTANTS, INSTANTS, SPANS, SPANS, INSTANTS, st.integers(0, 9))
def test_no_time_or_span_that_a_store_can_hold_is_beyond_the_calendar(
    last: datetime | None,
    took: timedelta | None,
    due: datetime | None,
    anchor: datetime | None,
    every: timedelta | None,
    stagger: timedelta | None,
    created: datetime | None,
    errors: int,
) -> None:
    state = JobState(next_run=due, last_run=last, last_duration=took, paced_next_run=anchor, consecutive_errors=errors)
    for kind in ("every", "at", "cron"):
        schedule = Schedule(kind, anchor, every, anchor, "15 3 * * *", "UTC", stagger)
        each = Job("id", "name", True, schedule, state, created=created)
        is_overdue(each, (), NOON)
        found = missed(each)
        assert found is None or all(time <= NOON for time in found.times)
