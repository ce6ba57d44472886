"""After every kind of end the terminal is restored and no process is left."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.dashboard import dashboard
from tests.e2e.remote_gateway import RemoteGateway
from tests.waiting import wait_until

MODES = (1049, 1000, 1002, 1003, 1006, 1004, 2004)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_orderly(remote: RemoteGateway, number: signal.Signals) -> None:
    remote.automation("sync-main", name="Sync Main")
    with dashboard(remote) as terminal:
        terminal.wait_for("Sync Main")
        terminal.signal(number)
        assert terminal.wait_exit() == 128 + number
        assert [mode for mode in MODES if terminal.mode(mode)] == []
        assert terminal.left_behind() == []


def test_ctrl_c_ends_it_and_escape_does_not(remote: RemoteGateway) -> None:
    remote.automation("sync-main", name="Sync Main")
    with dashboard(remote) as terminal:
        terminal.wait_for("Sync Main")
        terminal.press("esc", "?")
        terminal.wait_for("In Automations")
        terminal.press("esc")
        terminal.wait_for(lambda rows: not any("In Automations" in row for row in rows))
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 0
        assert [mode for mode in MODES if terminal.mode(mode)] == []


def test_it_ends_when_the_terminal_is_gone(remote: RemoteGateway) -> None:
    remote.automation("sync-main", name="Sync Main")
    with dashboard(remote) as terminal:
        terminal.wait_for("Sync Main")
        terminal.hang_up()
        wait_until(lambda: terminal.process.poll() is not None, what="the end")
        assert terminal.left_behind() == []


def test_without_a_terminal_the_error_is_one_line(remote: RemoteGateway) -> None:
    command: list[str | Path] = [sys.executable, "-m", "clawtui", "--root", remote.root]
    ended = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == "clawtui: the dashboard needs a terminal for its input and output\n"
