"""The contract's verdicts, one test for each row, with real processes and files, as ``clawtui lock`` prints them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.operations.evidence.host import ThisHost
from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid, sleeping

KEY = "github.com/user/repo"
LOCK = "locks/github.com-user-repo.lock"
ID = "sync-main"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def pid() -> Iterator[int]:
    """Yield the pid of a process that runs."""
    with sleeping() as pid:
        yield pid


def verdict(gateway: GatewayRoot, now: datetime, *, takes: str) -> list[str]:
    """The verdict and the facts, as list and show say alike; and that a release without more than ``takes`` is
    refused, and with it is done.
    """
    call = Caller(gateway, now)
    (row,) = call("lock", "list", "--json").json
    shown = call("lock", "show", LOCK, "--json").json
    assert (row["verdict"], row["facts"], row["fingerprint"]) == (
        shown["verdict"],
        shown["facts"],
        shown["fingerprint"],
    )
    flags = takes.split()
    assert call("lock", "release", LOCK, *flags[:-1]).status == 3
    assert call("lock", "list", "--json").json == [row], "nothing was done"
    assert call("lock", "release", LOCK, *flags).status == 0
    assert call("lock", "list", "--json").json == []
    assert call("lock", "restore", LOCK, "--yes").status == 0
    assert call("lock", "list", "--json").json == [row], "it is back as it was, to the fingerprint"
    return [row["verdict"], *row["facts"]]


def test_a_dead_pid(gateway: GatewayRoot, now: datetime) -> None:
    dead = ended_pid()
    gateway.lock(KEY, ID, pid=dead, acquiredAt=iso(now))
    assert verdict(gateway, now, takes="--yes")[:2] == ["orphaned", f"pid {dead} is gone"]


def test_a_pid_that_another_process_has_by_now(gateway: GatewayRoot, now: datetime, pid: int) -> None:
    gateway.lock(KEY, ID, pid=pid, acquiredAt=iso(now - MINUTE))
    judged, fact, *_ = verdict(gateway, datetime.now(UTC), takes="--yes")
    assert judged == "orphaned"
    assert fact.startswith(f"pid {pid} (python")
    assert fact.endswith(": another process")


def test_a_lock_older_than_the_boot(
    gateway: GatewayRoot, now: datetime, pid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = now + MINUTE
    booted = taken + 10 * MINUTE
    monkeypatch.setattr(ThisHost, "_booted", booted)
    monkeypatch.setattr("clawtui.operations.evidence.host.earlier_clocks", lambda booted, now: ())
    gateway.lock(KEY, ID, pid=pid, acquiredAt=iso(taken))
    judged, *facts = verdict(gateway, booted + MINUTE, takes="--yes")
    assert judged == "orphaned"
    assert any(fact.startswith("this host started ") and "after the lock was taken" in fact for fact in facts)


def test_a_live_process_with_a_fresh_run(gateway: GatewayRoot, now: datetime, pid: int) -> None:
    later = now + HOUR
    gateway.lock(KEY, ID, pid=pid, acquiredAt=iso(now))
    gateway.state(ID, startTime=iso(now), lastUpdate=iso(later - MINUTE))
    judged, fact, *_, last = verdict(gateway, later, takes="--yes --force-live")
    assert (judged, "is there" in fact) == ("live", True)
    assert last.startswith("last sign of life 1m ago, at ")
    assert last.endswith("in state.json")


def test_a_live_process_with_a_silent_run(gateway: GatewayRoot, now: datetime, pid: int) -> None:
    later = now + HOUR
    gateway.lock(KEY, ID, pid=pid, acquiredAt=iso(now))
    gateway.state(ID, startTime=iso(now), lastUpdate=iso(now + 10 * MINUTE))
    judged, fact, *_, last = verdict(gateway, later, takes="--yes --force")
    assert (judged, "is there" in fact) == ("quiet", True)
    assert last.endswith("in state.json: silent for longer than 15m")


def test_another_host(gateway: GatewayRoot, now: datetime, pid: int) -> None:
    gateway.lock(KEY, ID, pid=pid, hostname="gateway-2", acquiredAt=iso(now))
    here = os.uname().nodename
    judged, fact, *_ = verdict(gateway, now, takes="--yes --force")
    assert (judged, fact) == ("foreign", f"pid {pid} on gateway-2 holds it, and this is {here}")


def _link(path: Path) -> None:
    real = path.with_name("real")
    real.write_text("{}")
    path.symlink_to(real)


def _link_into_nothing(path: Path) -> None:
    path.symlink_to("/nowhere")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path.write_text("{ not a lock"), "is not JSON5: "),
        (lambda path: path.write_text("{}"), "repoUrl is missing (and 7 more faults)"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "is not UTF-8 at byte 0"),
        (_link, "is a symbolic link, which is never followed"),
        (_link_into_nothing, "is a symbolic link, which is never followed"),
        (os.mkfifo, "is not a regular file"),
        (Path.mkdir, "is a directory where a file should be"),
        (Path.touch, "is empty"),
        (lambda path: path.write_bytes(b" " * 2**20), "is 1,048,576 bytes, more than the 65,536 that are read"),
    ],
    ids=["unparseable", "no lock", "not UTF-8", "link", "dangling link", "FIFO", "directory", "empty", "1 MB"],
)
def test_a_file_that_is_no_lock_is_invalid(
    gateway: GatewayRoot, now: datetime, make: Callable[[Path], object], why: str
) -> None:
    path = gateway.automations / LOCK
    path.parent.mkdir()
    make(path)
    judged, fact = verdict(gateway, now, takes="--yes --force")
    assert judged == "invalid"
    assert fact.startswith(f"not a readable lock: {why}")


def test_a_lock_that_may_not_be_read(unprivileged: GatewayRoot, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(unprivileged.root / "own"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(unprivileged.root / "own"))
    unprivileged.lock(KEY, ID).chmod(0)
    judged, fact = verdict(unprivileged, now, takes="--yes --force")
    assert (judged, fact) == ("invalid", "not a readable lock: permission denied")
