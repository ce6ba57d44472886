"""Settings, roots, colours and the demo, in a real terminal."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.e2e.at_home import Home
from tests.e2e.terminal import Terminal
from tests.gateway_root import GatewayRoot
from tests.waiting import wait_until

COLOUR = re.compile(rb"\x1b\[[0-9;]*(?:[34][0-7]|9[0-7]|10[0-7]|[34]8;[25];[0-9;]+)m")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def one(gateway: GatewayRoot) -> GatewayRoot:
    gateway.automation("alpha", enabled=False)
    return gateway


def test_an_unparsable_settings_file_is_reported_and_makes_the_dashboard_read_only(
    home: Home, one: GatewayRoot
) -> None:
    home.set("theme = light\n")
    with home.dashboard(one.root) as terminal:
        terminal.wait_for("Alpha")
        terminal.wait_for("READ-ONLY")
        terminal.press("I")
        terminal.wait_for("Invalid value at column 9")
        terminal.press("esc")
        terminal.wait_for(lambda rows: not any("─ Messages" in row for row in rows))
        terminal.press("+")
        terminal.wait_for("Read-only: nothing is changed")


def test_the_dashboard_switches_between_named_roots(home: Home, one: GatewayRoot, tmp_path: Path) -> None:
    other = GatewayRoot(tmp_path / "production")
    other.automation("omega")
    home.set(
        f'[roots.here]\npath = "{one.root}"\n'
        f'[roots.production]\npath = "{other.root}"\nlabel = "PRODUCTION"\ncolour = "red"\nread-only = true\n'
    )
    with home.dashboard("here") as terminal:
        terminal.wait_for("Alpha")
        assert "PRODUCTION" not in terminal.text
        terminal.press(":")
        terminal.wait_for("Search for commands")
        terminal.press(*"Root: prod")
        terminal.wait_for("Root: production")
        terminal.press("enter")
        terminal.wait_for("Omega")
        terminal.wait_for("[PRODUCTION]")
        terminal.wait_for("READ-ONLY")
        row, column = terminal.locate("[PRODUCTION]")
        wait_until(lambda: terminal.attributes_at(row, column).background == "ff7b72", what="its colour")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert terminal.left_behind() == []


@pytest.mark.parametrize("appears", [".openclaw", ".clawdbot"])
@pytest.mark.parametrize("there", [(), (".openclaw",)])
def test_without_a_root_the_default_one_that_appears_is_shown(
    home: Home, tmp_path: Path, there: tuple[str, ...], appears: str
) -> None:
    other = GatewayRoot(tmp_path / "made")
    other.automation("alpha")
    home.place.mkdir()
    for name in there:
        (home.place / name).mkdir()
    with Terminal([sys.executable, "-m", "clawtui"], env=home.environment()) as terminal:
        terminal.wait_for("is empty." if there else "There is no state directory at ~/.openclaw or ~/.clawdbot yet.")
        if appears in there:
            other.automations.rename(home.place / appears / "automations")
        else:
            other.root.rename(home.place / appears)
        terminal.wait_for("Alpha")
        terminal.wait_for(f"/{appears} ")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert terminal.left_behind() == []


def test_a_root_that_was_named_is_not_left_for_a_default_one(home: Home, tmp_path: Path) -> None:
    home.place.mkdir()
    with home.dashboard(tmp_path / "none") as terminal:
        terminal.wait_for("There is no state directory at")
        GatewayRoot(home.place / ".openclaw").automation("alpha")
        GatewayRoot(tmp_path / "none").automation("bravo")
        terminal.wait_for("Bravo")
        assert "Alpha" not in terminal.text


def test_the_theme_that_was_switched_to_is_there_next_time(home: Home, one: GatewayRoot) -> None:
    with home.dashboard(one.root) as terminal:
        terminal.wait_for("Alpha")
        terminal.press(":")
        terminal.wait_for("Search for commands")
        terminal.press(*"Colours: light")
        terminal.wait_for("from now on")
        terminal.press("enter")
        wait_until(lambda: terminal.attributes_at(10, 10).background == "ffffff", what="light")
        wait_until(lambda: (home.state / "arrangement.json").exists())
    with home.dashboard(one.root) as terminal:
        terminal.wait_for("Alpha")
        wait_until(lambda: terminal.attributes_at(10, 10).background == "ffffff", what="light")


def test_a_broken_file_of_saved_state_is_reported_and_ignored(home: Home, one: GatewayRoot) -> None:
    home.state.mkdir(parents=True)
    (home.state / "arrangement.json").write_text("{")
    with home.dashboard(one.root) as terminal:
        terminal.wait_for("Alpha")
        terminal.press("I")
        terminal.wait_for("The default arrangement is shown")


def test_no_color_removes_colours_and_the_cursor_stays_visible(home: Home, one: GatewayRoot) -> None:
    with home.dashboard(one.root, env={"NO_COLOR": "1"}) as terminal:
        terminal.wait_for("○  Alpha")
        assert COLOUR.findall(terminal.since(0)) == []
        assert terminal.attributes_at(*terminal.locate("Alpha")).reverse
        terminal.press("?")
        terminal.wait_for("In Automations")
        assert COLOUR.findall(terminal.since(0)) == []


def test_sixteen_colours_are_the_terminals_own(home: Home, one: GatewayRoot) -> None:
    home.set('theme = "ansi"')
    with home.dashboard(one.root) as terminal:
        terminal.wait_for("Alpha")
        assert all(b";2;" not in colour and b";5;" not in colour for colour in COLOUR.findall(terminal.since(0)))
        assert terminal.attributes_at(*terminal.locate("1 Automations")).foreground in ("default", "blue")


@pytest.mark.parametrize("env", [{"LC_ALL": "C"}, {"TERM": "linux"}])
def test_a_locale_or_terminal_without_unicode_gets_ascii(home: Home, one: GatewayRoot, env: dict[str, str]) -> None:
    one.automation("bravo", name="Größe ☃")
    with home.dashboard(one.root, env=env) as terminal:
        terminal.wait_for("o  Alpha")
        terminal.wait_for("1 Automations  1/2")
        terminal.press("?")
        terminal.wait_for("In Automations")
        terminal.press("esc")
        terminal.wait_for(lambda rows: not any("In Automations" in row for row in rows))
        terminal.press(":")
        terminal.wait_for("  /  Search for commands~")
        assert terminal.since(0).isascii()


def test_from_no_root_one_can_go_to_the_demo(home: Home, tmp_path: Path) -> None:
    with home.dashboard(tmp_path / "none") as terminal:
        terminal.wait_for("clawtui demo")
        terminal.press(":")
        terminal.wait_for("Search for commands")
        terminal.press(*"demo")
        terminal.wait_for("see it with a simulated gateway")
        terminal.press("enter")
        terminal.wait_for("DEMO", deadline=30)
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert terminal.left_behind() == []
