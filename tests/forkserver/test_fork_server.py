"""A process that the fork server starts is like one with an interpreter of its own."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cli.processes import environment
from tests.forkserver.client import SERVER
from tests.forkserver.cloning import can_clone
from tests.forkserver.request import CLAWTUI, TAKE_TERMINAL, can_be_served, without_terminal_prefix
from tests.gateway_root import GatewayRoot
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(not can_clone(), reason="this kernel has no CLONE_PARENT, or its number is not known")

PLAIN = {"LANG": "C.UTF-8"}

ATTRIBUTES = r"""
p=/proc/$PPID
tr '\0' '\n' < $p/cmdline
tr '\0' '\n' < $p/environ | sort
readlink $p/cwd
grep -E '^(Umask|Threads|SigBlk|SigIgn|SigCgt|Uid|Gid)' $p/status
ls $p/fd
test "$(ps -o sid= -p $PPID | tr -d ' ')" = $PPID && echo leads a session
date +%z
"""
"""Prints what the parent, which is clawtui, has been given, and the time zone that it passes on."""


@pytest.fixture
def both_ways(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[int, bytes, bytes]]]:
    """Return a function that runs a command through the server and with an interpreter, and returns both answers."""

    def run(*words: str, **options: Any) -> list[tuple[int, bytes, bytes]]:
        answers = []
        for real_only in (False, True):
            monkeypatch.setattr(SERVER, "real_only", real_only)
            before = SERVER.started
            given: dict[str, Any] = {
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                "env": environment(**PLAIN),
            } | options
            done = subprocess.run([*CLAWTUI, *words], timeout=60, check=False, **given)
            assert SERVER.started == before + (not real_only)
            answers.append((done.returncode, done.stdout or b"", done.stderr or b""))
        return answers

    return run


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("status", "--json"),
        ("automation", "show", "sync-main"),
        ("no-such-command",),
        ("automation", "show", "ünïcode"),
    ],
    ids=" ".join,
)
def test_a_command_answers_the_same(
    words: tuple[str, ...], gateway: GatewayRoot, both_ways: Callable[..., list[tuple[int, bytes, bytes]]]
) -> None:
    gateway.automation("sync-main", name="Sync Main")
    served, real = both_ways("--root", str(gateway.root), *words)
    assert served == real
    assert served[1] + served[2]


def test_output_that_cannot_be_written_has_the_same_status(
    gateway: GatewayRoot, both_ways: Callable[..., list[tuple[int, bytes, bytes]]]
) -> None:
    with Path("/dev/full").open("wb") as full:
        served, real = both_ways("--root", str(gateway.root), "status", stdout=full)
    assert served == real
    assert served[0] != 0


def test_the_process_has_been_given_the_same(
    gateway: GatewayRoot, tmp_path: Path, both_ways: Callable[..., list[tuple[int, bytes, bytes]]]
) -> None:
    with (tmp_path / "inherited").open("wb") as inherited:
        number = fcntl.fcntl(inherited.fileno(), fcntl.F_DUPFD_CLOEXEC, 127)
        served, real = both_ways(
            *("--root", str(gateway.root), "lock", "run", "https://github.com/a/b", "--", "sh", "-c", ATTRIBUTES),
            env=PLAIN
            | {"PATH": os.environ["PATH"], "TZ": "Pacific/Chatham", "OWN": "ü \n x", "XDG_STATE_HOME": str(tmp_path)},
            cwd=tmp_path,
            umask=0o27,
            pass_fds=[number],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )
        os.close(number)
    assert served[0] == real[0] == 0, served
    assert served == real
    assert {b"leads a session", str(number).encode(), b"OWN=\xc3\xbc "} < set(served[1].splitlines())


def test_the_process_is_a_child_of_the_tests_and_can_be_killed(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SERVER, "real_only", False)
    command = [*CLAWTUI, "--root", str(gateway.root), "status", "--follow"]
    before = SERVER.started
    with subprocess.Popen(command, env=environment(**PLAIN), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert SERVER.started == before + 1
        started = psutil.Process(process.pid)
        assert started.ppid() == os.getpid()
        assert process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        wait_until(lambda: started.status() == psutil.STATUS_STOPPED)
        process.kill()
        assert process.wait(30) == -signal.SIGKILL


@pytest.mark.parametrize(
    ("changes", "served"),
    [
        ({}, True),
        ({"TZ": "Asia/Tokyo", "NO_COLOR": "1", "COLUMNS": "40", "HOME": "/nowhere"}, True),
        ({"PYTHONUTF8": "1"}, False),
        ({"PYTHONUTF8": ""}, True),
        ({"LD_PRELOAD": "/lib/x.so"}, False),
        ({"TEXTUAL_ANIMATIONS": "none"}, False),
        ({"LC_ALL": "C"}, False),
        ({"LANG": ""}, False),
    ],
    ids=str,
)
def test_what_is_read_at_the_start_needs_an_interpreter(changes: dict[str, str], served: bool) -> None:
    assert can_be_served([*CLAWTUI, "status"], PLAIN | changes) is served


def test_other_programs_need_an_interpreter() -> None:
    assert not can_be_served([CLAWTUI[0], "-X", "importtime", *CLAWTUI[1:]], PLAIN)
    assert not can_be_served(["clawtui", "status"], PLAIN)
    assert without_terminal_prefix([*TAKE_TERMINAL, *CLAWTUI]) == (CLAWTUI, True)
    assert without_terminal_prefix(CLAWTUI) == (CLAWTUI, False)
