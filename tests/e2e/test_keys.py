"""A walk through the contract's keys: each is pressed in a real terminal, and its effect seen."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pyjson5
import pytest

from tests.e2e.at_home import Home
from tests.e2e.terminal import Terminal
from tests.gateway_root import GatewayRoot, iso, run_entry
from tests.waiting import wait_until

NAMES = ("Alpha", "Bravo", "Charlie", "Delta")


def now() -> datetime:
    """Return the time of the call: the dashboard under test reads the real clock, and a suite may have run for long."""
    return datetime.now(UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def busy(gateway: GatewayRoot) -> GatewayRoot:
    """Write automations: running with a log of 200 lines, failed, due, and disabled, the last one with a lock."""
    gateway.dispatcher()
    failed = {"timestamp": iso(now() - timedelta(hours=2)), "status": "failed", "duration": 1000, "summary": "Push"}
    gateway.automation("alpha", nextRun=iso(now() + timedelta(minutes=12)))
    gateway.automation("bravo", lastRun=failed, runHistory=[failed], nextRun=iso(now() + timedelta(hours=1)))
    gateway.automation("charlie")
    gateway.automation("delta", enabled=False)
    start = now() - timedelta(minutes=5)
    gateway.state("charlie", startTime=iso(start), lastUpdate=iso(now()))
    gateway.progress("charlie", ("Initializing workspace", 5), ("Resolving conflicts", 65), start=start)
    gateway.lock("github.com/user/charlie", "delta", acquiredAt=iso(start), pid=2**22 - 1)
    gateway.slots({"automationId": "charlie", "sessionId": "cron:charlie", "acquiredAt": iso(start), "slotNumber": 2})
    log = f"logs/smart-sync-fork/charlie-{start:%Y-%m-%d-%H-%M-%S}.jsonl"
    for number in range(200):
        fields = {"level": "error"} if number in (50, 120) else {}
        gateway.append_log(
            log, run_entry("charlie", f"Line {number}.", now() - timedelta(seconds=200 - number), **fields)
        )
    older = now() - timedelta(hours=3)
    gateway.append_log(
        f"logs/smart-sync-fork/charlie-{older:%Y-%m-%d-%H-%M-%S}.jsonl", run_entry("charlie", "The run before", older)
    )
    return gateway


@pytest.fixture
def terminal(home: Home, busy: GatewayRoot) -> Iterator[Terminal]:
    with home.dashboard(busy.root) as terminal:
        terminal.wait_for("Charlie")
        terminal.wait_for("Line 199.")
        terminal.wait_for("orphaned")
        yield terminal


def current(terminal: Terminal, name: str) -> None:
    """Wait until the keys go to the pane."""
    terminal.wait_for(lambda rows: any(f"▌{number} {name}" in row for row in rows for number in range(1, 5)))


def chosen(terminal: Terminal, name: str) -> None:
    """Wait until the cursor is on the automation."""
    terminal.wait_for(lambda rows: any(row.startswith("›") and name in row for row in rows))


def gone(terminal: Terminal, text: str) -> None:
    """Wait until it is not on the screen any more."""
    terminal.wait_for(lambda rows: not any(text in row for row in rows))


def order(terminal: Terminal, *names: str) -> None:
    """Wait until the automations are shown in this order."""
    rows = "".join
    terminal.wait_for(
        lambda shown: [name for row in shown[:12] for name in NAMES if name in rows(row)[3:12]] == list(names)
    )


def test_keys_that_hold_everywhere(terminal: Terminal) -> None:
    terminal.press("?")
    terminal.wait_for("show only what contains the text")
    terminal.press("esc")
    gone(terminal, "show only what contains the text")
    for key in (":", "ctrl+p"):
        terminal.press(key)
        terminal.wait_for("Search for commands")
        terminal.press("esc")
        gone(terminal, "Search for commands")
    for number, name in (("2", "Timeline"), ("3", "Log"), ("4", "Locks"), ("1", "Automations")):
        terminal.press(number)
        current(terminal, name)
    terminal.press("tab")
    current(terminal, "Timeline")
    terminal.press("shift+tab")
    current(terminal, "Automations")
    terminal.press("enter")
    current(terminal, "Timeline")
    terminal.press("esc")
    current(terminal, "Automations")
    terminal.press("z")
    gone(terminal, "4 Locks")
    terminal.press("z")
    terminal.wait_for("4 Locks")
    terminal.press("p")
    terminal.wait_for("PAUSED")
    terminal.press("p")
    gone(terminal, "PAUSED")
    terminal.press("R", "4")
    current(terminal, "Locks")
    terminal.press("q")
    current(terminal, "Automations")
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_ctrl_z_suspends_the_dashboard_and_fg_resumes_it(terminal: Terminal) -> None:
    process = psutil.Process(terminal.process.pid)
    terminal.press("ctrl+z")
    wait_until(lambda: process.status() == psutil.STATUS_STOPPED, what="the stop")
    wait_until(lambda: not terminal.mode(1049), what="the shell's screen")
    os.kill(process.pid, signal.SIGCONT)
    wait_until(lambda: terminal.mode(1049), what="the dashboard")
    terminal.press("?")
    terminal.wait_for("In Automations")


def test_keys_that_move(terminal: Terminal) -> None:
    for key, name in (
        ("j", "Bravo"),
        ("down", "Alpha"),
        ("k", "Bravo"),
        ("up", "Charlie"),
        ("G", "Delta"),
        ("g", "Charlie"),
        ("end", "Delta"),
        ("home", "Charlie"),
        ("pagedown", "Delta"),
        ("pageup", "Charlie"),
        ("space", "Delta"),
        ("b", "Charlie"),
        ("ctrl+d", "Delta"),
        ("ctrl+u", "Charlie"),
    ):
        terminal.press(key)
        chosen(terminal, name)
    terminal.press("3")
    current(terminal, "Log")
    terminal.press("z")
    terminal.wait_for("Line 170.")
    for key, seen in (("k", "Line 198."), ("pageup", "Line 150."), ("g", "Line 0."), ("G", "Line 199.")):
        terminal.press(key)
        terminal.wait_for(seen)


def test_keys_of_tables(terminal: Terminal, busy: GatewayRoot, home: Home) -> None:
    order(terminal, "Charlie", "Bravo", "Alpha", "Delta")
    terminal.press(">")
    order(terminal, "Alpha", "Bravo", "Charlie", "Delta")
    terminal.press("r")
    order(terminal, "Delta", "Charlie", "Bravo", "Alpha")
    terminal.press("r", "<")
    order(terminal, "Charlie", "Bravo", "Alpha", "Delta")
    terminal.press("/", *"brav", "enter")
    order(terminal, "Bravo")
    terminal.press("-")
    config = busy.automations / "config/smart-sync-fork/bravo.json"
    wait_until(lambda: pyjson5.decode(config.read_text())["enabled"] is False)
    terminal.press("+")
    wait_until(lambda: pyjson5.decode(config.read_text())["enabled"] is True)
    terminal.press("d")
    terminal.wait_for("config/smart-sync-fork/bravo.json")
    terminal.press("esc")
    gone(terminal, "config/smart-sync-fork/bravo.json")
    terminal.press("esc")
    order(terminal, "Charlie", "Bravo", "Alpha", "Delta")
    terminal.press("y")
    terminal.wait_for("Copy of")
    terminal.press("enter")
    terminal.wait_for("id sent to the terminal")
    assert b"\x1b]52;c;" in terminal.since(0)
    wait_until(lambda: (home.state / "copied.txt").exists())
    terminal.press("L")
    current(terminal, "Log")


def test_keys_that_arrive_with_enter_go_to_the_pane_and_not_into_the_filter(
    terminal: Terminal, busy: GatewayRoot
) -> None:
    config = busy.automations / "config/smart-sync-fork/bravo.json"
    terminal.send(b"/brav\r-")
    wait_until(lambda: pyjson5.decode(config.read_text())["enabled"] is False)
    order(terminal, "Bravo")
    terminal.send(b"/\x7f\x7f\x7f\x7fcharl\rL/Line 1[0-5]0\rN")
    current(terminal, "Log")
    terminal.wait_for(lambda rows: any(re.search(r"/Line 1\[0-5\]0 \d of 6", row) for row in rows))


def test_keys_of_logs(terminal: Terminal) -> None:
    terminal.press("3", "z")
    current(terminal, "Log")
    terminal.press("k")
    terminal.wait_for("G follows")
    terminal.press("f")
    terminal.wait_for("following")
    terminal.press("E")
    terminal.wait_for("Line 120.")
    terminal.press("E")
    terminal.wait_for("Line 50.")
    terminal.press("e")
    terminal.wait_for("Line 120.")
    terminal.press("/", *"Line 7[0-9]\\.", "enter")
    terminal.wait_for(lambda rows: any(row.startswith("›") and "Line 7" in row for row in rows))
    terminal.press("&")
    gone(terminal, "Line 120.")
    terminal.press("n", "N", "&")
    terminal.press("s", "s", "s")
    gone(terminal, "Line 70.")
    terminal.wait_for("Line 120.")
    terminal.press("s")
    terminal.press("w", "t")
    terminal.press("enter")
    terminal.wait_for('"message"')
    terminal.press("esc")
    gone(terminal, '"message"')
    terminal.press("[")
    terminal.wait_for("The run before")
    terminal.press("]")
    gone(terminal, "The run before")


def test_keys_of_dangerous_acts_and_keys_without_a_meaning(terminal: Terminal, busy: GatewayRoot) -> None:
    terminal.press("X")
    current(terminal, "Locks")
    terminal.press("+")
    terminal.wait_for("+ is a key of Automations (1): enable the automation")
    lock = busy.automations / "locks/github.com-user-charlie.lock"
    for harmless in ("k", "ctrl+d", "delete", "backspace"):
        terminal.press(harmless)
    terminal.press("X")
    terminal.wait_for("› Cancel ‹")
    terminal.press("esc")
    gone(terminal, "Release a lock")
    assert lock.exists()
    terminal.press("U")
    terminal.wait_for("Nothing is set aside")


def test_a_remapped_key_works_and_is_shown_in_help_and_footer(home: Home, busy: GatewayRoot) -> None:
    home.set('[keys]\npane.zoom = "F5,%"\nlocks.release = "j"\ngeneral.pause = "ctrl+s"\n')
    with home.dashboard(busy.root) as terminal:
        terminal.wait_for("Charlie")
        terminal.wait_for("F5 % zoom")
        terminal.wait_for("! keys.")
        terminal.press("I")
        terminal.wait_for("keys.locks.release: “j” is the key of move.down already")
        terminal.wait_for("keys.general.pause: “ctrl+s” belongs to terminals")
        terminal.press("esc")
        gone(terminal, "belongs to terminals")
        terminal.press("%")
        gone(terminal, "4 Locks")
        terminal.press("z")
        terminal.press("?")
        terminal.wait_for("show this pane on the whole screen")
        assert any("%" in row and "show this pane" in row for row in terminal.screen())
