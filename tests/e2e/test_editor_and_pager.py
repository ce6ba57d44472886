"""Other programs in the dashboard's terminal: the editor, on a copy that is judged before it is saved; the pager."""

from __future__ import annotations

import stat
from pathlib import Path

import pyjson5
import pytest

from tests.e2e.at_home import Home
from tests.e2e.terminal import Terminal
from tests.gateway_root import GatewayRoot
from tests.waiting import wait_until


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def config(gateway: GatewayRoot) -> Path:
    return gateway.automation("alpha", future="kept")


def script(tmp_path: Path, *lines: str) -> str:
    """Write a program that gets the name of a file, as an editor does."""
    file = tmp_path / "editor"
    file.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    file.chmod(0o700)
    return str(file)


def opened(home: Home, gateway: GatewayRoot, *options: str, **env: str) -> Terminal:
    terminal = home.dashboard(gateway.root, *options, env=env)
    terminal.wait_for("Alpha")
    return terminal


def drafts(home: Home) -> list[Path]:
    return sorted((home.state / "drafts").glob("*"))


def test_a_valid_change_is_shown_and_saved_once_it_is_confirmed(
    tmp_path: Path, home: Home, gateway: GatewayRoot, config: Path
) -> None:
    editor = script(
        tmp_path, f"stat -c %a \"$1\" > '{tmp_path}/mode'", "sed -i \"s/name: 'Alpha'/name: 'Omega'/\" \"$1\""
    )
    before = config.read_text()
    with opened(home, gateway, EDITOR=editor) as terminal:
        terminal.press("e")
        terminal.wait_for("alpha: save this?")
        terminal.wait_for("+  name: 'Omega',")
        terminal.wait_for("-  name: 'Alpha',")
        assert config.read_text() == before
        terminal.press("right", "right", "enter")
        terminal.wait_for("alpha is saved")
        terminal.wait_for("Omega")
        after = pyjson5.decode(config.read_text())
        assert (after["name"], after["future"]) == ("Omega", "kept")
        assert after["modified"] != pyjson5.decode(before)["modified"]
        assert stat.S_IMODE(config.stat().st_mode) == 0o600
        assert (tmp_path / "mode").read_text().strip() == "600"
        assert drafts(home) == []
        terminal.press("?")
        terminal.wait_for("In Automations")


def test_the_question_shows_its_answers_and_enter_alone_saves_nothing(
    tmp_path: Path, home: Home, gateway: GatewayRoot, config: Path
) -> None:
    before = config.read_text()
    with opened(home, gateway, EDITOR=script(tmp_path, "sed -i \"s/'Alpha'/'Omega'/\" \"$1\"")) as terminal:
        terminal.press("e")
        terminal.wait_for("› Do not save ‹   [ Edit again ]   [ Save ]")
        terminal.press("enter")
        terminal.wait_for("Nothing is saved")
        assert config.read_text() == before


def test_an_invalid_edit_is_opened_again_with_the_reason(
    tmp_path: Path, home: Home, gateway: GatewayRoot, config: Path
) -> None:
    editor = script(
        tmp_path,
        f"head -1 \"$1\" >> '{tmp_path}/first-lines'",
        'if grep -q "enabled: 3" "$1"; then sed -i "s/enabled: 3/enabled: false/" "$1"; '
        'else sed -i "s/enabled: true/enabled: 3/" "$1"; fi',
    )
    with opened(home, gateway, EDITOR=editor) as terminal:
        terminal.press("e")
        terminal.wait_for("enabled must be true or false, not 3")
        assert "Save" not in terminal.text
        terminal.press("right", "enter")
        terminal.wait_for("alpha: save this?")
        terminal.wait_for("+  enabled: false,")
        first, second = (tmp_path / "first-lines").read_text().splitlines()
        assert "edit, save and quit" in first
        assert "enabled must be true or false, not 3" in second
        terminal.press("right", "right", "enter")
        terminal.wait_for("alpha is saved")
        assert "clawtui" not in config.read_text()
        assert pyjson5.decode(config.read_text())["enabled"] is False


