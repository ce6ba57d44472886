"""All logs as one of a root on another host: the screen here shows what the one there shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from tests.gateway_root import GatewayRoot, iso, run_entry
from tests.hard.here_and_there import GONE, here_and_there, ssh_commands, until_same
from tests.hard.sshd import needs_sshd
from tests.hard.terminals import HardTerminal

pytestmark = pytest.mark.slow

NOW = datetime.now(UTC).replace(minute=30, second=0, microsecond=0) - timedelta(hours=1)
KEYS: list[tuple[tuple[str, ...], str]] = [
    (("A",), "1 error"),
    (("g",), "alpha 0"),
    (("j", "j", "j"), "paused"),
    (("pagedown",), "paused"),
    (("/", *"needle", "enter"), "1 of 2"),
    (("n",), "2 of 2"),
    (("&",), "only matches"),
    (("esc",), f"{GONE}only matches"),
    (("e",), "it broke"),
    (("d",), '"level": "error"'),
    (("esc",), f'{GONE}"level"'),
    (("w",), "paused"),
    (("s", "s", "s"), "errors only"),
    (("s",), f"{GONE}errors only"),
    (("T", *f"{NOW + timedelta(minutes=5):%H:%M}", "enter"), "beta 101"),
    (("f",), "following"),
]
"""Keys of the screen, each with a text that is on it afterwards, or no longer."""


@pytest.fixture
def busy(gateway: GatewayRoot) -> GatewayRoot:
    """Write the logs of two runs at the same time, and that of the dispatcher."""
    gateway.dispatcher()
    for id in ("alpha", "beta"):
        gateway.automation(id)
    append(gateway, "alpha", *(f"alpha {n}{' needle' * (n in (150, 250))}" for n in range(400)))
    append(gateway, "beta", *(f"beta {n}" for n in range(300)), after=200)
    append(gateway, "beta", "it broke", after=600, level="error")
    append(gateway, "beta", *["the same again"] * 3, after=601)
    event = {"timestamp": iso(NOW), "level": "info", "event": "dispatch-started", "automationId": "alpha"}
    gateway.append_log(f"logs/dispatcher/{NOW:%Y-%m-%d}.jsonl", event)
    return gateway


def append(gateway: GatewayRoot, id: str, *texts: str, after: int = 0, level: str = "info") -> None:
    began = NOW + timedelta(seconds=after)
    entries = [run_entry(id, text, began + timedelta(seconds=n), level=level) for n, text in enumerate(texts)]
    gateway.append_log(f"logs/smart-sync-fork/{id}-{NOW:%Y-%m-%d-%H-%M-%S}.jsonl", *entries)


@pytest.fixture(params=["shell", pytest.param("sshd", marks=needs_sshd)])
def ssh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the command that reaches the other host: a shell in the place of ssh, and a real sshd."""
    yield from ssh_commands(request.param, tmp_path)


@pytest.mark.parametrize(("cols", "rows"), [(120, 40), (80, 24)])
def test_the_screen_here_follows_searches_and_jumps_as_the_one_there(
    cols: int, rows: int, ssh: str, busy: GatewayRoot, tmp_path: Path
) -> None:
    with here_and_there(busy.root, tmp_path, ssh, cols, rows) as (one, other):
        until_same(one, other, "Beta", "the start")
        for keys, text in KEYS:
            for terminal in (one, other):
                terminal.press(*keys)
            # Where a place is not known at once, the row of the prompt is free again when the cursor goes there.
            until_same(one, other, text, str(keys), also_rows=keys[0] != "T", in_numbers=True)
        append(busy, "alpha", "a later line", after=700)
        until_same(one, other, "a later line", "a line", in_numbers=True)
        append(busy, "alpha", "a later line", "a later line", after=701)
        until_same(one, other, "×3", "its repetition", in_numbers=True)

        for terminal in (one, other):
            terminal.press("k", "k")
        until_same(one, other, "paused", "the pause", in_numbers=True)
        agent_of(other).kill()
        other.wait_for("no connection", 60)
        assert "it broke" in other.text, "the last state stays"
        append(busy, "beta", "written without a connection", after=800)
        until_same(one, other, "702/705", "the next connection", also_rows=False)
        assert one.screen()[2:] == other.screen()[2:], "the cursor stays on its line"
        for terminal in (one, other):
            terminal.press("G")
        until_same(one, other, "written without a connection", "its end", in_numbers=True)
        append(busy, "beta", "written later", after=801)
        until_same(one, other, "written later", "the line after it", in_numbers=True)
        for terminal in (one, other):
            terminal.press("enter")
        until_same(one, other, "▌3 Log", "its run")
        other.wait_for("written later")
        for terminal in (one, other):
            terminal.press("ctrl+c")
            assert terminal.wait_exit() == 0


def agent_of(terminal: HardTerminal) -> psutil.Process:
    """Return the agent at the other end of the connection of a dashboard, wherever ssh or sshd has started it."""
    place = f"XDG_STATE_HOME={Path(terminal_home(terminal)).parent}/state"
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            if "clawtui" in words and "agent" in words and place in "\0".join(process_environment(process)):
                return process
        except (psutil.NoSuchProcess, OSError):
            continue
    raise AssertionError("there is no agent")


def terminal_home(terminal: HardTerminal) -> str:
    return psutil.Process(terminal.process.pid).environ()["XDG_STATE_HOME"].removesuffix("/state")


def process_environment(process: psutil.Process) -> list[str]:
    return [f"{name}={value}" for name, value in process.environ().items()]
