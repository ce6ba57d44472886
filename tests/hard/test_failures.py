"""A failure of clawtui itself: one pane shows it and the others continue; a fatal one has a plain message."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from tests.gateway_root import GatewayRoot
from tests.hard.terminals import WITHIN, HardTerminal, assert_left_as_it_was

PANES = {
    "AutomationsPane": "1 Automations",
    "TimelinePane": "2 Timeline",
    "LogPane": "3 Log",
    "LocksPane": "4 Locks",
}

BREAK = """
import pathlib, sys
from clawtui.tui.panes.automations.pane import AutomationsPane
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.log.pane import LogPane
from clawtui.tui.panes.timeline.pane import TimelinePane
from clawtui.cli.main import main

switch = pathlib.Path(sys.argv[1]) / "broken"

def breaking(usual):
    def method(*arguments, **named):
        if switch.exists():
            raise KeyError("\\x1b]0;owned\\x07 of ours")
        return usual(*arguments, **named)
    return method

{breaks}
main(["--root", sys.argv[1]])
"""
"""The dashboard, with something in it that raises for as long as there is a file."""


def broken_dashboard(gateway: GatewayRoot, *methods: str) -> HardTerminal:
    breaks = "\n".join(
        f"{method.rpartition('.')[0]}.{method.rpartition('.')[2]} = breaking({method})" for method in methods
    )
    program = BREAK.format(breaks=breaks)
    own = {"XDG_STATE_HOME": f"{gateway.root.parent}/own-state"}
    return HardTerminal([sys.executable, "-c", program, str(gateway.root)], env=own)


def reports(gateway: GatewayRoot) -> list[Path]:
    return sorted((gateway.root.parent / "own-state" / "clawtui" / "failures").glob("*"))


@pytest.mark.parametrize("pane", PANES)
def test_a_failed_pane_shows_a_message_until_it_works_again(some: GatewayRoot, pane: str) -> None:
    title = PANES[pane]
    some.lock("github.com/user/held", "sync-main")  # without a lock that pane is a single line
    methods = (f"{pane}.show", f"{pane}.tick", f"{pane}.action_move")
    with broken_dashboard(some, *methods) as terminal:
        terminal.wait_for("Sync Tools")
        (some.root / "broken").touch()
        some.automation("sync-more", name="Sync More")
        rows = terminal.wait_for(" ! failed: KeyError: '")
        rows = terminal.wait_for(lambda rows: any("Report: " in row for row in rows))
        assert terminal.title != "owned"
        assert any(title in row for row in rows)
        for other in PANES.values():
            terminal.wait_for(other)
        if "Automations" not in title:
            terminal.wait_for("Sync More")
        report = reports(some)[0]  # the next tick may have failed already, which is another report
        assert stat.S_IMODE(report.stat().st_mode) == 0o600
        assert stat.S_IMODE(report.parent.stat().st_mode) == 0o700
        outcome = report.read_text()
        assert f"what       {title[2:].lower()}" in outcome
        assert "attach this file to a new issue" in outcome
        assert "Traceback" in outcome
        (some.root / "broken").unlink()
        terminal.press("R")
        terminal.wait_for(lambda rows: not any("failed: KeyError" in row for row in rows) and "Sync More" in str(rows))
        terminal.press("q")
        assert terminal.wait_exit(WITHIN) == 0
        assert_left_as_it_was(terminal)


def test_a_failed_key_is_reported_and_the_next_one_works(some: GatewayRoot) -> None:
    with broken_dashboard(some, "AutomationsPane.action_move") as terminal:
        terminal.wait_for("Sync Tools")
        (some.root / "broken").touch()
        terminal.press("G")
        terminal.wait_for("This failed: KeyError")
        terminal.press("?")
        terminal.wait_for("In Automations")
        terminal.press("esc")
        terminal.wait_for(lambda rows: not any("In Automations" in row for row in rows))
        terminal.press("q")
        assert terminal.wait_exit(WITHIN) == 0


def test_a_fatal_error_has_a_plain_message_and_restores_the_terminal(some: GatewayRoot) -> None:
    with broken_dashboard(some, "AutomationsPane.compose") as terminal:
        (some.root / "broken").touch()
        assert terminal.wait_exit(WITHIN) == 1
        assert_left_as_it_was(terminal)
        assert "clawtui: the dashboard failed and had to end: KeyError" in terminal.text
        assert str(reports(some)[0]) in terminal.text.replace("\n", "")
        assert "Traceback" not in terminal.text
        assert terminal.title != "owned"


def test_the_dashboard_continues_if_a_report_cannot_be_written(some: GatewayRoot) -> None:
    (some.root.parent / "own-state").write_text("not a directory")
    with broken_dashboard(some, "TimelinePane.show") as terminal:
        terminal.wait_for("Sync Tools")
        (some.root / "broken").touch()
        some.automation("sync-more", name="Sync More")
        terminal.wait_for("failed: KeyError")
        terminal.wait_for("Report: none")
        terminal.wait_for("Sync More")
