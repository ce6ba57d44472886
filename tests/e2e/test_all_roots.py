"""Several roots in one list, in a terminal: into one of them, and back."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.at_home import Home
from tests.e2e.terminal import Terminal
from tests.gateway_root import GatewayRoot
from tests.remote.cutting_ssh import cutting_body
from tests.remote.other_host import OtherHost


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_enter_opens_a_root_of_the_list_and_q_returns(home: Home, tmp_path: Path) -> None:
    for name, id in (("prod", "alpha"), ("private", "beta")):
        GatewayRoot(tmp_path / name).automation(id)
        GatewayRoot(tmp_path / name).automation(f"{id}-2")
    home.set(f'[roots.prod]\npath = "{tmp_path}/prod"\ncolour = "red"\n[roots.private]\npath = "{tmp_path}/private"\n')
    with Terminal([sys.executable, "-m", "clawtui", "--all"], env=home.environment()) as terminal:
        for name in ("Alpha 2", "Beta 2", "prod ok", "private ok"):
            terminal.wait_for(name)
        row, _ = terminal.locate("Alpha 2")
        column = terminal.screen()[row].index("prod")
        assert terminal.attributes_at(row, column).foreground == "ff7b72", "the root's colour in the settings"
        terminal.press("G")
        terminal.wait_for(lambda screen: any("›" in line and "Beta 2" in line for line in screen))
        terminal.press("enter")
        terminal.wait_for("1 Automations")
        terminal.wait_for("0 all roots")
        terminal.wait_for(lambda screen: any("›" in line and "Beta 2" in line for line in screen))
        assert "Alpha" not in terminal.text
        terminal.press("0")
        terminal.wait_for("All roots")
        terminal.wait_for(lambda screen: any("›" in line and "Beta 2" in line for line in screen))
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert not terminal.left_behind()


def test_a_root_on_another_host_opens_from_the_list_and_leads_back(home: Home, tmp_path: Path) -> None:
    GatewayRoot(tmp_path / "there").automation("alpha")
    GatewayRoot(tmp_path / "there").automation("beta")
    ssh = OtherHost(tmp_path, tmp_path / "there").script('exec sh -c "exec $command"')
    command = shlex.join([sys.executable, "-m", "clawtui"])
    settings = f'[roots.work]\nhost = "gw1"\npath = "{tmp_path}/there"\ncommand = {json.dumps(command)}\n'
    home.set(f'{settings}[roots.here]\npath = "{tmp_path}/nowhere"\n')
    environment = home.environment(CLAWTUI_SSH_COMMAND=shlex.quote(str(ssh)))
    with Terminal([sys.executable, "-m", "clawtui", "--all"], env=environment) as terminal:
        terminal.wait_for(lambda screen: any("work" in line and "Beta" in line for line in screen))
        terminal.press("G")
        terminal.wait_for(lambda screen: any("›" in line and "Beta" in line for line in screen))
        terminal.press("enter")
        terminal.wait_for("1 Automations")
        terminal.wait_for(lambda screen: any("›" in line and "Beta" in line for line in screen))
        terminal.press("0")
        terminal.wait_for("All roots")
        terminal.wait_for(lambda screen: any("›" in line and "Beta" in line for line in screen))
        terminal.press("q")
        assert terminal.wait_exit() == 0


def test_roots_of_the_command_line_are_a_list_too_and_none_is_an_error(home: Home, tmp_path: Path) -> None:
    clawtui = [sys.executable, "-m", "clawtui"]
    for name in ("one", "two"):
        GatewayRoot(tmp_path / name).automation(f"of-{name}")
    command = [*clawtui, "--root", str(tmp_path / "one"), "--root", str(tmp_path / "two")]
    with Terminal(command, env=home.environment()) as terminal:
        terminal.wait_for("Of One")
        terminal.wait_for("Of Two")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    done = subprocess.run([*clawtui, "--all"], env=home.environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (5, "clawtui: the settings name no roots")
    both = [*clawtui, "--all", "--root", str(tmp_path / "one")]
    done = subprocess.run(both, env=home.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--all and --root exclude each other" in done.stderr


@pytest.mark.parametrize("words", [["--root", "work"], ["--all"]])
def test_an_act_with_an_unknown_outcome_is_printed_after_the_screen_is_restored(
    home: Home, tmp_path: Path, words: list[str]
) -> None:
    GatewayRoot(tmp_path / "there").automation("alpha")
    host = OtherHost(tmp_path, tmp_path / "there")
    ssh = host.script(cutting_body(tmp_path))
    command = shlex.join([sys.executable, "-m", "clawtui"])
    home.set(f'[roots.work]\nhost = "gw1"\npath = "{tmp_path}/there"\ncommand = {json.dumps(command)}\n')
    environment = home.environment(CLAWTUI_SSH_COMMAND=shlex.quote(str(ssh)))
    with Terminal([sys.executable, "-m", "clawtui", *words], env=environment, cols=200) as terminal:
        terminal.wait_for(lambda screen: any("›" in line and "Alpha" in line for line in screen), 60)
        (tmp_path / "cut").write_text("before-answer")
        host.script("echo no route >&2; exit 255", "gone").replace(ssh)  # the next connection fails
        terminal.press("-")
        terminal.wait_for("whether it was done is unknown", 60)
        terminal.press("q")
        assert terminal.wait_exit(60) == 0
        terminal.settle()
        before, restored, after = terminal.since(0).rpartition(b"\x1b[?1049l")
        assert restored
        message = b"clawtui: work: it is unknown whether disabling config/smart-sync-fork/alpha.json was done (act "
        assert message in after
        assert message not in before
        assert b"`clawtui --root work audit --act " in after
