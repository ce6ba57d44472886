"""On every signal and every state of the terminal, the dashboard ends if it should and restores the terminal."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import psutil
import pytest

from tests.gateway_root import GatewayRoot
from tests.hard.terminals import (
    DASHBOARD,
    WITHIN,
    HardTerminal,
    assert_left_as_it_was,
    hard_dashboard,
    seconds_to_end,
    untouched_attributes,
)
from tests.waiting import wait_until

HANG_UP = 128 + signal.SIGHUP


def deaf_to_hang_up(gateway: GatewayRoot) -> HardTerminal:
    """Return the dashboard with SIGHUP ignored, as ``nohup`` and some shells start it."""
    return HardTerminal(["/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh", *DASHBOARD, "--root", gateway.root])


def keep_busy(terminal: HardTerminal) -> None:
    """Have so much repainted that the buffer of a terminal that does not read is filled many times."""
    for turn in range(60):
        terminal.resize(120 - turn % 2, 40)
        terminal.press("j", "k", "z")
        wait_until(lambda: terminal.unread(), what="output that is not read")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_every_signal_that_means_an_end_ends_it_orderly(some: GatewayRoot, number: signal.Signals) -> None:
    with hard_dashboard(some.root) as terminal:
        terminal.wait_for("Sync Main")
        assert terminal.attributes != untouched_attributes()
        terminal.signal(number)
        assert terminal.wait_exit(WITHIN) == 128 + number
        assert_left_as_it_was(terminal)
        assert "Traceback" not in terminal.text


def test_a_signal_before_the_first_paint_restores_the_terminal(some: GatewayRoot) -> None:
    with hard_dashboard(some.root) as terminal:
        wait_until(lambda: terminal.bytes_received > 0, what="the first byte")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit(WITHIN) == 128 + signal.SIGTERM
        assert_left_as_it_was(terminal)


def test_an_ignored_sighup_stays_ignored_and_the_end_of_the_terminal_ends_the_dashboard(some: GatewayRoot) -> None:
    with deaf_to_hang_up(some) as terminal:
        terminal.wait_for("Sync Main")
        terminal.signal(signal.SIGHUP)
        terminal.press("?")
        terminal.wait_for("Esc closes")
        terminal.hang_up()
        seconds_to_end(terminal)
        assert terminal.process.returncode == HANG_UP
        assert terminal.left_behind() == []


def test_a_terminal_that_stops_reading_does_not_keep_it_from_ending(some: GatewayRoot) -> None:
    with hard_dashboard(some.root) as terminal:
        terminal.wait_for("Sync Main")
        terminal.stop_reading()
        keep_busy(terminal)
        terminal.signal(signal.SIGTERM)
        assert seconds_to_end(terminal) < WITHIN
        assert terminal.process.returncode == 128 + signal.SIGTERM
        terminal.read_on()
        assert_left_as_it_was(terminal)


def test_a_terminal_that_reads_again_is_shown_the_newest_state(some: GatewayRoot) -> None:
    with hard_dashboard(some.root) as terminal:
        terminal.wait_for("Sync Main")
        terminal.stop_reading()
        keep_busy(terminal)
        terminal.resize(110, 40)
        some.automation("sync-main", name="Sync Renamed")
        mark = terminal.bytes_received
        terminal.read_on()
        terminal.wait_for("Sync Renamed")  # on the screen: of a row that is there, only the changed cells are written
        terminal.signal(signal.SIGTERM)
        terminal.wait_exit(WITHIN)
        assert_left_as_it_was(terminal)
        assert terminal.bytes_received - mark < 1_000_000, "frames that could not be shown were kept"


def test_a_hang_up_of_a_terminal_that_does_not_read_ends_it(some: GatewayRoot) -> None:
    with hard_dashboard(some.root) as terminal:
        terminal.wait_for("Sync Main")
        terminal.stop_reading()
        keep_busy(terminal)
        terminal.hang_up()
        seconds_to_end(terminal)
        assert terminal.process.returncode == HANG_UP
        assert terminal.left_behind() == []


def is_stopped(terminal: HardTerminal) -> bool:
    return bool(psutil.Process(terminal.process.pid).status() == psutil.STATUS_STOPPED)


def threads(terminal: HardTerminal) -> int:
    return int(psutil.Process(terminal.process.pid).num_threads())


def test_a_stop_from_outside_and_any_number_of_continues_change_nothing(some: GatewayRoot) -> None:
    with hard_dashboard(some.root) as terminal:
        terminal.wait_for("Sync Main")
        terminal.settle()
        before = threads(terminal)
        for _ in range(5):
            terminal.signal(signal.SIGSTOP)
            wait_until(lambda: is_stopped(terminal))
            some.automation("sync-main", name="Sync Meanwhile")
            mark = terminal.bytes_received
            terminal.signal(signal.SIGCONT)
            terminal.signal(signal.SIGCONT)
            wait_until(lambda: b"Sync Meanwhile" in terminal.since(mark), what="the whole screen")  # noqa: B023
        terminal.settle()
        assert threads(terminal) < before + 5, "each time something was started once more"
        terminal.press("q")
        assert terminal.wait_exit(WITHIN) == 0
        assert_left_as_it_was(terminal)


SLOW_TO_END = """
import pathlib
import sys
import time
from textual.app import App
from clawtui.tui.terminal.driver import ClawtuiDriver

class SlowToEnd(App):
    def on_key(self):
        self._driver.write("#" * 100_000)
        pathlib.Path(sys.argv[1]).touch()

    def on_unmount(self):
        time.sleep(60)

SlowToEnd(driver_class=ClawtuiDriver).run()
"""


def test_an_end_by_force_restores_a_terminal_that_does_not_read(tmp_path: Path) -> None:
    written = tmp_path / "written"
    with HardTerminal([sys.executable, "-c", SLOW_TO_END, written]) as terminal:
        wait_until(lambda: terminal.mode(1049), what="the alternate screen")
        terminal.stop_reading()
        terminal.press("x")
        wait_until(written.exists, what="more than the terminal accepts")
        terminal.signal(signal.SIGTERM)
        assert seconds_to_end(terminal) < WITHIN
        assert terminal.process.returncode == 128 + signal.SIGTERM
        terminal.read_on()
        assert_left_as_it_was(terminal)
