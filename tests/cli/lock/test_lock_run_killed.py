"""``clawtui lock run`` that is killed: what it holds is held until the last process of its command is gone."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.model.liveness.verdict import LockJudgement
from clawtui.operations.locks.lock_run import run_locked
from clawtui.operations.locks.report import judged_locks
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.locks.expired_lock import TakenBack
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from tests.cli.processes import PROJECT, environment
from tests.gateway_root import GatewayRoot
from tests.operations.evidence.test_processes import ended_pid
from tests.waiting import wait_until

URL = "git@github.com:user/repo.git"
KEY = "github.com/user/repo"
LOCK = "locks/github.com-user-repo.lock"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="locks of open files, and prctl, are Linux's")

HOLD = "echo $$ > ROOT/pid; exec sleep 60"
HOLD_IN_BACKGROUND = "sleep 60 & echo $! > ROOT/pid; kill -9 $PPID; exit 0"
CLOSE_ALL = "import os, time; os.closerange(3, 256); open('ROOT/pid', 'w').write(str(os.getpid())); time.sleep(60)"


def clawtui(gateway: GatewayRoot, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "clawtui", "--root", str(gateway.root), *arguments],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def holding(gateway: GatewayRoot, *command: str, flags: tuple[str, ...] = ()) -> Iterator[subprocess.Popen[bytes]]:
    """Yield ``lock run`` while it runs ``command``; kill the process whose pid is in the file ``pid`` at the end."""
    words = [word.replace("ROOT", str(gateway.root)) for word in command]
    process = subprocess.Popen(
        [sys.executable, "-m", "clawtui", "--root", str(gateway.root), "lock", "run", *flags, URL, "--", *words],
        cwd=PROJECT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if (pid := pid_of(gateway)) is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def pid_of(gateway: GatewayRoot) -> int | None:
    path = gateway.root / "pid"
    text = path.read_text().strip() if path.exists() else ""
    return int(text) if text else None


def wait_for_pid(gateway: GatewayRoot) -> int:
    """Return the process that has written its pid."""
    return wait_until(lambda: pid_of(gateway)) or 0


def wait_for_end(pid: int) -> None:
    wait_until(lambda: not is_there(pid))


def is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def judged(gateway: GatewayRoot, later: timedelta = timedelta(0)) -> LockJudgement:
    (one,) = judged_locks(read_fleet(StatePaths(gateway.root)), datetime.now(UTC) + later).values()
    return one


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


COMMANDS = {
    "the command": ("sh", "-c", HOLD),
    "what it has left in the background": ("sh", "-c", HOLD_IN_BACKGROUND),
    "one that closes what it inherits": (sys.executable, "-c", CLOSE_ALL),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_a_lock_is_live_until_the_last_process_of_its_command_is_gone(
    gateway: GatewayRoot, command: tuple[str, ...]
) -> None:
    with holding(gateway, *command) as process:
        pid = wait_for_pid(gateway)
        kill(process)
        for later in (timedelta(0), timedelta(hours=3), timedelta(days=3)):
            assert judged(gateway, later).verdict == "live"
        second = clawtui(gateway, "lock", "run", URL, "--", "touch", str(gateway.root / "ran"))
        assert second.returncode == 3
        assert ": live; nothing was run" in second.stderr
        assert clawtui(gateway, "lock", "release", KEY, "--yes").returncode == 3
        assert clawtui(gateway, "lock", "release", KEY, "--yes", "--force").returncode == 3
        clawtui(gateway, "doctor", "--fix", "--yes")
        assert (gateway.automations / LOCK).exists()
        assert not (gateway.root / "ran").exists()
        os.kill(pid, signal.SIGKILL)
        wait_for_end(pid)
        assert judged(gateway).verdict == "orphaned"
        assert clawtui(gateway, "lock", "release", KEY, "--yes").returncode == 0


def test_an_expired_lock_is_not_taken_back_while_its_command_runs(gateway: GatewayRoot, tmp_path: Path) -> None:
    later = datetime.now(UTC) + timedelta(days=3)
    with holding(gateway, "sh", "-c", HOLD) as process:
        wait_for_pid(gateway)
        kill(process)
        taken: list[TakenBack] = []
        manager = RepositoryLockManager(StatePaths(gateway.root))
        lock = manager.acquire(
            URL,
            "a",
            "cron:a",
            now=later,
            pid=1,
            hostname="here",
            timeout=timedelta(hours=1),
            on_taken_back=taken.append,
        )
        assert (lock, taken) == (None, [])


def test_the_gateway_of_the_design_can_read_the_lock(gateway: GatewayRoot) -> None:
    with holding(gateway, "sh", "-c", HOLD) as process:
        pid = wait_for_pid(gateway)
        lock = json.loads((gateway.automations / LOCK).read_text())
        assert list(lock)[:8] == [
            *("repoUrl", "repoKey", "automationId", "sessionId", "acquiredAt", "pid", "hostname", "lockType")
        ]
        assert (lock["pid"], lock["commandPid"]) == (process.pid, pid)
        assert lock["commandStartTicks"] >= lock["startTicks"]


def _hold_in_this_process(root: Path, command: str, die_with_me: bool) -> None:
    run_locked(StatePaths(root), URL, ["sh", "-c", command], clock=lambda: datetime.now(UTC), die_with_me=die_with_me)


def _killed_around_the_acquisition(gateway: GatewayRoot, command: str, *, die_with_me: bool) -> int | None:
    """Run ``command`` with the lock held in a process of its own, and kill that; return the pid in the lock."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_hold_in_this_process, args=(gateway.root, command, die_with_me))
    process.start()
    lock = gateway.automations / LOCK
    while not lock.exists() and process.is_alive():
        time.sleep(0.0005)
    time.sleep(random.choice((0, 0, 0.001, 0.002, 0.02, 0.1)))
    process.kill()
    process.join()
    return int(json.loads(lock.read_text())["commandPid"]) if lock.exists() else None


