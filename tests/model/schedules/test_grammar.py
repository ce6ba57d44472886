"""Each line of the table of schedules in `clawtui automation --help` is true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clawtui.model.schedules.grammar import NEVER, NOT_UNDERSTOOD, UNDERSTOOD, Example, grammar_text
from clawtui.model.schedules.outlook import Due, Never, NotUnderstood, outlook

AFTER = datetime(2026, 11, 28, 10, 15, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")

DUE = {
    "30 9 * * *": "2026-11-29 09:30",
    "15 30 9 * * *": "2026-11-29 09:30:15",
    "0 30 9 1 1 * 2028": "2028-01-01 09:30",
    "*/15 9-17 * * *": "2026-11-28 11:30",
    "0 22-23,0-2 * * *": "2026-11-28 22:00",
    "0 9 * JAN-MAR MON-FRI": "2027-01-01 09:00",
    "0 9 * * SAT-SUN": "2026-11-29 09:00",
    "0 9 ? * MON": "2026-11-30 09:00",
    "0 9 L * *": "2026-11-30 09:00",
    "0 9 LW * *": "2026-11-30 09:00",
    "0 9 15W * *": "2026-12-15 09:00",
    "0 9 * * MON#2": "2026-12-14 09:00",
    "0 9 * * 5L": "2026-12-25 09:00",
    "0 9 1 * MON": "2026-11-30 09:00",
    "0 9 1 * +MON": "2027-02-01 09:00",
    "@daily": "2026-11-29 00:00",
    "2027-01-01 09:00": "2027-01-01 09:00",
}
"""By the wall clock of Berlin."""
SPANS = {"2h": 7200, "1d12h": 129600, "2 hours": 7200, "every 2h": 7200, "PT2H": 7200, "3600000": 3600}
INSTANTS = {
    "2027-01-01T09:00:00Z": "2027-01-01T09:00:00+00:00",
    "2027-01-01T09:00:00": "2027-01-01T09:00:00+00:00",
    "2027-01-01": "2027-01-01T00:00:00+00:00",
    "1798794000000": "2027-01-01T09:00:00+00:00",
}


def expected(example: Example) -> datetime:
    if example.kind == "interval":
        return AFTER + timedelta(seconds=SPANS[example.value])
    if example.kind == "at" and example.value in INSTANTS:
        return datetime.fromisoformat(INSTANTS[example.value])
    wall = DUE.get(example.value, example.value)
    return datetime.fromisoformat(wall).replace(tzinfo=BERLIN)


@pytest.mark.parametrize("example", UNDERSTOOD, ids=lambda example: f"{example.kind} {example.value}")
def test_a_valid_schedule_has_a_next_time(example: Example) -> None:
    assert outlook(example.kind, example.value, AFTER, BERLIN) == Due(expected(example))


@pytest.mark.parametrize("example", NEVER, ids=lambda example: f"{example.kind} {example.value}")
def test_an_impossible_date_is_never_due(example: Example) -> None:
    found = outlook(example.kind, example.value, AFTER, BERLIN)
    assert isinstance(found, Never)
    assert found.impossible


@pytest.mark.parametrize("example", NOT_UNDERSTOOD, ids=lambda example: f"{example.kind} {example.value}")
def test_the_error_about_a_schedule_names_the_part(example: Example) -> None:
    found = outlook(example.kind, example.value, AFTER, BERLIN)
    assert isinstance(found, NotUnderstood)
    assert found.part in example.value


def test_the_table_fits_a_terminal() -> None:
    assert all(len(line) <= 78 for line in grammar_text().splitlines())
