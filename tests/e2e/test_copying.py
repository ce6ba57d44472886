"""Copies: by way of the terminal, through tmux, and in a file."""

from __future__ import annotations

import base64
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.at_home import Home
from tests.gateway_root import GatewayRoot, run_entry
from tests.waiting import wait_until


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_the_chosen_text_is_copied_and_saved_in_a_private_file(home: Home, gateway: GatewayRoot) -> None:
    gateway.automation("alpha", name="Größe")
    with home.dashboard(gateway.root) as terminal:
        terminal.wait_for("Größe")
        terminal.press("y")
        terminal.wait_for("Copy of Größe")
        terminal.wait_for("forkRepoUrl")
        terminal.press("G", "enter")
        terminal.wait_for("JSON sent to the terminal")
        sent = terminal.since(0).partition(b"\x1b]52;c;")[2].partition(b"\x07")[0]
    text = base64.b64decode(sent).decode()
    assert json.loads(text)["name"] == "Größe"
    file = home.state / "copied.txt"
    assert file.read_text() == text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_first_choice_for_a_lock_is_its_repository(home: Home, gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.lock("github.com/user/alpha", "alpha")
    with home.dashboard(gateway.root) as terminal:
        terminal.wait_for("github.com/user/alpha")
        terminal.press("4")
        terminal.wait_for("▌4 Locks")
        terminal.press("y")
        terminal.wait_for("Enter takes")
        terminal.press("enter")
        terminal.wait_for("repository sent to the terminal")
        wait_until(lambda: (home.state / "copied.txt").exists())
        assert (home.state / "copied.txt").read_text() == "github.com/user/alpha"
        (gateway.automations / "locks/github.com-user-alpha.lock").unlink()
        terminal.wait_for("4 Locks  0")
        terminal.press("y")
        terminal.wait_for("There is nothing here to copy")


def is_copied(home: Home, expected: str) -> bool:
    file = home.state / "copied.txt"
    return file.exists() and file.read_text() == expected


def test_of_a_log_the_chosen_line_can_be_copied_harmless(home: Home, gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    entry = run_entry("alpha", "Pushed\x1b[201~ it")
    gateway.append_log("logs/smart-sync-fork/alpha-2025-01-26-11-55-00.jsonl", entry)
    with home.dashboard(gateway.root) as terminal:
        terminal.wait_for("Pushed")
        terminal.press("3")
        terminal.wait_for("▌3 Log")
        for down, expected in (([], "Pushed␛[201~ it"), (["j"], json.dumps(entry))):
            terminal.press("y")
            terminal.wait_for("Copy of the entry")
            terminal.press(*down, "enter")
            wait_until(partial(is_copied, home, expected))


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[list[str]]:
    """Yield a tmux server of the test that passes nothing of a program through."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    command = ["tmux", "-f", "/dev/null", "-S", str(tmp_path / "tmux")]
    yield command
    subprocess.run([*command, "kill-server"], capture_output=True, check=False)


def shown(tmux: list[str], what: str) -> str:
    return subprocess.run([*tmux, *what.split()], capture_output=True, text=True, check=False).stdout


def test_in_tmux_the_copy_is_in_its_buffer(tmux: list[str], home: Home, gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    environment = {**os.environ, **home.environment(LC_ALL="C.UTF-8", TERM="xterm-256color")}
    environment.pop("TMUX", None)
    program = [sys.executable, "-m", "clawtui", "--root", str(gateway.root)]
    subprocess.run([*tmux, "new-session", "-d", "-x", "120", "-y", "40", *program], env=environment, check=True)
    wait_until(lambda: "Alpha" in shown(tmux, "capture-pane -p"), what="the dashboard")
    subprocess.run([*tmux, "send-keys", "y"], check=True)
    wait_until(lambda: "Copy of Alpha" in shown(tmux, "capture-pane -p"))
    subprocess.run([*tmux, "send-keys", "Enter"], check=True)
    wait_until(lambda: "tmux's buffer" in " ".join(shown(tmux, "capture-pane -p").split()), what="the toast")
    assert shown(tmux, "show-buffer") == "alpha"
    subprocess.run([*tmux, "send-keys", "q"], check=True)
