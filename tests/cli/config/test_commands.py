"""``clawtui config``, and what the settings do to commands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from clawtui.model.documents.settings import DEFAULTS
from clawtui.storage.user.settings_file import parse_settings
from tests.cli.calls import Caller


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of the settings file, which does not exist yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    file = tmp_path / "config/clawtui/config.toml"
    file.parent.mkdir(parents=True)
    return file


def test_everything_that_can_be_set_is_printed_as_toml_that_sets_nothing(call: Caller, settings: Path) -> None:
    answer = call("config")
    assert answer.status == 0
    assert parse_settings(answer.raw) == (DEFAULTS, ())
    assert {"[notify]", "[keys]", "[columns]"} <= set(answer.lines)


def test_the_defaults_are_printed(call: Caller, settings: Path) -> None:
    text = call("config", "show").out
    uncommented = re.sub(r"(?m)^# ((?:[\w.-]+ = )|\[)", r"\1", text).replace('root = "…"', "")
    loaded, faults = parse_settings(uncommented.encode())
    assert faults == ()
    assert loaded.changed(roots={}, keys={}, columns={}) == DEFAULTS
    assert loaded.keys["locks.release"] == "X"
    assert "last run" in loaded.columns["automations"]
    settings.write_text(uncommented)
    assert call("config", "check").status == 0


def test_changed_settings_are_printed_with_their_values(call: Caller, settings: Path) -> None:
    settings.write_text('theme = "light"\nquiet-after = "1h"\n[keys]\npane.zoom = "f5"\n[roots."a b"]\npath = "/a"\n')
    printed = tomllib.loads(call("config", "show").out)
    assert printed["theme"] == "light"
    assert printed["quiet-after"] == "1h"
    assert printed["keys"] == {"pane": {"zoom": "f5"}}
    assert printed["roots"] == {"a b": {"path": "/a"}}


def test_path_prints_the_file_even_if_it_does_not_exist(call: Caller, settings: Path) -> None:
    assert call("config", "path").out.strip() == str(settings)
    assert call("config", "path", "--json").json == {"path": str(settings)}


def test_check_lists_each_fault_with_its_line(call: Caller, settings: Path) -> None:
    settings.write_text(
        'theme = "pink"\n[keys]\npane.zoom = "ctrl+s"\nlocks.relase = "x"\nlocks.release = "k"\ngeneral.copy = "j"\n'
        '[columns]\nautomations = ["size"]\n'
    )
    answer = call("config", "check")
    assert answer.status == 1
    assert [line.removeprefix(f"{settings}: ") for line in answer.lines] == [
        "line 1: theme must be auto, dark, light, ansi or none, not “pink”",
        "line 3: keys.pane.zoom “ctrl+s” belongs to terminals and multiplexers",
        "line 4: keys.locks.relase is no operation; there is locks.release",
        "line 5: keys.locks.release “k” is pressed without thinking, and this takes something away",
        "line 6: keys.general.copy “j” is the key of move.down already",
        *[line.removeprefix(f"{settings}: ") for line in answer.lines if "line 8" in line],
    ]
    assert [fault["line"] for fault in call("config", "check", "--json").json][:2] == [1, 3]


def test_check_accepts_a_missing_and_a_valid_file(call: Caller, settings: Path) -> None:
    assert "no settings file" in call("config", "check").err
    settings.write_text('theme = "dark"')
    answer = call("config", "check")
    assert (answer.status, answer.out) == (0, "")


def test_a_root_may_be_named_and_is_protected_as_the_settings_say(call: Caller, settings: Path) -> None:
    call.gateway.automation("a-b")
    settings.write_text(f'[roots.production]\npath = "{call.gateway.root}"\nread-only = true\n')
    before = call.files()
    assert call("--root", "production", "automation", "list").status == 0
    refused = call("--root", "production", "automation", "disable", "a-b")
    assert (refused.status, call.files()) == (3, before)
    assert "--read-write" in refused.err
    assert call("--read-write", "--root", "production", "automation", "disable", "a-b").status == 0
    assert call.files() != before


def test_an_unparsable_settings_file_makes_clawtui_read_only(call: Caller, settings: Path) -> None:
    call.gateway.automation("a-b")
    settings.write_text("read-only = tru")
    shown = call("automation", "list")
    assert (shown.status, "a-b" in shown.out) == (0, True)
    assert "config.toml: line 1" in shown.err
    refused = call("automation", "disable", "a-b")
    assert refused.status == 3
    assert "config.toml" in refused.err
