"""Ctrl+Z, ``fg`` and ``bg`` in a real shell."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.gateway_root import GatewayRoot
from tests.hard.terminals import DASHBOARD, HardTerminal, seconds_to_end
from tests.waiting import has_ended, wait_until


@pytest.fixture
def shell() -> Iterator[HardTerminal]:
    """Yield a shell with job control and without settings."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    with HardTerminal([bash, "--norc", "--noprofile", "-i"], env={"PS1": "ready> ", "HISTFILE": ""}) as terminal:
        terminal.wait_for("ready>")
        yield terminal


def start(shell: HardTerminal, root: Path) -> psutil.Process:
    shell.send(shlex.join([*DASHBOARD, "--root", str(root)]).encode() + b"\r")
    shell.wait_for("Sync Main")
    (dashboard,) = psutil.Process(shell.process.pid).children()
    return dashboard


def suspend(shell: HardTerminal, dashboard: psutil.Process) -> None:
    shell.press("ctrl+z")
    wait_until(lambda: dashboard.status() == psutil.STATUS_STOPPED, what="the stop")
    wait_until(lambda: shell.modes_left_on() in ([], [2004]), what="the end of the modes; bash has its own paste mode")


def echoes(shell: HardTerminal, word: str) -> None:
    """Assert that the shell works: it echoes and runs what is typed."""
    shell.send(f"echo {word} $((20 + 3))\r".encode())
    shell.wait_for(f"{word} 23")


def test_the_shell_gets_its_terminal_back_and_fg_shows_the_current_state(
    shell: HardTerminal, some: GatewayRoot
) -> None:
    dashboard = start(shell, some.root)
    for turn in range(2):
        suspend(shell, dashboard)
        echoes(shell, f"shell{turn}")
        some.automation("sync-main", name=f"Sync Meanwhile {turn}")
        mark = shell.bytes_received
        shell.send(b"fg\r")
        shell.wait_for(f"Sync Meanwhile {turn}")
        wait_until(lambda: b"Locks" in shell.since(mark), what="the whole screen, and not only what changed")  # noqa: B023
        assert shell.mode(1049)
        assert shell.cursor is None
    shell.press("?")
    shell.wait_for("Esc closes")
    shell.press("esc")
    shell.wait_for(lambda rows: not any("Esc closes" in row for row in rows))
    shell.press("q")
    wait_until(lambda: has_ended(dashboard), what="the end")
    echoes(shell, "after")


def test_in_the_background_it_stays_stopped_and_leaves_the_terminal_alone(
    shell: HardTerminal, some: GatewayRoot
) -> None:
    dashboard = start(shell, some.root)
    suspend(shell, dashboard)
    shell.send(b"bg\r")
    echoes(shell, "still")
    wait_until(lambda: dashboard.status() == psutil.STATUS_STOPPED, what="another stop")
    assert not shell.mode(1049)
    shell.send(b"fg\r")
    shell.wait_for("Sync Main")
    wait_until(lambda: shell.mode(1049), what="the alternate screen")
    shell.press("q")
    wait_until(lambda: has_ended(dashboard), what="the end")
    echoes(shell, "after")


def test_a_window_that_is_closed_while_it_is_stopped_ends_it(shell: HardTerminal, some: GatewayRoot) -> None:
    dashboard = start(shell, some.root)
    suspend(shell, dashboard)
    shell.hang_up()
    seconds_to_end(shell)
    wait_until(lambda: has_ended(dashboard), what="the end")
