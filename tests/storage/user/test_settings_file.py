"""The file of settings: the values in force, and the faults."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.documents.settings import CAREFUL, DEFAULTS
from clawtui.model.errors import NoSuch
from clawtui.storage.roots import choose_root
from clawtui.storage.user.settings_file import load_settings, parse_settings


def faults(text: str) -> list[str]:
    return [str(fault) for fault in parse_settings(text.encode())[1]]


def test_a_missing_file_gives_the_defaults_without_a_fault(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path / "config.toml")
    assert (loaded.settings, loaded.faults, loaded.complaint, loaded.path) == (DEFAULTS, (), None, None)


def test_the_values_of_the_file_are_used() -> None:
    settings, found = parse_settings(
        b"""
        quiet-after = "1h30m"
        theme = "light"
        [notify]
        by = ["bell", "osc9"]
        [keys]
        locks.release = "x"
        "pane.zoom" = "f5"
        [roots.production]
        path = "/srv/clawdbot"
        label = "PRODUCTION"
        read-only = true
        """
    )
    assert found == ()
    assert settings.quiet_after == timedelta(minutes=90)
    assert (settings.theme, settings.notify.by, settings.notify.on) == ("light", ("bell", "osc9"), DEFAULTS.notify.on)
    assert settings.keys == {"locks.release": "x", "pane.zoom": "f5"}
    assert settings.roots["production"].read_only


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('\ntheme = "pink"', "line 2: theme must be auto, dark, light, ansi or none, not “pink”"),
        ("colour = 1", "line 1: colour is not known"),
        ("quiet-after = 15", "line 1: quiet-after must be a span such as 15m or 1h30m, not 15"),
        (
            "[notify]\n# how\nby = ['bell', 'horn']",
            "line 3: notify.by[1] must be toast, bell, osc9, osc99 or osc777, not “horn”",
        ),
        ("[keys]\nlocks.release = 3", "line 2: keys.locks.release must be text, not 3"),
        ("[roots.one]\npath = '/a'\n[roots.two]\nlabel = 'B'", "line 3: roots.two needs a path or a host"),
        ("roots.one = { path = '/a', size = 3 }", "line 1: roots.one.size is not known"),
        ("[columns]\nautomations = 'name'", "line 2: columns.automations must be a list, not the text “name”"),
    ],
)
def test_a_fault_has_its_line_and_the_other_values_are_used(text: str, expected: str) -> None:
    assert faults(text) == [expected]
    settings, _ = parse_settings(b"animations = true\n" + text.encode())
    assert settings.animations
    assert settings.theme == "auto"


def test_faults_are_in_the_order_of_their_lines() -> None:
    assert [fault.split(":")[0] for fault in faults("zz = 1\ntheme = 3\nascii = 4\naa = 5")] == [
        "line 1",
        "line 2",
        "line 3",
        "line 4",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [("theme = ", "line 1"), ("a = 1\nb = = 2", "line 2"), ("a = [1,\n", "line 2"), ("a = 1\na = 2", "line 2")],
)
def test_a_file_that_is_no_toml_allows_no_changes_and_names_the_line(text: str, line: str) -> None:
    settings, found = parse_settings(text.encode())
    assert settings is CAREFUL
    assert [str(fault).partition(":")[0] for fault in found] == [line]


@pytest.mark.parametrize("place", ["read-only = 'yes'", "[roots.p]\npath = '/p'\nread-only = 1"])
def test_an_invalid_read_only_value_counts_as_true(place: str) -> None:
    settings, found = parse_settings(place.encode())
    assert len(found) == 1
    assert settings.read_only or settings.roots["p"].read_only


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a" * (2 << 20), b"[" * 5000])
def test_a_file_that_cannot_be_understood_is_one_complaint(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    loaded = load_settings(file)
    assert loaded.settings is CAREFUL
    assert loaded.complaint is not None
    assert str(file) in loaded.complaint
    assert "nothing may be changed" in loaded.complaint


def test_a_directory_in_place_of_the_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    complaint = load_settings(tmp_path / "config.toml").complaint
    assert complaint is not None
    assert "is a directory where a file should be" in complaint


@given(st.binary(max_size=200) | st.text(alphabet="[]{}=.\"'#\n abkeysroot-1", max_size=80).map(str.encode))
def test_any_content_raises_nothing_and_gives_clean_faults(data: bytes) -> None:
    for fault in parse_settings(data)[1]:
        assert str(fault).isprintable()


SETTINGS = parse_settings(
    b"root = 'home'\n[roots.home]\npath = '/home/me/.clawdbot'\n[roots.production]\npath = '/srv/clawdbot'"
)[0]


@pytest.mark.parametrize(
    ("given_root", "environment", "root", "name"),
    [
        ("production", {}, "/srv/clawdbot", "production"),
        ("/srv/clawdbot", {}, "/srv/clawdbot", "production"),
        ("/elsewhere", {"CLAWDBOT_STATE_DIR": "/env"}, "/elsewhere", None),
        (None, {"CLAWDBOT_STATE_DIR": "/srv/clawdbot"}, "/srv/clawdbot", "production"),
        (None, {}, "/home/me/.clawdbot", "home"),
    ],
)
def test_the_chosen_root(given_root: str | None, environment: dict[str, str], root: str, name: str | None) -> None:
    chosen = choose_root(given_root, SETTINGS, environment)
    assert (str(chosen.paths.root), chosen.name) == (root, name)


def test_a_word_that_is_no_name_is_a_directory_and_a_dot_makes_one_of_a_name() -> None:
    assert choose_root("nowhere", SETTINGS, {}).paths.root == Path.cwd() / "nowhere"
    assert choose_root("./production", SETTINGS, {}).name is None


def test_a_root_that_the_settings_name_and_do_not_have_is_refused() -> None:
    settings, _ = parse_settings(b"root = 'lost'")
    with pytest.raises(NoSuch, match="lost"):
        choose_root(None, settings, {})
    assert choose_root("/a", settings, {}).paths.root == Path("/a")
