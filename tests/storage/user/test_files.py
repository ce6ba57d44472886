"""The user's own directories."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
import pytest

from clawtui.storage.user.files import NoOwnPlace, own_configuration, own_state

HOMES = ("/home/ann", "/home/ann/", "relative", "", None)
NAMED = ("/elsewhere/own", "/elsewhere//own/", "relative/own", "", None)


@pytest.mark.parametrize("named", NAMED)
@pytest.mark.parametrize("home", HOMES)
def test_they_are_those_that_platformdirs_finds(
    home: str | None, named: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("HOME", home), ("XDG_STATE_HOME", named), ("XDG_CONFIG_HOME", named)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert own_state() == platformdirs.user_state_path("clawtui", appauthor=False)
    assert own_configuration() == platformdirs.user_config_path("clawtui", appauthor=False)


@pytest.mark.parametrize("system", ["darwin", "linux"])
def test_another_system_has_others_and_one_without_a_home_directory_has_none(
    system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(name: str, appauthor: bool) -> Path:
        raise RuntimeError(name)

    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platformdirs, "user_state_path", none)
    monkeypatch.setattr(platformdirs, "user_config_path", none)
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "" if system == "linux" else "/Users/ann")
    for place in (own_state, own_configuration):
        with pytest.raises(NoOwnPlace, match="there is no home directory"):
            place()
