"""``clawtui lock run``: a command with a lock held, as a separate process."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.operations.locks.lock_run import run_locked
from clawtui.operations.locks.report import judged_locks
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths
from tests.cli.calls import Caller
from tests.e2e.terminal import Terminal
from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid, sleeping
from tests.waiting import wait_until

URL = "git@github.com:user/repo.git"
KEY = "github.com/user/repo"
LOCK = "locks/github.com-user-repo.lock"

SIGNAL_COUNTER = """
import signal, sys, time
seen = []
signal.signal(int(sys.argv[1]), lambda number, frame: seen.append(number))
print("ready", flush=True)
while not seen:
    time.sleep(0.01)
time.sleep(0.1)
print("got", len(seen), flush=True)
sys.exit(42)
"""


def command_line(gateway: GatewayRoot, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "clawtui", "--root", str(gateway.root), "lock", "run", *arguments]


def run(gateway: GatewayRoot, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command_line(gateway, *arguments), capture_output=True, text=True, check=False)


@contextmanager
def running(gateway: GatewayRoot, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command_line(gateway, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lock_path(gateway: GatewayRoot) -> Path:
    return gateway.automations / LOCK


def now() -> datetime:
    return datetime.now(UTC)


def test_the_lock_is_held_while_the_command_runs_and_the_exit_status_is_the_command_s(gateway: GatewayRoot) -> None:
    result = run(gateway, URL, "--", "sh", "-c", f"cat {lock_path(gateway)}; exit 7")
    assert (result.returncode, result.stderr) == (7, "")
    lock = json.loads(result.stdout)
    assert lock["repoKey"] == KEY
    assert lock["automationId"] == "clawtui-lock-run"
    assert lock["sessionId"].startswith("manual:")
    assert lock["hostname"] == os.uname().nodename
    assert not lock_path(gateway).exists()


def test_options_of_the_command_are_its_own(gateway: GatewayRoot) -> None:
    result = run(gateway, URL, "--", "printf", "%s|", "--wait", "--", "--help", "-x")
    assert (result.returncode, result.stdout) == (0, "--wait|--|--help|-x|")


def test_its_lock_is_live_until_the_command_ends(gateway: GatewayRoot) -> None:
    with running(gateway, URL, "--", "sleep", "60") as process:
        wait_until(lock_path(gateway).exists)
        (judged,) = judged_locks(read_fleet(StatePaths(gateway.root)), now() + timedelta(hours=2)).values()
        assert judged.verdict == "live"
        command = json.loads(lock_path(gateway).read_text())["commandPid"]
        process.kill()
        process.wait()
        os.kill(command, signal.SIGKILL)

        def verdict() -> str:
            (judged,) = judged_locks(read_fleet(StatePaths(gateway.root)), now()).values()
            return judged.verdict

        wait_until(lambda: verdict() == "orphaned")


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["sh", "-c", "kill -KILL $$"], 137),
        (["no-such-command-anywhere"], 127),
        (["/"], 126),
    ],
)
def test_however_the_command_ends_the_lock_is_released(gateway: GatewayRoot, command: list[str], status: int) -> None:
    result = run(gateway, URL, "--", *command)
    assert result.returncode == status
    assert "Traceback" not in result.stderr
    assert not lock_path(gateway).exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_are_passed_on(gateway: GatewayRoot, number: signal.Signals) -> None:
    with running(gateway, URL, "--", sys.executable, "-c", SIGNAL_COUNTER, str(int(number))) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == "got 1\n"
        assert process.wait() == 42
    assert not lock_path(gateway).exists()


def test_an_interrupt_from_the_terminal_reaches_the_command_once(gateway: GatewayRoot) -> None:
    command = command_line(gateway, URL, "--", sys.executable, "-c", SIGNAL_COUNTER, str(int(signal.SIGINT)))
    with Terminal(command) as terminal:
        terminal.wait_for("ready")
        terminal.send(b"\x03")
        assert terminal.wait_exit() == 42
        assert "got 1" in terminal.text
    assert not lock_path(gateway).exists()


def test_no_signal_is_blocked_or_ignored_for_the_command(gateway: GatewayRoot) -> None:
    result = run(gateway, URL, "--", "grep", "-E", "SigBlk|SigIgn", "/proc/self/status")
    blocked, ignored = (int(line.split()[1], 16) for line in result.stdout.splitlines())
    assert blocked == 0
    assert ignored & (1 << (signal.SIGPIPE - 1)) == 0


def test_a_repository_that_is_locked_is_refused_and_its_holder_named(gateway: GatewayRoot) -> None:
    gateway.lock(KEY, "sync-main", pid=ended_pid(), acquiredAt=iso(now()))
    before = lock_path(gateway).read_bytes()
    result = run(gateway, URL, "--", "touch", str(gateway.root / "ran"))
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr.startswith(f"clawtui: {KEY} is locked by sync-main (session cron:sync-main, pid ")
    assert ": orphaned; nothing was run" in result.stderr
    assert not (gateway.root / "ran").exists()
    assert lock_path(gateway).read_bytes() == before


def test_an_unreadable_file_counts_as_a_lock(gateway: GatewayRoot) -> None:
    gateway.write(LOCK, "")
    result = run(gateway, URL, "--", "true")
    assert result.returncode == 3
    assert f"{LOCK} is empty, which counts as a lock" in result.stderr


def test_an_expired_lock_is_taken_back_unless_its_run_is_alive(gateway: GatewayRoot) -> None:
    gateway.lock(KEY, "sync-main", pid=ended_pid(), acquiredAt=iso(now() - timedelta(hours=5)))
    assert run(gateway, URL, "--", "true").returncode == 0
    assert not lock_path(gateway).exists()
    gateway.dispatcher(lockTimeoutHours=1)
    with sleeping() as pid:
        gateway.lock(KEY, "sync-main", pid=pid, acquiredAt=iso(now() - timedelta(hours=2)))
        gateway.state("sync-main", startTime=iso(now()), lastUpdate=iso(now() + timedelta(minutes=1)))
        result = run(gateway, URL, "--", "true")
    assert result.returncode == 3
    assert ": live; nothing was run" in result.stderr


@pytest.mark.parametrize("changes", [{"version": 2}, {"lockTimeoutHours": 48}, {"lockTimeoutHours": "12"}])
def test_a_lock_is_not_taken_back_where_the_timeout_cannot_be_read(
    gateway: GatewayRoot, changes: dict[str, object]
) -> None:
    gateway.dispatcher(**changes)
    path = gateway.lock(KEY, "sync-main", hostname="elsewhere", acquiredAt=iso(now() - timedelta(hours=60)))
    result = run(gateway, URL, "--", "true")
    assert result.returncode == 3
    assert "Its expiry is unknown" in result.stderr
    assert path.exists()


def test_an_expired_lock_is_reported_and_can_be_restored(gateway: GatewayRoot) -> None:
    path = gateway.lock(KEY, "sync-main", hostname="elsewhere", acquiredAt=iso(now() - timedelta(hours=5)))
    content = path.read_bytes()
    result = run(gateway, URL, "--", "true")
    assert result.returncode == 0
    assert f"took back the lock of {KEY} from sync-main" in result.stderr
    assert not path.exists()
    restored = subprocess.run(
        [sys.executable, "-m", "clawtui", "--root", str(gateway.root), "lock", "restore", KEY, "--yes"], check=False
    )
    assert restored.returncode == 0
    assert path.read_bytes() == content


def test_it_waits_for_the_lock(gateway: GatewayRoot) -> None:
    with sleeping() as pid:
        path = gateway.lock(KEY, "sync-main", pid=pid, acquiredAt=iso(now()))
        with running(gateway, "--wait", "30", URL, "--", "echo", "ran") as process:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.7)
            path.unlink()
            out, err = process.communicate()
    assert (process.returncode, out, err) == (0, "ran\n", "")


def test_it_gives_up_waiting_in_time(gateway: GatewayRoot) -> None:
    gateway.lock(KEY, "sync-main", hostname="elsewhere", acquiredAt=iso(now()))
    assert run(gateway, "--wait", "0.2", URL, "--", "true").returncode == 3


def test_an_interrupt_ends_the_waiting(gateway: GatewayRoot) -> None:
    gateway.lock(KEY, "sync-main", hostname="elsewhere", acquiredAt=iso(now()))
    looks = itertools.count()

    def interrupted_at_the_second_look() -> float:
        if next(looks):
            signal.raise_signal(signal.SIGINT)
        return 0.0

    with pytest.raises(KeyboardInterrupt):
        run_locked(
            StatePaths(gateway.root), URL, ["true"], clock=now, wait=30, monotonic=interrupted_at_the_second_look
        )


def _replace(gateway: GatewayRoot) -> str:
    fresh = gateway.lock(KEY, "sync-main", "locks/fresh", acquiredAt=iso(now()))
    return f"mv {fresh} {lock_path(gateway)}"


def _remove(gateway: GatewayRoot) -> str:
    return f"rm {lock_path(gateway)}"


@pytest.mark.parametrize("meddle", [_replace, _remove])
def test_a_lock_of_another_holder_is_not_released(gateway: GatewayRoot, meddle: Callable[[GatewayRoot], str]) -> None:
    result = run(gateway, URL, "--", "sh", "-c", f"{meddle(gateway)}; exit 5")
    assert result.returncode == 5
    assert (
        "belongs to another holder by now, and stays" if meddle is _replace else "was released meanwhile"
    ) in result.stderr
    assert lock_path(gateway).exists() == (meddle is _replace)


def test_exactly_one_of_many_runs_at_a_time(gateway: GatewayRoot) -> None:
    log = gateway.root / "log"
    enter_and_leave = f"echo in >> {log}; sleep 0.02; echo out >> {log}"
    runs = [
        subprocess.Popen(command_line(gateway, "--wait", "60", URL, "--", "sh", "-c", enter_and_leave))
        for _ in range(3)
    ]
    assert [process.wait() for process in runs] == [0] * 3
    assert log.read_text() == "in\nout\n" * 3


@pytest.mark.parametrize(
    ("arguments", "status", "expected"),
    [
        (["not-an-address", "--", "true"], 2, "“not-an-address” is not a repository address"),
        ([URL], 2, "Missing argument"),
        ([URL, "--wait", "-1", "--", "true"], 2, "--wait"),
    ],
)
def test_a_wrong_command_line_is_a_usage_error(call: Caller, arguments: list[str], status: int, expected: str) -> None:
    answer = call("lock", "run", *arguments)
    assert answer.status == status
    assert expected in answer.err
    assert call.files() == {}


def test_read_only_runs_nothing(call: Caller) -> None:
    answer = call("lock", "run", URL, "--", "true", read_only=True)
    assert answer.status == 3
    assert call.files() == {}
