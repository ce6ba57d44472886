"""Names of log files, and names that become part of a path."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.paths import LogName, day_log_name, is_plain_component, parse_log_name, run_log_name

HALF_PAST_TEN = datetime(2025, 1, 26, 10, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("file", "started", "automation_id"),
    [
        ("auto-sync-main-123-2025-01-26-10-30-05.jsonl", HALF_PAST_TEN, "auto-sync-main-123"),
        ("auto-sync-main-123-20250126-103005.jsonl", HALF_PAST_TEN, "auto-sync-main-123"),
        ("2025-01-26.jsonl", datetime(2025, 1, 26, tzinfo=UTC), None),
        ("a-20250126-103005-2025-01-26-10-30-05.jsonl", HALF_PAST_TEN, "a-20250126-103005"),
        ("2025-01-26-2025-01-26-10-30-05.jsonl", HALF_PAST_TEN, "2025-01-26"),
    ],
)
def test_all_three_forms_are_read(file: str, started: datetime, automation_id: str | None) -> None:
    assert parse_log_name(file) == LogName(started, file, automation_id)


@pytest.mark.parametrize(
    "file",
    [
        "",
        "notes.txt",
        "auto-sync.jsonl",
        "auto-2025-01-26.jsonl",
        "2025-01-26.json",
        "2025-01-26.jsonl.gz",
        "2025-01-26.jsonl\n",
        "2025-02-30.jsonl",
        "0001-01-01.jsonl",
        "a-2025-01-26-25-00-00.jsonl",
        "a-20250126-1030.jsonl",
        "-2025-01-26-10-30-05.jsonl",
        "a-٢٠٢٥-٠١-٢٦-١٠-٣٠-٠٥.jsonl",
    ],
)
def test_any_other_name_is_not_parsed(file: str) -> None:
    assert parse_log_name(file) is None


instants = st.datetimes(
    min_value=datetime(1970, 1, 2),
    max_value=datetime(9999, 12, 27),
    timezones=st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@given(st.from_regex(r"[a-z0-9-]+", fullmatch=True), instants)
def test_the_name_of_a_run_has_its_automation_and_its_second(automation_id: str, started: datetime) -> None:
    name = parse_log_name(run_log_name(automation_id, started))
    assert name is not None
    assert (name.automation_id, name.started) == (automation_id, started.replace(microsecond=0))


@given(instants)
def test_the_name_of_a_day_has_the_day_in_utc(instant: datetime) -> None:
    name = parse_log_name(day_log_name(instant))
    assert name is not None
    assert name.automation_id is None
    assert timedelta(0) <= instant - name.started < timedelta(days=1)


def test_logs_are_sorted_by_time_in_any_form_of_names() -> None:
    files = ["a-20250126-090000.jsonl", "2025-01-26.jsonl", "a-2025-01-26-08-00-00.jsonl"]
    names = sorted(name for name in map(parse_log_name, files) if name)
    assert [name.file for name in names] == [files[1], files[2], files[0]]


@pytest.mark.parametrize("name", ["a", "smart-sync-fork", "...", ".hidden", "Ünïcode", "with space", "x" * 255])
def test_a_single_step_is_a_plain_component(name: str) -> None:
    assert is_plain_component(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "/", "../..", "a/b", "/etc", "a/", "a\0b", "x" * 256, "ü" * 128, "half \ud800"]
)
def test_a_component_that_leads_elsewhere_is_not_plain(name: str) -> None:
    assert not is_plain_component(name)
