"""The evidence of this host about a pid, from real processes."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.liveness.evidence import Host, Process
from clawtui.operations.evidence.host import ThisHost
from clawtui.operations.evidence.processes import find_process, why_hidden
from tests.gateway_root import iso
from tests.model.samples import read
from tests.storage.processes import together
from tests.waiting import wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
NOBODY = 65534


@contextmanager
def sleeping(*arguments: str) -> Iterator[int]:
    """Yield the pid of a process that runs."""
    with subprocess.Popen([*SLEEP, *arguments]) as process:
        try:
            # For an instant after it was started, a process has no command line yet.
            wait_until(psutil.Process(process.pid).cmdline)
            yield process.pid
        finally:
            process.kill()


def ended_pid() -> int:
    """Return the pid of a child that has exited and was waited for."""
    with subprocess.Popen(["true"]) as process:
        process.wait()
        return process.pid


def now() -> datetime:
    return datetime.now(UTC)


def look_for(pid: int) -> Host:
    """Return the evidence of this host about the pid of a lock that was taken now."""
    return ThisHost().describe_holder(read(RepositoryLock, pid=pid, acquiredAt=iso(now())), Path("/tmp"), now())


def test_a_process_is_found_with_its_command_and_its_start() -> None:
    before = now()
    with sleeping() as pid:
        process = find_process(pid)
        assert process is not None
        assert process.started is not None
        assert abs(process.started - before) < timedelta(seconds=5)
        assert process.command is not None
        assert process.command.startswith(Path(sys.executable).name)
        assert not process.ended


def test_a_command_is_shown_without_the_blanks_that_fill_its_arguments() -> None:
    with sleeping("", " " * 40, "end") as pid:
        found = find_process(pid)
    assert found is not None and found.command is not None
    assert "  " not in found.command and found.command.endswith(" end")


def test_a_long_command_is_cut() -> None:
    with sleeping("x" * 500) as pid:
        found = find_process(pid)
    assert found is not None
    assert found.command is not None
    assert found.command.endswith("x…")
    assert len(found.command) == 60


@pytest.mark.parametrize("pid", [2**31 - 1, 2**31, 2**63, 10**300])
def test_an_impossible_pid_is_no_process(pid: int) -> None:
    assert find_process(pid) is None


def test_the_pid_of_a_child_that_was_waited_for_is_free() -> None:
    assert find_process(ended_pid()) is None


def test_a_zombie_has_ended() -> None:
    with subprocess.Popen(["true"]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        found = find_process(process.pid)
    assert found is not None
    assert found.ended


def test_a_process_of_another_user_exists() -> None:
    def look() -> int:
        if os.geteuid() == 0:
            os.setuid(NOBODY)
        return 0 if find_process(1) is not None else 1

    assert together(look) == [0]


def test_this_host_started_before_any_process() -> None:
    host = look_for(os.getpid())
    assert host.booted is not None
    assert host.process is not None
    assert host.process.started is not None
    assert host.booted <= host.process.started
    assert host.name == os.uname().nodename


def _unshare() -> list[str]:
    """Return the command for a pid namespace; skip the test if the kernel does not allow it."""
    tool = shutil.which("unshare")
    for rights in ([], ["--user", "--map-root-user"]):
        command = [tool or "", *rights, "--pid", "--fork", "--kill-child", "--mount-proc"]
        if tool and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
            return command
    pytest.skip("this kernel lets us have no pid namespace")


def test_a_process_in_a_container_is_found_by_the_pid_that_it_has_in_there() -> None:
    if why_hidden() is not None:
        pytest.skip("from here not all processes can be seen")
    inner = next(pid for pid in iter(lambda: random.randrange(20_000, 30_000), None) if not psutil.pid_exists(pid))
    script = f"echo {inner - 1} > /proc/sys/kernel/ns_last_pid; sleep 60 & echo $!; wait"
    with subprocess.Popen([*_unshare(), "sh", "-c", script], stdout=subprocess.PIPE, text=True) as container:
        try:
            assert container.stdout is not None
            assert int(container.stdout.readline()) == inner
            namesake = wait_until(lambda: _namesake_that_runs("sleep 60", inner))
            assert namesake is not None
            assert namesake.pid != inner
        finally:
            container.kill()


def _namesake_that_runs(command: str, pid: int) -> Process | None:
    """Return the evidence about ``pid`` in a container, once it runs ``command``."""
    host = look_for(pid)
    assert host.process is None
    return host.namesake if host.namesake is not None and host.namesake.command == command else None
