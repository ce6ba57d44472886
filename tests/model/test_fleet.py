"""The values that are derived from a whole fleet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clawtui.model.documents.base import Problem
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.fleet import Fleet, Reading, Workspace
from clawtui.model.paths import LogName, parse_log_name
from tests.model.fleets import automation, good, unreadable, workspace
from tests.model.samples import read


def name_of(file: str) -> LogName:
    name = parse_log_name(file)
    assert name is not None
    return name


OLD, NEW = name_of("a-2025-01-25-08-00-00.jsonl"), name_of("a-20250126-080000.jsonl")
DAY, LATER_DAY = name_of("2025-01-26.jsonl"), name_of("2025-01-27.jsonl")

BROKEN_DISPATCHER: Reading[DispatcherConfig] = Reading("d", None, Problem("d", "is empty"), None)
BROKEN_CONCURRENCY: Reading[ConcurrencyState] = Reading("c", None, Problem("c", "is empty"), None)


def test_the_log_of_the_newest_run_is_chosen_in_any_form_of_names() -> None:
    fleet = Fleet("root", logs={"smart-sync-fork": {"a": (OLD, NEW), None: (DAY, LATER_DAY)}})
    assert fleet.run_log(automation("a")) == "logs/smart-sync-fork/a-20250126-080000.jsonl"


@pytest.mark.parametrize("own", [{}, {"a": ()}, {"b": (OLD,)}])
def test_an_automation_without_a_log_has_that_of_the_newest_day_of_its_type(
    own: dict[str | None, tuple[LogName, ...]],
) -> None:
    fleet = Fleet("root", logs={"smart-sync-fork": {**own, None: (DAY, LATER_DAY)}})
    assert fleet.run_log(automation("a")) == "logs/smart-sync-fork/2025-01-27.jsonl"


def test_without_a_log_none_is_chosen() -> None:
    assert Fleet("root").run_log(automation("a")) is None
    assert Fleet("root", logs={"other-type": {"a": (NEW,), None: (DAY,)}}).run_log(automation("a")) is None
    assert Fleet("root").dispatcher_log is None


def test_the_dispatchers_log_is_its_newest_day() -> None:
    fleet = Fleet("root", logs={"dispatcher": {None: (DAY, LATER_DAY)}, "smart-sync-fork": {None: (DAY,)}})
    assert fleet.dispatcher_log == "logs/dispatcher/2025-01-27.jsonl"


def test_the_lock_timeout_is_the_dispatchers_or_four_hours_or_unknown() -> None:
    assert Fleet("root").lock_timeout == timedelta(hours=4)
    assert Fleet("root", dispatcher=BROKEN_DISPATCHER).lock_timeout is None
    assert Fleet("root", dispatcher=good(read(DispatcherConfig))).lock_timeout == timedelta(hours=4)
    custom = Fleet("root", dispatcher=good(read(DispatcherConfig, lockTimeoutHours=1.5)))
    assert custom.lock_timeout == timedelta(minutes=90)


def test_the_number_of_slots_is_the_states_then_the_configurations() -> None:
    dispatcher, concurrency = good(read(DispatcherConfig, maxConcurrent=7)), good(read(ConcurrencyState, maxSlots=5))
    assert Fleet("root").max_slots is None
    assert Fleet("root", dispatcher=dispatcher).max_slots == 7
    assert Fleet("root", dispatcher=dispatcher, concurrency=concurrency).max_slots == 5
    assert Fleet("root", dispatcher=dispatcher, concurrency=BROKEN_CONCURRENCY).max_slots == 7
    assert Fleet("root", dispatcher=BROKEN_DISPATCHER, concurrency=BROKEN_CONCURRENCY).max_slots is None


def test_the_slots_that_are_taken_are_those_that_can_be_read() -> None:
    assert Fleet("root").slots == ()
    assert Fleet("root", concurrency=BROKEN_CONCURRENCY).slots == ()
    taken = Fleet("root", concurrency=good(read(ConcurrencyState))).slots
    assert [(slot.automation_id, slot.slot_number) for slot in taken] == [("a", 1)]


def test_a_workspace_is_running_by_its_readable_state() -> None:
    running = workspace("a").running
    assert running is not None
    assert running.automation_id == "a"
    assert workspace("a", "complete").running is None
    assert Workspace("a").running is None
    broken: Reading[RuntimeState] = Reading("s", None, Problem("s", "is empty"), None)
    assert Workspace("a", state=broken).running is None


def test_an_automation_that_cannot_be_read_is_called_by_its_id() -> None:
    assert automation("a", name="Sync Main").name == "Sync Main"
    assert unreadable("a").name == "a"


def test_a_fleet_is_never_changed() -> None:
    with pytest.raises(AttributeError):
        Fleet("root").root = "elsewhere"  # type: ignore[misc]
