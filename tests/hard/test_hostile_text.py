"""Text of files on a real terminal: the emulated screen and the raw bytes show what the application meant, alone."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyte.screens import wcwidth

from tests.cli.processes import PROJECT
from tests.e2e.terminal import Terminal
from tests.gateway_root import GatewayRoot, iso, run_entry
from tests.hard.hostile import ATTACKS, OWN_TITLE, assert_meant, boundary, half, hostile_text
from tests.hard.terminals import HardTerminal, hard_dashboard

TYPE = "smart-sync-fork"
PLACES = 14
"""How many texts one state directory takes."""

texts = st.lists(hostile_text | st.tuples(hostile_text, half).map("".join), min_size=PLACES, max_size=PLACES)


def now() -> datetime:
    """Return the time of the call: the dashboard under test reads the real clock, and a suite may have run for long."""
    return datetime.now(UTC)


def poison(gateway: GatewayRoot, texts: Sequence[str], case: str) -> None:
    """Put ``texts`` into each field of a file that is shown; the first row of the table is called ``case``."""
    name, phase, milestone, summary, repo, host, message, key, value, reason, detail, session, error, line = texts
    run = {"timestamp": iso(now()), "status": "failed", "duration": 1, "summary": summary, "error": error}
    times: dict[str, Any] = {"startTime": iso(now()), "lastUpdate": iso(now())}
    fields: dict[str, Any] = {key or "k": value, "error": error, "phase": phase}
    gateway.automation("sync-a", name=name, runHistory=[run], config={key or "k": value, "forkRepoUrl": repo})
    gateway.automation("sync-b", name=case, description=detail)
    gateway.state("sync-b", milestone=milestone, currentPhase=phase, **times)
    gateway.state("sync-a", milestone=value, sessionId=session or "s", **times)
    gateway.progress("sync-b", (milestone or "m", 5), (detail or "d", 25), start=now())
    gateway.write(f"config/{TYPE}/broken.json", b'{"id": "' + error.encode("utf-8", "surrogatepass"))  # no JSON at all
    gateway.lock("github.com/user/one", "sync-b", repoUrl=repo or "r", hostname=host or "h", acquiredAt=iso(now()))
    gateway.lock("github.com/user/two", "sync-b", sessionId=session or "s", repoKey=repo or "r", pid=1)
    gateway.append_log(
        f"logs/{TYPE}/sync-b-2025-01-26-10-30-00.jsonl",
        run_entry("sync-b", message, **fields),
    )
    log = gateway.automations / f"logs/{TYPE}/sync-b-2025-01-26-10-30-00.jsonl"
    with log.open("ab") as raw:
        raw.write(line.replace("\n", " ").encode("utf-8", "surrogatepass") + b"\n\xff\xfe\x1b]0;pwned\x07\n")
    skipped = {"timestamp": iso(now()), "level": "info", "message": reason, "automationId": "sync-a", "reason": reason}
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", skipped)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> GatewayRoot:
    """Return a gateway in a directory whose name is hostile, too."""
    gateway = GatewayRoot(tmp_path_factory.mktemp("r") / "st\x1b]0;pwned\x07a\u202ete[bold]\x9b66m")
    gateway.automations.mkdir(parents=True)
    gateway.dispatcher()
    for folder in ("config/ty\x1b[66mpe", "workspaces/\x9b66mspace"):
        (gateway.automations / folder).mkdir(parents=True)
    (gateway.automations / "config/ty\x1b[66mpe/x\x1b]0;pwned\x07.json").write_text("{}")
    (gateway.automations / "locks").mkdir()
    (gateway.automations / "locks/\x1b[2J\u202e.lock").write_text("no lock")
    return gateway


@pytest.fixture(scope="module")
def shown(root: GatewayRoot) -> Iterator[HardTerminal]:
    with hard_dashboard(root.root) as terminal:
        terminal.wait_for("Automations")
        terminal.wait_for("watching")
        yield terminal


@contextmanager
def only_what_is_meant(terminal: HardTerminal) -> Iterator[None]:
    """Check every byte that is sent in the block, also where the block fails, since that may be the cause."""
    first = boundary(terminal.since(0), terminal.settle(0.05))
    try:
        yield
    finally:
        terminal.settle(0.05)
        sent = terminal.since(0)
        assert_meant(sent[first : boundary(sent, len(sent))])


def test_a_read_that_ends_within_a_sequence_or_a_character_is_cut_before_it() -> None:
    whole = ("a" + "\x1b[38;2;1;2;3m" + "é世🏳" + "\x1b]8;;https://x.example\x1b\\" + "\x1b(B" + "z").encode()
    starts = {0, 1, 14, 16, 19, 23, 47, 50, len(whole)}
    found = {boundary(whole[:at], at) for at in range(len(whole) + 1)}
    assert found == starts
    assert {boundary(whole, at) for at in range(len(whole) + 1)} == starts


def has_dialog(rows: list[str]) -> bool:
    return any("╭" in row for row in rows)


def look_everywhere(terminal: HardTerminal) -> None:
    """Open every pane, every dialog, sideways too, and a toast."""
    for keys in (("d",), ("!",), ("?",), ("4", "d")):
        terminal.press(*keys)
        terminal.wait_for(has_dialog)
        terminal.press("G", "l", "l", "h", "g")
        terminal.settle(0.05)
        terminal.press("q")
        terminal.wait_for(lambda rows: not has_dialog(rows))
        terminal.press("1")
    for key in ("H", "a", "W", "i"):
        terminal.press(key)
        terminal.settle(0.1)
        terminal.press("G", "l", "h", "g")
        for _ in range(2):
            terminal.settle(0.1)
            terminal.press("esc")
        terminal.settle(0.1)
    terminal.press("L", "G", "l", "l", "l")
    terminal.settle(0.05)
    terminal.press("h", "h", "h", "2", "1", "j", "-", "k")
    terminal.settle(0.05)


def dividers(rows: Sequence[str]) -> set[int]:
    """Return the column of the line between timeline and log, in each row that has it."""
    return {sum(map(wcwidth, row[: row.index("│")])) for row in rows if "│" in row}


@settings(max_examples=2, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
@given(texts, st.integers(0, 10**9))
def test_no_text_of_a_file_speaks_to_the_terminal_of_the_dashboard(
    root: GatewayRoot, shown: HardTerminal, texts: list[str], serial: int
) -> None:
    with only_what_is_meant(shown):
        poison(root, texts, f"case {serial}")
        shown.wait_for(f"case {serial}")
        look_everywhere(shown)
    assert re.fullmatch(OWN_TITLE, shown.title)
    assert shown.mode(1049)
    assert shown.cursor is None
    assert shown.process.poll() is None


def test_every_known_attack_is_shown_and_does_nothing(root: GatewayRoot, shown: HardTerminal) -> None:
    for start in range(2):
        batch = ["".join(ATTACKS[2 * place + start :: 2 * PLACES]) for place in range(PLACES)]
        with only_what_is_meant(shown):
            poison(root, batch, f"batch {start}.")
            shown.wait_for(f"batch {start}.")
            look_everywhere(shown)
            shown.wait_for("batch")
        middle = shown.screen()[16:29]
        assert len(dividers(middle)) <= 1, "\n".join(["a text was wider than it was taken to be:", *middle])
    assert re.fullmatch(OWN_TITLE, shown.title)


COMMANDS = (
    ("status",),
    ("automation", "list"),
    ("automation", "show", "sync-a"),
    ("run", "list", "sync-a"),
    ("run", "show", "sync-b"),
    ("progress", "sync-b"),
    ("logs",),
    ("logs", "sync-b"),
    ("lock", "list"),
    ("lock", "show", "locks/github.com-user-one.lock"),
    ("slot", "list"),
    ("workspace", "list"),
    ("workspace", "show", "sync-b"),
    ("artifact", "list"),
    ("automation", "show", "no\x1b]0;pwned\x07such"),
    ("automation", "show", "sync-a", "--json"),
    ("lock", "list", "--json"),
    ("logs", "sync-b", "--json"),
    ("doctor",),
    ("doctor", "--json"),
)


def test_no_command_lets_a_file_speak_to_the_terminal(tmp_path: Path) -> None:
    gateway = GatewayRoot(tmp_path / "st\x1b]0;pwned\x07ate")
    poison(gateway, ["".join(ATTACKS[place::PLACES]) for place in range(PLACES)], "case")
    (gateway.automations / "artifacts/sync-a").mkdir(parents=True)
    (gateway.automations / "artifacts/sync-a/2025-01-26-10-30-00-a\x1b[66m.md").write_text("x")
    command = [sys.executable, "-m", "tests.cli.forked", "--through", str(gateway.root), *map(shlex.join, COMMANDS)]
    own = {"XDG_STATE_HOME": f"{tmp_path}/own", "XDG_CONFIG_HOME": f"{tmp_path}/own"}
    with Terminal(command, env=own, cwd=PROJECT) as terminal:
        assert terminal.wait_exit(120) == 0
        sent = terminal.since(0)
        assert_meant(sent)
        assert terminal.title == ""
        assert b"Traceback" not in sent
        assert "␛".encode() in sent
