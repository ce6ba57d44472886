"""The settings as values."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.documents.settings import (
    CAREFUL,
    DEFAULTS,
    NotifySettings,
    RemoteSettings,
    RootSettings,
    Settings,
    Table,
    span_text,
)
from clawtui.model.documents.ui_state import UiState
from clawtui.model.text.units import parse_span


def test_nothing_set_is_the_defaults_and_the_careful_ones_allow_no_changes() -> None:
    assert Settings.model_validate({}) == DEFAULTS
    assert not DEFAULTS.read_only
    assert CAREFUL.read_only


def test_every_setting_has_a_description() -> None:
    tables: tuple[type[Table], ...] = (Settings, NotifySettings, RemoteSettings, RootSettings)
    fields = {name: field for table in tables for name, field in table.model_fields.items()}
    tables_in_tables = {"notify", "remote"}
    assert {name for name, field in fields.items() if not field.description} == tables_in_tables


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        DEFAULTS.theme = "light"  # type: ignore[misc]


@given(st.integers(1, 10**6))
def test_a_span_is_written_in_the_form_that_is_read(seconds: int) -> None:
    assert parse_span(span_text(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


def test_a_theme_that_was_switched_to_holds_until_the_settings_say_something_else() -> None:
    switched = UiState(theme="light", theme_instead_of="dark")
    assert switched.theme_over("dark") == "light"
    assert switched.theme_over("ansi") == "ansi"
    assert UiState().theme_over("auto") == "auto"
