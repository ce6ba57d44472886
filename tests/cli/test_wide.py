"""In a pipe nothing is cut; on a terminal its width is kept, and ``--wide`` prints all."""

from __future__ import annotations

import subprocess
import sys

import pytest

from clawtui.cli.framework import streams
from tests.cli.calls import Caller
from tests.cli.processes import environment
from tests.e2e.terminal import Terminal
from tests.gateway_root import NOON, GatewayRoot, iso

ID = "auto-sync-a-fork-with-a-very-long-name-indeed-123456789"
KEY = f"github.com/an-organisation-with-a-long-name/{ID}"
SUMMARY = "Resolved " + " ".join(f"conflict-{n}" for n in range(40))


@pytest.fixture
def wide(gateway: GatewayRoot) -> GatewayRoot:
    result = {"timestamp": iso(NOON), "status": "failed", "duration": 1000, "summary": SUMMARY}
    gateway.automation(ID, name="A long name " * 8, runHistory=[result], lastRun=result)
    gateway.lock(KEY, ID, hostname="a-host-with-a-long-name.example.internal")
    return gateway


COMMANDS = [("lock", "list"), ("automation", "list"), ("run", "list", ID), ("run", "show", ID), ("lock", "show", KEY)]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_in_a_pipe_every_field_is_whole_and_on_one_line(
    wide: GatewayRoot, call: Caller, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    narrow = call(*words)
    assert max(map(len, narrow.lines)) <= 80
    monkeypatch.setattr(streams, "PIPE_WIDTH", streams.UNCUT)
    piped = call(*words)
    assert "…" not in piped.out
    assert {"lock": KEY, "run": SUMMARY, "automation": ID}[words[0]] in piped.out
    assert len(piped.lines) <= len(narrow.lines)
    monkeypatch.setattr(streams, "PIPE_WIDTH", 80)
    assert call(*words, "--wide").out == piped.out


def test_a_real_pipe_and_a_real_terminal(wide: GatewayRoot) -> None:
    command = [sys.executable, "-m", "clawtui", "--root", str(wide.root), "lock", "list"]
    piped = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=True)
    assert KEY in piped.stdout
    with Terminal(command, cols=80, rows=24) as terminal:
        terminal.wait_exit()
        assert KEY not in terminal.text
        assert "foreign" in terminal.text
