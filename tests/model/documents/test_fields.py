"""Invalid documents, read field by field: valid fields are used, the others keep their raw value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.json5.document import Malformed, read_value, validate
from clawtui.files.json5.merge import fields_of
from clawtui.files.json5.serialize import to_plain
from clawtui.model.checked.struct import schema_fields
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.workspace import ProgressState, RuntimeState, WorkspaceInfo
from clawtui.model.schedules.outlook import NotUnderstood
from tests.model.samples import AT, RUN, SLOT, SMALLEST

WHOLE: Final[Mapping[type[Document], Mapping[str, object]]] = {
    AutomationConfig: dict(SMALLEST[AutomationConfig])
    | {"description": "d", "enabled": False, "lastRun": RUN, "nextRun": AT, "runHistory": [RUN, RUN], "owner": 1},
    DispatcherConfig: {
        "maxConcurrent": 2,
        "lockTimeoutHours": 3,
        "enabled": False,
        "logLevel": "warn",
        "notifications": {"onStart": True, "channels": []},
        "lastModified": AT,
        "lastModifiedBy": "user@example.com",
    },
    ConcurrencyState: {"maxSlots": 3, "activeSlots": [SLOT], "lastUpdated": AT},
    WorkspaceInfo: dict(SMALLEST[WorkspaceInfo])
    | {"preserve": True, "repository": {"forkUrl": "f", "upstreamUrl": "u", "branch": "b"}},
    RuntimeState: {
        "automationId": "a",
        "sessionId": "s",
        "status": "running",
        "startTime": AT,
        "currentPhase": "git",
        "progress": {"percentage": 65, "milestone": "m", "details": {"totalConflicts": 5}},
        "git": {"forkCloned": True},
        "merge": {"conflictsDetected": 2},
    },
    ProgressState: {
        "automationId": "a",
        "sessionId": "s",
        "timeline": [{"timestamp": AT, "milestone": "m", "percentage": 10}],
        "lastUpdate": AT,
    },
}
MISSING: Final = object()
BROKEN: Final[tuple[object, ...]] = (
    MISSING,
    None,
    "odd",
    "",
    "65",
    5,
    -1,
    2.5,
    True,
    [],
    [1],
    ["odd"],
    {},
    {"odd": 1},
    [{}],
    "2025-01-26",
)


def field_values(document: Document) -> dict[str, object]:
    return {name: getattr(document, name) for name in schema_fields(type(document))}


@st.composite
def broken(draw: st.DrawFn) -> tuple[type[Document], dict[str, object], set[str]]:
    """Generate a kind, a document of it in which some fields are missing or have another value, and their names."""
    kind = draw(st.sampled_from(list(WHOLE)))
    value = dict(WHOLE[kind])
    changed = draw(st.sets(st.sampled_from(sorted(value)), max_size=len(value) - 1))
    for key in sorted(changed):
        other = draw(st.sampled_from(BROKEN))
        if other is MISSING:
            del value[key]
        else:
            value[key] = other
    return kind, value, changed


@given(broken())
def test_any_fields_broken_keep_every_other_field_and_their_own_raw_value(
    case: tuple[type[Document], dict[str, object], set[str]],
) -> None:
    kind, value, changed = case
    sound = field_values(validate(kind, WHOLE[kind]))
    document, faults = read_value(kind, value)
    aliases = {field.key: name for name, field in schema_fields(kind).items()}
    for alias, name in aliases.items():
        if alias not in changed:
            assert getattr(document, name) == sound[name], name
            assert document.knows(name) or alias not in value
    for fault in faults:
        assert fault.place.partition(".")[0].partition("[")[0] in changed
    written = fields_of(document)
    assert written.keys() == value.keys()
    for alias in changed & value.keys():
        if any(fault.place == alias for fault in faults):
            assert written[alias] == value[alias]


SPOILED: Final[list[tuple[type[Document], dict[str, object], str, object]]] = [
    (AutomationConfig, {"lastRun": {**RUN, "status": "timeout"}}, "last_run.status", "timeout"),
    (AutomationConfig, {"schedule": {"type": "event", "value": "push"}}, "schedule.type", "event"),
    (AutomationConfig, {"name": "x" * 120}, "name", "x" * 120),
    (AutomationConfig, {"enabled": "yes"}, "enabled", None),
    (ConcurrencyState, {"maxSlots": 16}, "max_slots", 16),
    (DispatcherConfig, {"maxConcurrent": 99}, "max_concurrent", 99),
    (DispatcherConfig, {"logLevel": "trace"}, "log_level", "trace"),
    (RuntimeState, {"progress": {"percentage": "65", "milestone": "m"}}, "progress.percentage", None),
    (RuntimeState, {"git": {"forkCloned": "yes"}}, "git.fork_cloned", None),
    (WorkspaceInfo, {"status": "in-use"}, "status", "in-use"),
    (WorkspaceInfo, {"preserve": "yes"}, "preserve", None),
]


@pytest.mark.parametrize(("kind", "changes", "place", "expected"), SPOILED)
def test_a_value_out_of_bounds_stays_and_one_of_another_type_is_raw_text(
    kind: type[Document], changes: dict[str, object], place: str, expected: object
) -> None:
    value = {**WHOLE[kind], **changes}
    document, (fault,) = read_value(kind, value)
    *parents, name = place.split(".")
    inner: Document = document
    for parent in parents:
        inner = getattr(inner, parent)
    assert getattr(inner, name) == expected
    assert (inner.raw_text(name) or str(expected)) == fault.raw
    assert fault.place == ".".join(_alias(step) for step in (*parents, name))
    if expected is None:
        assert not inner.knows(name)
    plain: object = to_plain(document)
    for step in (*parents, name):
        assert isinstance(plain, dict)
        plain = plain[_alias(step)]
    assert plain == (expected if expected is not None else fault.raw)


def _alias(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def test_150_runs_and_one_bad_entry_leave_the_others() -> None:
    many, (fault,) = read_value(AutomationConfig, {**WHOLE[AutomationConfig], "runHistory": [RUN] * 150})
    assert (len(many.run_history), fault.message) == (150, "runHistory must have at most 100 entries, not 150")
    odd = {**RUN, "status": "timeout"}
    bad = {**RUN, "timestamp": "yesterday"}
    some, faults = read_value(AutomationConfig, {**WHOLE[AutomationConfig], "runHistory": [RUN, odd, bad, "x"]})
    assert [run.status for run in some.run_history] == ["success", "timeout"]
    assert not some.knows("run_history")
    assert [fault.place for fault in faults] == ["runHistory[1].status", "runHistory[2].timestamp", "runHistory[3]"]
    assert fields_of(some)["runHistory"] == [RUN, odd, bad, "x"]


def test_an_invalid_value_is_not_replaced_by_the_default() -> None:
    config, _ = read_value(AutomationConfig, {**WHOLE[AutomationConfig], "enabled": True, "nextRun": "soon"})
    assert config.outlook(UTC) == NotUnderstood("soon", "nextRun is no time")
    never, _ = read_value(AutomationConfig, {**WHOLE[AutomationConfig], "lastRun": "ok"})
    assert (never.latest_run, never.raw_text("last_run")) == (None, "ok")
    settings, _ = read_value(DispatcherConfig, {**WHOLE[DispatcherConfig], "notifications": "on"})
    assert (settings.notifications.on_complete, settings.notifications.channels) == (None, ())
    state, _ = read_value(ConcurrencyState, {**WHOLE[ConcurrencyState], "activeSlots": [SLOT, {"sessionId": "t"}]})
    assert (len(state.active_slots), state.knows("active_slots")) == (1, False)


@pytest.mark.parametrize("value", [None, [], "x", {}, {"other": 1}, {"version": 1}, {"version": 2, "maxConcurrent": 3}])
def test_a_document_without_a_valid_field_or_of_another_version_is_refused(value: object) -> None:
    with pytest.raises(Malformed):
        read_value(DispatcherConfig, value)
