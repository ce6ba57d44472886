from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clawtui.live.fleet_builder import LogsOfType, files_of, with_changes
from clawtui.model.paths import parse_log_name

FILES = [f"{id}-2025-01-{day:02}-10-00-00.jsonl" for id in ("a", "b") for day in range(1, 8)]
FILES += [f"2025-01-{day:02}.jsonl" for day in range(1, 8)] + ["latest.jsonl", "a.jsonl"]
some_files = st.sets(st.sampled_from(FILES))


def logs_of(files: set[str]) -> LogsOfType:
    return with_changes({}, added=files)


@given(some_files, some_files, some_files)
def test_changes_lead_where_a_fresh_listing_leads(before: set[str], added: set[str], gone: set[str]) -> None:
    assert with_changes(logs_of(before), added, gone) == logs_of((before | added) - gone)


@given(some_files)
def test_every_log_is_under_its_automation_oldest_first(files: set[str]) -> None:
    logs = logs_of(files)
    assert files_of(logs) == {file for file in files if parse_log_name(file)}
    for id, names in logs.items():
        assert names
        assert all(name.automation_id == id for name in names)
        assert [name.started for name in names] == sorted(name.started for name in names)


@given(some_files)
def test_an_equal_reading_changes_nothing(files: set[str]) -> None:
    logs = logs_of(files)
    assert with_changes(logs, added=files) is logs
    assert with_changes(logs, gone=set(FILES) - files) is logs


def test_the_logs_of_other_automations_are_shared() -> None:
    logs = logs_of(set(FILES))
    after = with_changes(logs, added=["a-2025-02-01-10-00-00.jsonl"])
    assert after["b"] is logs["b"] and after[None] is logs[None]
    assert after["a"][-1].file == "a-2025-02-01-10-00-00.jsonl"
