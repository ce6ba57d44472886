"""A stock gateway on another host: each pane and dialog of its dashboard here shows what the one there shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.hard.here_and_there import GONE, here_and_there, ssh_commands, until_same
from tests.hard.sshd import needs_sshd
from tests.openclaw.gateway_store import GatewayStore, gateway_lock
from tests.tui.dashboard_of_gateway import DEAD, HOUR_MS, ailing_gateway

pytestmark = pytest.mark.slow

KEYS: list[tuple[str, str]] = [
    ("j", "Automations  2/5"),
    ("?", "WHAT IT DOES"),
    ("esc", f"{GONE}WHAT IT DOES"),
    ("F", "›✗  Job failed"),
    ("d", "storeKey"),
    ("esc", f"{GONE}storeKey"),
    ("w", "not running: "),
    ("esc", f"{GONE}not running: "),
    ("D", "gateway-down"),
    ("esc", f"{GONE}gateway-down"),
    ("H", "Runs  1/33"),
    ("j", "Runs  2/33"),
    ("esc", f"{GONE}Runs  2/33"),
    ("a", "keeps no artifacts"),
    ("C", "has no dispatcher"),
    ("B", "keeps no workspaces"),
    ("A", "has no logs of runs"),
    ("2", "▌2 Timeline"),
    ("[", "newest run"),
    ("]", f"{GONE}newest run"),
    ("3", "a line about failed"),
    ("0", "a line about lost"),
    ("4", "▌4 Locks"),
    ("j", "Locks  2/3"),
    ("d", "╭"),
    ("esc", f"{GONE}╭"),
]
"""Keys of the dashboard, each with a text that is on the screen afterwards, or no longer."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GatewayStore]:
    """Yield a gateway with a lock that it left, a long history, and a log."""
    root = tmp_path / "there"
    store = ailing_gateway(root)
    gateway_lock(root, pid=DEAD, startTime=5, createdAt=datetime.now(UTC).isoformat())
    (began,) = store.connection.execute("SELECT min(started_at_ms) FROM cron_run_receipts WHERE job_id = 'failed'")
    for number in range(1, 31):
        start = began[0] - number * HOUR_MS
        store.receipt(f"old-{number}", "failed", "ok", start, start + 1000)
    log = root / "gateway.log"
    (root / "openclaw.json").write_text(json.dumps({"logging": {"file": str(log)}}))
    lines = (
        {
            "_meta": {"logLevelName": "INFO"},
            "0": '{"module":"cron"}',
            "1": {"jobId": id},
            "2": f"a line about {id}",
            "time": datetime.now(UTC).isoformat(),
        }
        for id in ("failed", "lost")
    )
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    yield store
    store.close()


@pytest.fixture(params=["shell", pytest.param("sshd", marks=needs_sshd)])
def ssh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the command that reaches the other host: a shell in the place of ssh, and a real sshd."""
    yield from ssh_commands(request.param, tmp_path)


@pytest.mark.parametrize(("cols", "rows"), [(120, 40), (80, 24)])
def test_each_key_shows_the_same_here_as_there(
    cols: int, rows: int, ssh: str, store: GatewayStore, tmp_path: Path
) -> None:
    with here_and_there(store.root, tmp_path, ssh, cols, rows) as (one, other):
        until_same(one, other, "findings", "the start")
        for key, text in KEYS:
            for terminal in (one, other):
                terminal.press(key)
            until_same(one, other, text, key, also_rows=key != "D")  # whose commands name the root, here and there
        store.job("failed", enabled=False)
        for terminal in (one, other):
            terminal.press("1")
        until_same(one, other, "disabled", "a change of the store")
        for terminal in (one, other):
            terminal.press("q")
            assert terminal.wait_exit() == 0
