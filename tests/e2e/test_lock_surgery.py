"""Locks released, refused and restored in a real terminal, while a gateway in another process continues."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.remote_gateway import RemoteGateway
from tests.e2e.terminal import Terminal
from tests.gateway_root import iso
from tests.operations.evidence.test_processes import ended_pid

KEY = "github.com/acme/site"
LOCK = "locks/github.com-acme-site.lock"


def at_night(gateway: RemoteGateway, own: Path, *, quiet: str = "15m", cols: int = 120, rows: int = 40) -> Terminal:
    """Return the dashboard over the gateway's root; clawtui's own directories are below ``own``."""
    configuration = own / "clawtui/config.toml"
    configuration.parent.mkdir(parents=True, exist_ok=True)
    configuration.write_text(f'quiet-after = "{quiet}"\n')
    command: list[str | Path] = [sys.executable, "-m", "clawtui", "--root", gateway.root]
    env = {"TZ": "UTC", "XDG_STATE_HOME": str(own), "XDG_CONFIG_HOME": str(own)}
    return Terminal(command, cols=cols, rows=rows, env=env)


def take(gateway: RemoteGateway, id: str, pid: int, age: timedelta = timedelta(0)) -> bytes:
    """Take the lock for a run of ``id``, as the gateway does; return the content of the file."""
    taken = iso(datetime.now(UTC) - age)
    return gateway.lock(KEY, id, pid=pid, hostname=os.uname().nodename, acquiredAt=taken).read_bytes()


def ask(terminal: Terminal, verdict: str, expected: str) -> None:
    terminal.wait_for("watching")
    terminal.press("4")
    terminal.wait_for(verdict)
    terminal.press("X")
    terminal.wait_for("Release a lock")
    terminal.wait_for(expected)


def test_an_orphaned_lock_is_released_and_taken_again(remote: RemoteGateway, tmp_path: Path) -> None:
    remote.automation("alpha")
    before = take(remote, "alpha", ended_pid(), timedelta(hours=5))
    lock = remote.automations / LOCK
    with at_night(remote, tmp_path) as terminal:
        ask(terminal, "✗ orphaned", "› Cancel ‹   [ Release ]")
        terminal.press("enter")
        terminal.wait_for(lambda rows: not any("Release a lock" in row for row in rows))
        assert lock.read_bytes() == before
        ask(terminal, "✗ orphaned", "› Cancel ‹   [ Release ]")
        terminal.press("right")
        terminal.wait_for("[ Cancel ]   › Release ‹")
        terminal.press("enter")
        terminal.wait_for(f"✓ Released: {KEY}")
        fresh = take(remote, "bravo", os.getpid())
        terminal.wait_for("by bravo, session cron:bravo")
        terminal.press("esc")
        terminal.wait_for(lambda rows: not any("Release a lock" in row for row in rows))
        terminal.press("U")
        terminal.wait_for(f"{KEY} is locked again, by bravo")
        assert not any("[ Restore ]" in row for row in terminal.screen())
        assert lock.read_bytes() == fresh
        asides = [path for path in lock.parent.iterdir() if path.suffix == ".released"]
        assert [path.read_bytes() for path in asides] == [before]
    entries = [
        path for path in (remote.automations / "logs/dispatcher").iterdir() if "lock-force-released" in path.read_text()
    ]
    assert entries
    audit = tmp_path / "clawtui/audit.jsonl"
    assert audit.stat().st_mode & 0o777 == 0o600
    assert audit.read_text().count('"lock-release"') == 2


def test_a_quiet_lock_is_released_only_by_its_typed_name(remote: RemoteGateway, tmp_path: Path) -> None:
    take(remote, "alpha", os.getpid(), timedelta(seconds=3))
    lock = remote.automations / LOCK
    with at_night(remote, tmp_path, quiet="1s", cols=80, rows=24) as terminal:
        ask(terminal, "~ quiet", f"type {KEY}")
        terminal.send(b"github.com/acme/sit\r")
        terminal.wait_for("github.com/acme/sit ")
        terminal.settle()
        assert lock.exists()
        terminal.send(b"e\r")
        terminal.wait_for(f"✓ Released: {KEY}")
        assert not lock.exists()


def test_a_live_lock_is_refused(remote: RemoteGateway, tmp_path: Path) -> None:
    before = take(remote, "alpha", os.getpid(), timedelta(0))
    with at_night(remote, tmp_path) as terminal:
        ask(terminal, "▸ live", "it is not released here")
        terminal.press("right", "enter")
        terminal.wait_for(lambda rows: not any("Release a lock" in row for row in rows))
        assert (remote.automations / LOCK).read_bytes() == before


def test_a_lock_that_changes_under_the_dialog_is_not_released(remote: RemoteGateway, tmp_path: Path) -> None:
    take(remote, "alpha", ended_pid(), timedelta(hours=1))
    with at_night(remote, tmp_path, cols=80, rows=24) as terminal:
        ask(terminal, "✗ orphaned", "[ Release ]")
        terminal.press("right")
        terminal.wait_for("› Release ‹")
        fresh = take(remote, "bravo", ended_pid())
        terminal.wait_for("This is another lock by now")
        terminal.wait_for("› Cancel ‹   [ Look at this one ]")
        terminal.press("enter")
        terminal.wait_for(lambda rows: not any("Release a lock" in row for row in rows))
        assert (remote.automations / LOCK).read_bytes() == fresh


def test_quitting_right_after_a_release_waits_for_nothing(remote: RemoteGateway, tmp_path: Path) -> None:
    take(remote, "alpha", ended_pid(), timedelta(hours=1))
    with at_night(remote, tmp_path) as terminal:
        ask(terminal, "✗ orphaned", "[ Release ]")
        terminal.press("right", "enter")
        terminal.wait_for("✓ Released")
        terminal.press("ctrl+c")
        assert terminal.wait_exit(5.0) == 0
