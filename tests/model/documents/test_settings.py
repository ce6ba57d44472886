"""The settings as values."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from clawtui.model.checked.judge import judged
from clawtui.model.checked.struct import schema_fields
from clawtui.model.checked.usual import read_usual
from clawtui.model.documents.settings import (
    CAREFUL,
    DEFAULTS,
    NotifySettings,
    RemoteSettings,
    RootSettings,
    Settings,
    Table,
    description_of,
    read_settings,
    span_text,
)
from clawtui.model.documents.ui_state import UiState
from clawtui.model.documents.validation_text import explain_fault
from clawtui.model.text.units import parse_span


def test_nothing_set_is_the_defaults_and_the_careful_ones_allow_no_changes() -> None:
    assert read_settings({}) == DEFAULTS
    assert not DEFAULTS.read_only
    assert CAREFUL.read_only


def test_every_setting_has_a_description() -> None:
    tables: tuple[type[Table], ...] = (Settings, NotifySettings, RemoteSettings, RootSettings)
    fields = {name: field for table in tables for name, field in schema_fields(table).items()}
    tables_in_tables = {"notify", "remote"}
    assert {name for name, field in fields.items() if not description_of(field)} == tables_in_tables


def test_settings_are_frozen() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        DEFAULTS.theme = "light"  # type: ignore[misc]


SPANS = st.sampled_from(["15m", "1h30m", "PT15M", "0m", "1M", ""]) | st.just(timedelta(hours=1))
SCALARS = st.none() | st.booleans() | st.integers(0, 2) | st.floats(0, 1) | SPANS
WORDS = st.sampled_from(["dark", "always", "bell", "toast", "run-failed", "red", "/srv", "gw1", "pink", "x" * 300])
VALUES = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "on", "by", "ssh"]), inner),
    max_leaves=4,
)


def tables(kind: type[Table], values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Return tables of a kind of which most keys are known."""
    keys = [field.key for field in schema_fields(kind).values()]
    return st.dictionaries(st.sampled_from([*keys, "read_only", "(origin)"]), values, max_size=4) | values


SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "theme": WORDS,
        "quiet-after": SPANS | SCALARS,
        "read-only": SCALARS,
        "notify": tables(NotifySettings, st.lists(WORDS, max_size=2) | VALUES),
        "columns": st.dictionaries(WORDS, st.lists(WORDS, max_size=2) | VALUES, max_size=2),
        "keys": st.dictionaries(WORDS, WORDS | VALUES, max_size=2),
        "remote": tables(RemoteSettings, WORDS | VALUES),
        "roots": st.dictionaries(WORDS, tables(RootSettings, st.booleans() | WORDS | VALUES), max_size=2),
        "other": VALUES,
    },
)


def seen(value: object) -> object:
    """Return all that can be seen of settings, with what was set."""
    if isinstance(value, Table):
        return value.present, {name: seen(getattr(value, name)) for name in schema_fields(type(value))}
    return {name: seen(part) for name, part in value.items()} if isinstance(value, dict) else repr(value)


@given(SETTINGS)
def test_what_msgspec_reads_pydantic_reads_too_and_the_same(raw: dict[str, object]) -> None:
    if (usual := read_usual(Settings, raw)) is not None:
        assert seen(usual) == seen(judged(Settings, raw))
        assert usual == judged(Settings, raw)


@given(SETTINGS)
def test_spans_are_read_first_and_everything_else_is_read_as_pydantic_reads_it(raw: dict[str, object]) -> None:
    try:
        expected = seen(judged(Settings, raw))
    except ValidationError as error:
        with pytest.raises(ValidationError) as caught:
            read_settings(raw)
        assert list(map(explain_fault, caught.value.errors())) == list(map(explain_fault, error.errors()))
    else:
        assert seen(read_settings(raw)) == expected


def test_every_setting_is_read_by_msgspec() -> None:
    raw = {
        "root": "/r",
        "read-only": True,
        "quiet-after": timedelta(hours=1),
        "theme": "dark",
        "ascii": "never",
        "animations": True,
        "columns": {"runs": ["id"]},
        "keys": {"pane.zoom": "f5"},
        "remote": {"ssh": "ssh -4"},
        "notify": {"on": ["slot-leaked"], "by": ["bell"], "command": ["say", "it"]},
        "roots": {"a": {"path": "/a"}, "b": {"host": "gw1", "colour": "blue", "label": "", "read-only": True}},
    }
    settings = read_usual(Settings, raw)
    assert settings is not None
    assert settings.present == set(schema_fields(Settings))
    assert settings.notify.present == {"on", "by", "command"}
    assert [root.present for root in settings.roots.values()] == [
        {"path"},
        {"host", "colour", "label", "read_only"},
    ]
    assert seen(settings) == seen(judged(Settings, raw))


@given(st.integers(1, 10**6))
def test_a_span_is_written_in_the_form_that_is_read(seconds: int) -> None:
    assert parse_span(span_text(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


def test_a_theme_that_was_switched_to_holds_until_the_settings_say_something_else() -> None:
    switched = UiState(theme="light", theme_instead_of="dark")
    assert switched.theme_over("dark") == "light"
    assert switched.theme_over("ansi") == "ansi"
    assert UiState().theme_over("auto") == "auto"