@pytest.mark.exhaustive
def test_a_kill_at_any_instant_never_lets_two_commands_run_at_once(gateway: GatewayRoot) -> None:
    """Kill it a hundred times around the instant at which the lock is taken; each command checks for another one.

    A lock goes as soon as it counts as one that cannot be alive, as an operator would have it.
    """
    random.seed(11)
    alive = gateway.root / "alive"
    alive.mkdir()
    look = 'for other in ALIVE/*; do [ -e "$other" ] && touch ROOT/overlap; done; : > ALIVE/$$; sleep 0.2; rm ALIVE/$$'
    command = look.replace("ALIVE", str(alive)).replace("ROOT", str(gateway.root))
    lock = gateway.automations / LOCK
    ran = 0
    for _ in range(100):
        _killed_around_the_acquisition(gateway, command, die_with_me=False)
        ran += bool(list(alive.iterdir()))
        while lock.exists():
            if judged(gateway).verdict == "orphaned":
                lock.unlink()
        assert not (gateway.root / "overlap").exists()
    assert ran


def test_with_die_with_me_the_command_ends_with_it(gateway: GatewayRoot) -> None:
    with holding(gateway, "sh", "-c", HOLD, flags=("--die-with-me",)) as process:
        pid = wait_for_pid(gateway)
        kill(process)
        wait_for_end(pid)
        assert judged(gateway).verdict == "orphaned"


@pytest.mark.exhaustive
def test_die_with_me_leaves_no_process_after_a_kill_at_any_instant(gateway: GatewayRoot) -> None:
    """Kill it a hundred times around the instant at which the lock is taken, often before the command has begun."""
    random.seed(12)
    lock = gateway.automations / LOCK
    for _ in range(100):
        pid = _killed_around_the_acquisition(gateway, "exec sleep 60", die_with_me=True)
        assert pid is not None
        wait_for_end(pid)
        assert judged(gateway).verdict == "orphaned"
        lock.unlink()


def test_a_pid_that_another_process_has_by_now_keeps_nothing(gateway: GatewayRoot) -> None:
    with holding(gateway, "sh", "-c", HOLD) as process:
        wait_for_pid(gateway)
        lock = json.loads((gateway.automations / LOCK).read_text())
        kill(process)
    for changes in ({"commandPid": os.getpid()}, {"commandPid": ended_pid()}):
        gateway.write_json(LOCK, lock | changes)
        assert judged(gateway).verdict == "orphaned"
