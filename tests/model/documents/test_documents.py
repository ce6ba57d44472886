"""The design's own constraints, at their edges."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import NODEFAULT
from pydantic import TypeAdapter, ValidationError

from clawtui.files.json5.serialize import dumped
from clawtui.model.checked.field_types import Timestamp
from clawtui.model.checked.reading import made
from clawtui.model.checked.struct import schema_fields
from clawtui.model.documents.automation import MAX_HISTORY, AutomationConfig
from clawtui.model.documents.base import Document
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.log_entry import DispatcherLogEntry, Phase, RunLogEntry
from clawtui.model.documents.workspace import ProgressState, RuntimeState, WorkspaceInfo
from tests.model.samples import AT, RUN, SLOT, SMALLEST, read, read_with, refusal

KINDS = list(SMALLEST)
REQUIRED = [(kind, key) for kind, document in SMALLEST.items() for key in document]

ACCEPTED: list[tuple[type[Document], str, list[object]]] = [
    (DispatcherConfig, "version", [1, 1.0]),
    (DispatcherConfig, "maxConcurrent", [1, 10, 2.5]),
    (DispatcherConfig, "lockTimeoutHours", [1, 24, 1.5]),
    (DispatcherConfig, "logLevel", ["debug", "info", "warn", "error"]),
    (DispatcherConfig, "notifications.channels", [[], ["#a", ""]]),
    (DispatcherConfig, "lastModifiedBy", ["user@example.com"]),
    (AutomationConfig, "id", ["a", "0", "-", "auto-sync-main-123"]),
    (AutomationConfig, "name", ["x", "x" * 100]),
    (AutomationConfig, "schedule.type", ["cron", "interval", "at"]),
    (AutomationConfig, "schedule.value", ["", "no span at all"]),
    (AutomationConfig, "config", [{}, {"depth": {"of": ["anything", None, math.inf]}}]),
    (AutomationConfig, "runHistory", [[RUN] * MAX_HISTORY]),
    (AutomationConfig, "lastRun", [RUN, RUN | {"duration": -0.5}]),
    (ConcurrencyState, "maxSlots", [1, 10, 9.5]),
    (ConcurrencyState, "activeSlots", [[], [SLOT] * 20]),
    (ConcurrencyState, "activeSlots.0.slotNumber", [1, 1.0, 10**20]),
    (WorkspaceInfo, "status", ["active", "complete", "failed", "abandoned"]),
    (RuntimeState, "status", ["running", "anything"]),
    (ProgressState, "timeline", [[]]),
    (RepositoryLock, "pid", [1, 4194304]),
    (
        RepositoryLock,
        "repoUrl",
        ["git@github.com:u/r.git", "ssh://git@host:22/u/r", "file:///srv/r", "host:u/r", "/srv/r.git"],
    ),
    (DispatcherLogEntry, "event", ["", "an event of tomorrow"]),
    (RunLogEntry, "phase", list(get_args(Phase))),
    (RunLogEntry, "status", ["success", "partial", "failed", "cancelled"]),
]

REFUSED: list[tuple[type[Document], str, list[object]]] = [
    (DispatcherConfig, "version", [0, 2, "1", True, None, 1.5]),
    (DispatcherConfig, "maxConcurrent", [0, 0.99, 10.01, 11, -1, "3", True, None, math.nan, math.inf]),
    (DispatcherConfig, "lockTimeoutHours", [0, 0.5, 24.5, 25, "4", False]),
    (DispatcherConfig, "enabled", ["true", 1, 0, None]),
    (DispatcherConfig, "logLevel", ["INFO", "trace", "", 1]),
    (DispatcherConfig, "notifications", [None, [], "on"]),
    (DispatcherConfig, "notifications.onStart", ["yes", 1]),
    (DispatcherConfig, "notifications.channels", ["#a", [1], {"0": "#a"}]),
    (DispatcherConfig, "lastModifiedBy", ["me", "a@b", "a b@c.de", ""]),
    (AutomationConfig, "id", ["", "Auto", "a_b", "a.b", "../x", "a/b", "a\n", "ä", 5]),
    (AutomationConfig, "name", ["", "x" * 101, 7]),
    (AutomationConfig, "schedule", ["2h", {}, {"type": "interval"}]),
    (AutomationConfig, "schedule.type", ["hourly", None]),
    (AutomationConfig, "config", [[], "x", None]),
    (AutomationConfig, "runHistory", [[RUN] * (MAX_HISTORY + 1), {}, [{}], None]),
    (AutomationConfig, "lastRun", [RUN | {"status": "done"}, RUN | {"timestamp": "now"}, RUN | {"summary": None}]),
    (AutomationConfig, "lastRun.duration", ["5", True, None, math.inf, math.nan, 10**400]),
    (ConcurrencyState, "maxSlots", [0, 11, "3", True]),
    (ConcurrencyState, "activeSlots.0.slotNumber", [0, -1, 1.5, "1", True, math.inf]),
    (WorkspaceInfo, "status", ["running", ""]),
    (RepositoryLock, "pid", [0, -1, 1.5, "12345", True]),
    (RepositoryLock, "repoUrl", ["", "repo", "//srv/repo", "https://", "a b:c", 5]),
    (RepositoryLock, "lockType", ["branch", None]),
    (RunLogEntry, "phase", ["deploy", None]),
    (RunLogEntry, "status", ["running"]),
    (RunLogEntry, "depth", ["1", True, math.nan]),
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_document_of_each_kind_is_accepted(kind: type[Document]) -> None:
    assert read(kind)


@pytest.mark.parametrize(("kind", "key"), REQUIRED)
def test_a_required_key_that_is_missing_is_named(kind: type[Document], key: str) -> None:
    document = {name: value for name, value in SMALLEST[kind].items() if name != key}
    with pytest.raises(ValidationError) as caught:
        made(kind, document)
    assert [fault["loc"] for fault in caught.value.errors()] == [(key,)]


@pytest.mark.parametrize(("kind", "place", "values"), ACCEPTED)
def test_documents_of_the_design_are_accepted(kind: type[Document], place: str, values: list[object]) -> None:
    for value in values:
        read_with(kind, place, value)


@pytest.mark.parametrize(("kind", "place", "values"), REFUSED)
def test_documents_against_the_design_are_refused(kind: type[Document], place: str, values: list[object]) -> None:
    for value in values:
        assert refusal(kind, place, value), value


def test_defaults_are_those_of_the_design() -> None:
    dispatcher = read(DispatcherConfig)
    assert (dispatcher.version, dispatcher.max_concurrent, dispatcher.lock_timeout_hours) == (1, 3, 4)
    assert (dispatcher.enabled, dispatcher.log_level) == (True, "info")
    notifications = dispatcher.notifications
    assert (notifications.on_start, notifications.on_complete, notifications.on_error, notifications.channels) == (
        False,
        True,
        True,
        ("#cb-activity",),
    )
    assert read(AutomationConfig).enabled is True
    assert read(ConcurrencyState).version == 1


def test_the_phases_of_a_run_are_those_of_the_design() -> None:
    phases = ["init", "workspace", "git", "merge", "conflict", "resolution", "pr", "complete", "cleanup"]
    assert list(get_args(Phase)) == phases


def test_a_whole_number_stays_whole() -> None:
    assert isinstance(read(DispatcherConfig, maxConcurrent=3).max_concurrent, int)
    assert isinstance(read(DispatcherConfig, maxConcurrent=2.5).max_concurrent, float)
    assert isinstance(read(RepositoryLock, pid=3.0).pid, int)


@pytest.mark.parametrize("kind", KINDS)
def test_null_means_absent_for_an_optional_value(kind: type[Document]) -> None:
    optional = [
        field.key
        for field in schema_fields(kind).values()
        if field.default is None or field.default_factory is not NODEFAULT
    ]
    document = read(kind, **dict.fromkeys(optional))
    assert document == read(kind)


def test_null_means_absent_in_the_state_of_a_run() -> None:
    assert read(RuntimeState, progress={"percentage": 5, "details": None}).progress.details.current_file is None
    assert read(RuntimeState, merge={"uncertainResolutions": None}).merge.uncertain_resolutions == ()
    step = {"timestamp": AT, "milestone": "Cloning", "percentage": 10, "details": None}
    assert read(ProgressState, timeline=[step]).timeline[0].details == {}


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_keys_are_kept_and_shadow_nothing(kind: type[Document]) -> None:
    extra = {"futureKey": {"a": [1, None]}, "unknown": 1, "modelDump": 2, "model_dump": 3, "__class__": 4, "": 5}
    document = read(kind, **extra)
    assert document.unknown == extra
    assert extra.items() <= dumped(document).items()


def test_unknown_keys_are_kept_inside_other_documents() -> None:
    slot = read_with(ConcurrencyState, "activeSlots.0.color", "red").active_slots[0]
    assert slot.unknown == {"color": "red"}
    assert read_with(RuntimeState, "progress.details.speed", 9).progress.details.unknown == {"speed": 9}


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_names_on_disk_are_read(kind: type[Document]) -> None:
    names = [name for name, field in schema_fields(kind).items() if field.key != name]
    document = read(kind, **dict.fromkeys(names, "a name of ours"))
    assert document.unknown == dict.fromkeys(names, "a name of ours")


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_frozen(kind: type[Document]) -> None:
    name = next(iter(schema_fields(kind)))
    with pytest.raises(AttributeError, match="immutable"):
        setattr(read(kind), name, "other")


instant = TypeAdapter[datetime](Timestamp)


def read_both_ways(text: str) -> datetime:
    """Read a value as documents are read, from Python values, and as log lines are, from JSON: with the same result."""
    value = instant.validate_python(text)
    assert instant.validate_json(json.dumps(text)) == value
    return value


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-26T10:30:00Z",
        "2025-01-26T10:30:00.000Z",
        "2025-01-26T10:30:00+00:00",
        "2025-01-26T12:30:00+02:00",
        "2025-01-26T05:00:00-0530",
        "2025-01-26T05:30:00-05",
        "2025-01-26T10:30Z",
        "2025-01-26 10:30:00Z",
        "2025-01-26t10:30:00z",
        "2025-01-26T10:30:00.000000123Z",
    ],
)
def test_any_iso_offset_is_the_same_instant(text: str) -> None:
    assert read_both_ways(text) == datetime(2025, 1, 26, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2025-01-26T10:30:00",
        "2025-01-26",
        "10:30:00Z",
        "yesterday",
        "",
        "2025-02-30T10:30:00Z",
        "2025-01-26T25:00:00Z",
        "2025-01-26T10:30:00+24:00",
        "2025-01-26T10:30:00Z and more",
        "2025-01-26T10:30:00Z\n",
        "1737887400",
        1737887400,
        1737887400.5,
        True,
        None,
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_a_time_without_a_zone_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        instant.validate_python(value)
    with pytest.raises(ValidationError):
        instant.validate_json(json.dumps(value))


def test_an_instant_without_a_zone_is_refused_in_code_too() -> None:
    with pytest.raises(ValidationError):
        instant.validate_python(datetime(2025, 1, 26))


offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(min_value=datetime(1, 1, 4), max_value=datetime(9999, 12, 27), timezones=offsets))
def test_every_instant_is_written_as_javascript_does_and_read_again(moment: datetime) -> None:
    assert read_both_ways(moment.isoformat()) == moment
    written = instant.dump_python(moment)
    assert len(written) == len("2025-01-26T10:30:00.000Z")
    assert written.endswith("Z")
    assert timedelta(0) <= moment - read_both_ways(written) < timedelta(milliseconds=1)


@given(st.datetimes(min_value=datetime(1, 1, 4), max_value=datetime(9999, 12, 27), timezones=offsets), offsets)
def test_every_accepted_instant_can_be_formatted_in_every_zone(moment: datetime, zone: timezone) -> None:
    assert instant.validate_python(moment).astimezone(zone) == moment


def test_every_timestamp_of_a_document_is_written_the_same_way() -> None:
    document = dumped(read(AutomationConfig, created="2025-01-26T12:30:00+02:00", lastRun=RUN))
    assert document["created"] == "2025-01-26T10:30:00.000Z"
    assert document["lastRun"] == {**RUN, "timestamp": "2025-01-26T10:30:00.000Z"}
    assert AT == "2025-01-26T10:30:00Z"
