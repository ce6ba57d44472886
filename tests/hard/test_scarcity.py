"""Few processes, little memory, few open files, and sudden death: plain messages, and a restored terminal."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.processes import PROJECT, run
from tests.e2e.terminal import Terminal
from tests.gateway_root import GatewayRoot
from tests.hard.test_no_home import STRANGER, as_stranger, theirs
from tests.waiting import wait_until

__all__ = ["theirs"]

MODES = (1000, 1002, 1006, 1004, 1049, 2004)
"""Mouse, focus, the alternate screen and bracketed paste: what a shell must not find switched on."""
MEMORY = 400_000_000
LIMITED = ("status", "doctor", "prune --dry-run", "--version")


def modes_left(terminal: Terminal) -> list[int]:
    return [mode for mode in MODES if terminal.mode(mode)]


@contextmanager
def limited(gateway: GatewayRoot, *limits: str) -> Iterator[Terminal]:
    """Yield the dashboard of a user with these limits, who has a home."""
    if shutil.which("prlimit") is None:
        pytest.skip("there is no prlimit here")
    own = gateway.root.parent / "own"
    own.mkdir(exist_ok=True)
    os.chown(own, STRANGER, STRANGER)
    command = as_stranger("prlimit", *limits, sys.executable, "-m", "clawtui", "--root", str(gateway.root))
    with Terminal(command, cwd=PROJECT, env={"HOME": str(own)}) as terminal:
        yield terminal


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
@pytest.mark.parametrize("processes", [1, 5, 6, 7, 8, 10, 12, 14])
def test_with_few_processes_the_dashboard_runs_or_reports_the_reason(theirs: GatewayRoot, processes: int) -> None:
    with limited(theirs, f"--nproc={processes}") as terminal:
        deadline = time.monotonic() + 40
        while terminal.process.poll() is None and time.monotonic() < deadline and "a-1" not in terminal.text:
            time.sleep(0.05)
        if terminal.process.poll() is None:
            terminal.press("q")
        status = terminal.wait_exit(30)
        terminal.wait_for(lambda _: not modes_left(terminal), 10)
        assert "Traceback" not in terminal.text and "panicked" not in terminal.text
        assert status == 0 or (status == 1 and "no more processes" in terminal.text)


@pytest.mark.exhaustive
@pytest.mark.parametrize("limit", [f"--as={MEMORY}", "--nofile=20"])
def test_with_little_memory_or_few_files_the_dashboard_runs_or_reports_the_reason(
    theirs: GatewayRoot, limit: str
) -> None:
    with limited(theirs, limit) as terminal:
        deadline = time.monotonic() + 40
        while terminal.process.poll() is None and time.monotonic() < deadline and "a-1" not in terminal.text:
            time.sleep(0.05)
        if terminal.process.poll() is None:
            terminal.press("q")
        assert terminal.wait_exit(30) in (0, 1)
        terminal.wait_for(lambda _: not modes_left(terminal), 10)
        assert "Traceback" not in terminal.text and "panicked" not in terminal.text


@pytest.mark.slow
@pytest.mark.parametrize(
    "number",
    [
        signal.SIGKILL,
        pytest.param(signal.SIGABRT, marks=pytest.mark.exhaustive),
        pytest.param(signal.SIGSEGV, marks=pytest.mark.exhaustive),
    ],
)
def test_the_terminal_is_restored_after_any_failure(gateway: GatewayRoot, number: signal.Signals) -> None:
    gateway.automation("a-1")
    command = [sys.executable, "-m", "clawtui", "--root", str(gateway.root)]
    for _ in range(2):
        with Terminal(command, cwd=PROJECT) as terminal:
            terminal.wait_for("a-1", 40)
            assert 1049 in modes_left(terminal)
            os.kill(terminal.process.pid, number)
            assert terminal.wait_exit() == -number
            terminal.wait_for(lambda _: not modes_left(terminal), 10)
            wait_until(lambda: terminal.left_behind() == [], 10, "the end of all that it started")


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("limit", [f"--as={MEMORY}", "--nofile=12"])
def test_a_command_without_resources_reports_which(gateway: GatewayRoot, tmp_path: Path, limit: str) -> None:
    if shutil.which("prlimit") is None:
        pytest.skip("there is no prlimit here")
    gateway.automation("a-1")
    for command in LIMITED:
        answer = subprocess.run(
            ["prlimit", limit, sys.executable, "-m", "clawtui", "--root", str(gateway.root), *command.split()],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in answer.stderr, (command, answer.stderr[-2000:])
        assert answer.returncode in (0, 1, 5), (command, answer)
    assert run("--root", str(gateway.root), "status").returncode == 0
