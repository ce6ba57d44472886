"""When an automation is due, and how its last run ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clawtui.files.json5.document import read_value
from clawtui.model.checked.reading import made
from clawtui.model.documents.automation import AutomationConfig, RunResult
from clawtui.model.schedules.outlook import Due
from tests.model.samples import RUN, SMALLEST, read, read_with


def due(config: AutomationConfig) -> datetime | None:
    outlook = config.outlook(UTC)
    return outlook.at if isinstance(outlook, Due) else None


def test_the_next_run_of_the_gateway_precedes_that_of_the_schedule() -> None:
    written = read(AutomationConfig, nextRun="2025-03-01T00:00:00Z", lastRun=RUN)
    assert due(written) == datetime(2025, 3, 1, tzinfo=UTC)
    followed = read(AutomationConfig, lastRun=RUN)
    assert due(followed) == datetime(2025, 1, 26, 12, 30, tzinfo=UTC)
    never_run = read(AutomationConfig)
    assert never_run.created is not None
    assert due(never_run) == never_run.created + timedelta(hours=2)


def test_a_next_run_that_the_last_run_has_used_up_is_not_waited_for() -> None:
    used_up = read(AutomationConfig, nextRun="2025-01-26T10:29:00Z", lastRun=RUN)
    assert due(used_up) == datetime(2025, 1, 26, 12, 30, tzinfo=UTC)


def test_a_disabled_automation_is_never_due() -> None:
    assert read(AutomationConfig, enabled=False, nextRun="2025-03-01T00:00:00Z").outlook(UTC) is None


def test_the_latest_run_is_that_of_either_field() -> None:
    assert read(AutomationConfig).latest_run is None
    older = RUN | {"summary": "older"}
    assert read(AutomationConfig, runHistory=[RUN, older]).latest_run == made(RunResult, RUN)
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


@pytest.mark.parametrize(
    ("name", "accepted"), [("x" * 100, True), ("é" * 100, True), ("🚀" * 50, True), ("🚀" * 51, False)]
)
def test_the_length_of_a_name_is_counted_as_javascript_does(name: str, accepted: bool) -> None:
    config, faults = read_value(AutomationConfig, {**SMALLEST[AutomationConfig], "name": name})
    assert config.name == name
    assert (not faults) == accepted
