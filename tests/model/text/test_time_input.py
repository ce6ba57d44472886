"""Times as an operator types them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from clawtui.model.text.time_input import parse_moment
from tests.gateway_root import NOON

BEGAN = NOON - timedelta(hours=1)


def parsed(text: str) -> datetime | None:
    return parse_moment(text, now=NOON, origin=BEGAN, near=BEGAN, zone=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("13:30", datetime(2025, 1, 26, 11, 30, tzinfo=UTC)),
        ("9:05", datetime(2025, 1, 26, 7, 5, tzinfo=UTC)),
        ("13:30:05", datetime(2025, 1, 26, 11, 30, 5, tzinfo=UTC)),
        ("2025-01-25T13:30", datetime(2025, 1, 25, 11, 30, tzinfo=UTC)),
        ("2025-01-25 13:30:00", datetime(2025, 1, 25, 11, 30, tzinfo=UTC)),
        ("2025-01-25T13:30:00Z", datetime(2025, 1, 25, 13, 30, tzinfo=UTC)),
        ("2025-01-25", datetime(2025, 1, 24, 22, 0, tzinfo=UTC)),
        ("5m", NOON - timedelta(minutes=5)),
        (" 1h30m ago ", NOON - timedelta(minutes=90)),
        ("+90s", BEGAN + timedelta(seconds=90)),
    ],
)
def test_a_time_is_understood_in_each_of_its_forms(text: str, at: datetime) -> None:
    assert parsed(text) == at


@pytest.mark.parametrize("text", ["", "soon", "25:00", "+", "+x", "12", "99999999999w", "2025-13-01"])
def test_an_invalid_time_is_none(text: str) -> None:
    assert parsed(text) is None


def test_without_a_start_nothing_is_after_it() -> None:
    assert parse_moment("+5m", now=NOON, origin=None, near=None, zone=UTC) is None
