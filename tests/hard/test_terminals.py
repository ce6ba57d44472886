"""Terminals of all kinds and sizes can be used or are refused, and are restored."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.gateway_root import GatewayRoot
from tests.hard.terminals import (
    DASHBOARD,
    WITHIN,
    HardTerminal,
    assert_left_as_it_was,
    hard_dashboard,
)
from tests.waiting import wait_until

COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:[34]8;[25];[0-9;]*|3[0-7]|4[0-7]|9[0-7]|10[0-7])(?:;\d+)*m")
TRUE_COLOUR = re.compile(rb"\x1b\[[0-9;]*[34]8;2;")

KINDS = {
    "xterm-256color": {"COLORTERM": "truecolor"},
    "tmux-256color": {"COLORTERM": "truecolor", "TMUX": "/tmp/none,1,0"},
    "screen": {"COLORTERM": "", "STY": "1.none"},
    "linux": {"COLORTERM": ""},
    "vt100": {"COLORTERM": ""},
}
ALWAYS = ("xterm-256color", "tmux-256color", "vt100")
"""The kinds that every run of the suite uses; the others are exhaustive."""


def use_it(terminal: HardTerminal) -> None:
    """Move the cursor, open and close dialogs, and quit."""
    terminal.wait_for("Sync Main")
    terminal.press("j")
    terminal.wait_for("2 Timeline  Sync Tools")
    terminal.press("?")
    terminal.wait_for("In Automations")
    terminal.press("esc")
    terminal.wait_for(lambda rows: not any("In Automations" in row for row in rows))
    terminal.press("q")
    assert terminal.wait_exit(WITHIN) == 0
    assert_left_as_it_was(terminal)


@pytest.mark.parametrize(
    "kind",
    [kind if kind in ALWAYS else pytest.param(kind, marks=pytest.mark.exhaustive) for kind in KINDS],
)
def test_every_kind_of_terminal_can_be_used_and_is_restored(some: GatewayRoot, kind: str) -> None:
    with hard_dashboard(some.root, env={"TERM": kind} | KINDS[kind]) as terminal:
        use_it(terminal)
        assert bool(TRUE_COLOUR.search(terminal.since(0))) == (KINDS[kind]["COLORTERM"] == "truecolor")


def test_no_color_removes_colours_and_keeps_all_information(some: GatewayRoot) -> None:
    with hard_dashboard(some.root, env={"NO_COLOR": "1"}) as terminal:
        use_it(terminal)
        assert not COLOUR.search(terminal.since(0))


@pytest.mark.parametrize("locale", ["de_DE.ISO-8859-1", "C", "POSIX"])
def test_without_utf_8_lines_and_marks_become_plain_characters_of_the_same_width(
    some: GatewayRoot, locale: str
) -> None:
    some.automation("sync-main", name="Sync Main ✓世界é")
    encoding = {"PYTHONIOENCODING": "latin-1"} if "8859" in locale else {}
    with hard_dashboard(some.root, env={"LC_ALL": locale} | encoding) as terminal:
        terminal.wait_for("Sync Main")
        terminal.settle()
        if encoding:
            assert "Sync Main +????" in terminal.text
            assert b"\\u" not in terminal.since(0)
            assert "1 Automations  1/2 -----" in terminal.text
        terminal.press("q")
        assert terminal.wait_exit(WITHIN) == 0


def test_a_terminal_that_cannot_move_its_cursor_is_refused_in_one_line(some: GatewayRoot) -> None:
    for kind in ("dumb", ""):
        with hard_dashboard(some.root, env={"TERM": kind}) as terminal:
            assert terminal.wait_exit(WITHIN) == 1
            assert terminal.text.count("clawtui: the dashboard needs a terminal that can move its cursor") == 1
            assert b"\x1b" not in terminal.since(0)
            assert_left_as_it_was(terminal)


@pytest.mark.parametrize("away", ["</dev/null", ">/dev/null"])
def test_without_a_terminal_for_input_or_output_it_ends_with_a_message(some: GatewayRoot, away: str) -> None:
    shell: list[str | Path] = ["/bin/sh", "-c", f'exec "$@" {away}', "sh", *DASHBOARD, "--root", some.root]
    with HardTerminal(shell) as terminal:
        assert terminal.wait_exit(WITHIN) == 1
        assert "needs a terminal for its input and output" in terminal.text.replace("\n", " ")
        assert b"\x1b" not in terminal.since(0)
        assert_left_as_it_was(terminal)


def test_the_dashboard_is_on_the_terminal_with_stderr_in_a_file(some: GatewayRoot, tmp_path: Path) -> None:
    messages = tmp_path / "messages"
    shell: list[str | Path] = ["/bin/sh", "-c", 'exec "$@" 2>"$0"', messages, *DASHBOARD, "--root", some.root]
    with HardTerminal(shell) as terminal:
        use_it(terminal)
    assert messages.read_bytes() == b""


def test_with_all_descriptors_closed_it_ends_without_output(some: GatewayRoot) -> None:
    closed = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *DASHBOARD, "--root", some.root], timeout=20
    )
    assert closed.returncode == 1


def test_200_resizes_in_a_second_down_to_one_cell_and_back_end_with_the_right_screen(some: GatewayRoot) -> None:
    with hard_dashboard(some.root) as terminal:
        terminal.wait_for("Sync Main")
        for turn in range(100):
            terminal.resize(max(1, 120 - 2 * turn), max(1, 40 - turn))
        terminal.settle()
        for turn in range(100):
            terminal.resize(1 + turn, 1 + turn // 3)
            terminal.press(("j", "tab", "k", "4")[turn % 4])
        some.automation("sync-main", name="Sync Renamed")
        terminal.resize(100, 30)
        terminal.press("1", "g")
        with hard_dashboard(some.root, cols=100, rows=30) as fresh:
            fresh.wait_for("Sync Renamed")
            wait_until(lambda: terminal.screen() == fresh.screen(), what="the screen of one that was never resized")


def test_even_in_one_cell_it_lives_and_ends(some: GatewayRoot) -> None:
    with hard_dashboard(some.root, cols=1, rows=1) as terminal:
        wait_until(lambda: terminal.mode(1049))
        terminal.settle()
        for key in ("?", "j", "d", "!", "/", "a", "enter", "4", "j"):
            terminal.press(key)
            terminal.settle(0.05)
        terminal.resize(80, 24)
        terminal.wait_for("clawtui")
        terminal.resize(0, 0)
        terminal.settle(0.1)
        terminal.process.terminate()
        assert terminal.wait_exit(WITHIN) == 143
        assert_left_as_it_was(terminal)
        assert "! failed:" not in terminal.text


def test_commands_write_plain_lines_to_every_kind_of_terminal(some: GatewayRoot) -> None:
    for kind, colour in (("dumb", False), ("vt100", True), ("xterm-256color", True)):
        command: list[str | Path] = [sys.executable, "-m", "clawtui", "automation", "list", "--root", some.root]
        with Terminal(command, env={"TERM": kind}) as terminal:
            assert terminal.wait_exit() == 0
            assert (b"\x1b[" in terminal.since(0)) is colour
            assert b"Sync Main" in terminal.since(0)
            assert os.linesep.encode() in terminal.since(0)