def test_the_line_of_a_fault_is_the_editors_line(
    tmp_path: Path, home: Home, gateway: GatewayRoot, config: Path
) -> None:
    with opened(home, gateway, EDITOR=script(tmp_path, 'sed -i "s/enabled: true/enabled true/" "$1"')) as terminal:
        terminal.press("e")
        terminal.wait_for("not JSON5")
        line = 1 + next(n for n, text in enumerate(config.read_text().splitlines(), 1) if "enabled" in text)
        terminal.wait_for(f"line {line}")


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(
    tmp_path: Path, home: Home, gateway: GatewayRoot, config: Path
) -> None:
    with opened(home, gateway, EDITOR=script(tmp_path, "sed -i \"s/'Alpha'/'Omega'/\" \"$1\"")) as terminal:
        terminal.press("e")
        terminal.wait_for("alpha: save this?")
        gateway.automation("alpha", name="The Gateway's")
        theirs = config.read_text()
        terminal.press("right", "right", "enter")
        terminal.wait_for("was changed meanwhile")
        assert config.read_text() == theirs
        (draft,) = drafts(home)
        assert "Omega" in draft.read_text()


@pytest.mark.parametrize(
    ("does", "expected"),
    [
        ("true", "Nothing was changed"),
        ("exit 3", "ended with status 3; nothing is saved"),
        ('sed -i \'s/id: .alpha./id: "beta"/\' "$1"', "id must stay “alpha”"),
        ("printf '' > \"$1\"", "is empty"),
    ],
)
def test_an_editor_may_fail_or_change_nothing(
    tmp_path: Path, home: Home, gateway: GatewayRoot, config: Path, does: str, expected: str
) -> None:
    before = config.read_bytes()
    with opened(home, gateway, EDITOR=script(tmp_path, does)) as terminal:
        terminal.press("e")
        terminal.wait_for(expected)
        assert config.read_bytes() == before


def test_there_may_be_no_editor_and_read_only_opens_none(home: Home, gateway: GatewayRoot, config: Path) -> None:
    with opened(home, gateway, EDITOR="/no/such/editor") as terminal:
        terminal.press("e")
        terminal.wait_for("/no/such/editor: no such file")
        terminal.press("?")
        terminal.wait_for("In Automations")
    with opened(home, gateway, "--read-only", EDITOR="/no/such/editor") as terminal:
        terminal.press("e")
        terminal.wait_for("Read-only: nothing is changed")


def test_the_pager_shows_the_file_and_ctrl_c_in_it_is_its_own(
    tmp_path: Path, home: Home, gateway: GatewayRoot, config: Path
) -> None:
    wait = 'until [ "$answer" = done ]; do read -r answer < /dev/tty; done'
    pager = script(tmp_path, "trap 'echo interrupted' INT", "cat", "echo END", wait)
    with opened(home, gateway, PAGER=pager) as terminal:
        terminal.press("v")
        terminal.wait_for("END")
        assert not terminal.mode(1049)
        assert "forkBranch" in terminal.text
        terminal.press("ctrl+c")
        terminal.wait_for("interrupted")
        terminal.press(*"done", "enter")
        wait_until(lambda: terminal.mode(1049), what="the dashboard")
        terminal.wait_for("1 Automations")
        # What is typed while the terminal is being taken back is thrown away with it.
        terminal.settle(1.0)
        terminal.press("q")
        assert terminal.wait_exit() == 0


def test_a_link_is_never_shown_in_the_pager(tmp_path: Path, home: Home, gateway: GatewayRoot, config: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden\n" * 3)
    config.unlink()
    config.symlink_to(secret)
    with home.dashboard(gateway.root, env={"PAGER": script(tmp_path, "cat", "read answer < /dev/tty")}) as terminal:
        terminal.wait_for("symbolic link")
        terminal.press("v")
        terminal.wait_for("alpha.json: is a symbolic link")
        assert "hidden" not in terminal.text


def test_the_dispatchers_configuration_is_edited_from_its_dialog(
    tmp_path: Path, home: Home, gateway: GatewayRoot, config: Path
) -> None:
    file = gateway.dispatcher(maxConcurrent=3)
    with opened(home, gateway, EDITOR=script(tmp_path, 'sed -i -E "s/(maxConcurrent.*)3/\\15/" "$1"')) as terminal:
        terminal.press("C")
        terminal.wait_for("e edits")
        terminal.press("e")
        terminal.wait_for("the dispatcher: save this?")
        terminal.press("right", "right", "enter")
        terminal.wait_for("The dispatcher's configuration is saved")
    assert pyjson5.decode(file.read_text())["maxConcurrent"] == 5
