"""The messages about an invalid document."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from clawtui.model.checked.reading import from_plain
from clawtui.model.checked.struct import schema_fields
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.log_entry import RunLogEntry, parse_log_line
from clawtui.model.documents.validation_text import explain
from clawtui.model.documents.workspace import ProgressState, RuntimeState, WorkspaceInfo
from clawtui.model.text.cleaning import clean
from tests.model.samples import RUN, SMALLEST, refusal

SENTENCES: list[tuple[type[Document], str, object, str]] = [
    (DispatcherConfig, "version", 2, "version must be 1, not 2"),
    (DispatcherConfig, "maxConcurrent", 12, "maxConcurrent must be at most 10, not 12"),
    (DispatcherConfig, "maxConcurrent", 0, "maxConcurrent must be at least 1, not 0"),
    (DispatcherConfig, "maxConcurrent", "3", "maxConcurrent must be a number, not “3”"),
    (DispatcherConfig, "maxConcurrent", True, "maxConcurrent must be a number, not true"),
    (DispatcherConfig, "maxConcurrent", math.nan, "maxConcurrent must be a number, not NaN"),
    (DispatcherConfig, "maxConcurrent", -math.inf, "maxConcurrent must be a number, not -Infinity"),
    (DispatcherConfig, "maxConcurrent", 10**400, "maxConcurrent must be a number, not one too large to tell"),
    (DispatcherConfig, "enabled", "yes", "enabled must be true or false, not the text “yes”"),
    (DispatcherConfig, "enabled", None, "enabled must be true or false, not null"),
    (DispatcherConfig, "logLevel", "loud", "logLevel must be debug, info, warn or error, not “loud”"),
    (DispatcherConfig, "notifications", [], "notifications must be an object, not a list"),
    (DispatcherConfig, "notifications.channels", "#a", "notifications.channels must be a list, not the text “#a”"),
    (DispatcherConfig, "notifications.channels", ["#a", {}], "notifications.channels[1] must be text, not an object"),
    (DispatcherConfig, "lastModifiedBy", "me", "lastModifiedBy must be an e-mail address, not “me”"),
    (
        DispatcherConfig,
        "lastModified",
        "2025-01-26",
        "lastModified must be a time with its zone such as 2025-01-26T10:30:00Z, not “2025-01-26”",
    ),
    (AutomationConfig, "id", "My Sync", "id must be lower-case letters, digits and hyphens, not “My Sync”"),
    (AutomationConfig, "name", "", "name must not be empty"),
    (AutomationConfig, "name", "n" * 140, "name must have at most 100 characters, not 140"),
    (AutomationConfig, "schedule", "2h", "schedule must be an object, not the text “2h”"),
    (AutomationConfig, "schedule", {"type": "at"}, "schedule.value is missing"),
    (AutomationConfig, "config", [1], "config must be an object, not a list"),
    (AutomationConfig, "runHistory", [RUN] * 140, "runHistory must have at most 100 entries, not 140"),
    (
        AutomationConfig,
        "runHistory",
        [RUN, RUN | {"status": "done"}, RUN | {"status": "done"}],
        "runHistory[1].status must be success, partial, failed or cancelled, not “done” (and 1 more fault)",
    ),
    (AutomationConfig, "lastRun", {"status": "failed"}, "lastRun.timestamp is missing (and 2 more faults)"),
    (ConcurrencyState, "activeSlots.0.slotNumber", 0, "activeSlots[0].slotNumber must be more than 0, not 0"),
    (ConcurrencyState, "activeSlots.0.slotNumber", 1.5, "activeSlots[0].slotNumber must be a whole number, not 1.5"),
    (WorkspaceInfo, "status", "busy", "status must be active, complete, failed or abandoned, not “busy”"),
    (WorkspaceInfo, "repository", {"branch": "main"}, "repository.forkUrl is missing (and 1 more fault)"),
    (RuntimeState, "merge.conflictsDetected", "5", "merge.conflictsDetected must be a number, not “5”"),
    (ProgressState, "timeline", {}, "timeline must be a list, not an object"),
    (RepositoryLock, "repoUrl", "nowhere", "repoUrl must be a repository address, not “nowhere”"),
    (
        RepositoryLock,
        "hostname",
        {"a": "\x1b[2J"},
        "hostname must be text, not an object",
    ),
    (RepositoryLock, "lockType", "\x1b[2J\nx", "lockType must be repository, not “␛[2J⏎x”"),
    (
        RepositoryLock,
        "lockType",
        "a" * 1000,
        f"lockType must be repository, not “{'a' * 37}…”",
    ),
]


@pytest.mark.parametrize(("kind", "place", "value", "sentence"), SENTENCES)
def test_a_broken_document_is_explained(kind: type[Document], place: str, value: object, sentence: str) -> None:
    assert refusal(kind, place, value) == sentence


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ([], "must be an object, not a list"),
        ("x", "must be an object, not the text “x”"),
        (None, "must be an object, not null"),
        ({"\ud800": 1}, "holds half a character (a lone surrogate), which is no text"),
        ({}, "notifications is missing (and 1 more fault)"),
    ],
)
def test_a_fault_of_the_whole_document_names_no_place(value: object, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        from_plain(DispatcherConfig, value)
    assert explain(caught.value) == sentence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "is empty"),
        ('{"level":"info"', "is not JSON: it ends within an object"),
        ("Killed", "is not JSON: expected value at column 1"),
        ("{'level': 'info'}", "is not JSON: key must be a string at column 2"),
        ('{"a":1} x', "is not JSON: trailing characters at column 9"),
        ("3", "must be an object, not 3"),
        ('{"timestamp":"now","level":"info","phase":"git","message":"m","automationId":"a"}', None),
    ],
)
def test_an_invalid_log_line_has_a_reason(line: str, sentence: str | None) -> None:
    expected = sentence or "timestamp must be a time with its zone such as 2025-01-26T10:30:00Z, not “now”"
    assert parse_log_line(line, RunLogEntry).fault == expected


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(list(SMALLEST)), st.data(), junk)
def test_every_refusal_is_one_harmless_line_that_names_its_place(
    kind: type[Document], data: st.DataObject, value: object
) -> None:
    key = data.draw(st.sampled_from([field.key for field in schema_fields(kind).values()]))
    try:
        from_plain(kind, {**SMALLEST[kind], key: value})
    except ValidationError as error:
        sentence = explain(error)
        assert sentence.startswith(key)
        assert sentence == clean(sentence)
        assert "Input should" not in sentence
