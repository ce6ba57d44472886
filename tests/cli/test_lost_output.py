"""An act is done and has its exit status, whether its output can be written or not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest

from clawtui.cli.framework.command import Command
from clawtui.cli.main import main
from tests.cli.framework.test_framework import commands
from tests.cli.processes import PROJECT, environment, read_until
from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid
from tests.waiting import wait_until

KEY = "github.com/user/repo"
LOCK = "locks/github.com-user-repo.lock"
CONFIG = "config/smart-sync-fork/a-b.json"
OLD_LOG = "logs/sessions/2020-01-01.jsonl"
ASIDE = f"{LOCK}.{datetime.now(UTC):%Y%m%dT%H%M%SZ}.1.00000000.released"


@dataclass(frozen=True)
class Act:
    """A command that changes something."""

    arguments: str
    prepare: Callable[[GatewayRoot], object]
    is_done: Callable[[GatewayRoot], bool]


def there(relative: str) -> Callable[[GatewayRoot], bool]:
    return lambda gateway: (gateway.automations / relative).exists()


def gone(relative: str) -> Callable[[GatewayRoot], bool]:
    return lambda gateway: not (gateway.automations / relative).exists()


def says(relative: str, text: str) -> Callable[[GatewayRoot], bool]:
    return lambda gateway: text in (gateway.automations / relative).read_text()


def dead_lock(gateway: GatewayRoot) -> Path:
    return gateway.lock(KEY, "a-b", pid=ended_pid(), acquiredAt=iso(datetime.now(UTC)))


def released_lock(gateway: GatewayRoot) -> None:
    dead_lock(gateway).rename(gateway.automations / ASIDE)


def dead_slot(gateway: GatewayRoot) -> None:
    slot = {"automationId": "a-b", "sessionId": "cron:a-b", "acquiredAt": iso(datetime.now(UTC) - timedelta(days=2))}
    gateway.slots(slot | {"slotNumber": 1})
    gateway.state("a-b", status="failed", lastUpdate=iso(datetime.now(UTC) - timedelta(days=1)))


def exported(gateway: GatewayRoot) -> None:
    document = json.loads(
        subprocess.run(
            [sys.executable, "-m", "clawtui", "export", "-", "--root", str(_other(gateway).root)],
            cwd=PROJECT,
            env=environment(),
            capture_output=True,
            check=True,
        ).stdout
    )
    (gateway.root / "all.json").write_text(json.dumps(document))


def _other(gateway: GatewayRoot) -> GatewayRoot:
    other = GatewayRoot(gateway.root / "other")
    other.automation("a-b")
    return other


def wide_open(gateway: GatewayRoot) -> None:
    gateway.automation("a-b").chmod(0o644)


def old_log(gateway: GatewayRoot) -> None:
    path = gateway.write(OLD_LOG, "{}\n")
    os.utime(path, (1577880000, 1577880000))


ACTS: Mapping[str, Act] = {
    "automation create": Act(
        "automation create --yes",
        lambda g: g.automation("a-b"),
        there("config/smart-sync-fork/an-automation.json"),
    ),
    "automation delete": Act("automation delete a-b --yes", lambda g: g.automation("a-b"), gone(CONFIG)),
    "automation disable": Act("automation disable a-b", lambda g: g.automation("a-b"), says(CONFIG, "false")),
    "automation duplicate": Act(
        "automation duplicate a-b c-d", lambda g: g.automation("a-b"), there("config/smart-sync-fork/c-d.json")
    ),
    "automation edit": Act("automation edit a-b --yes", lambda g: g.automation("a-b"), says(CONFIG, "trunk")),
    "automation enable": Act(
        "automation enable a-b", lambda g: g.automation("a-b", enabled=False), says(CONFIG, "true")
    ),
    "automation run-now": Act("automation run-now a-b", lambda g: g.automation("a-b"), says(CONFIG, "nextRun")),
    "automation snooze": Act("automation snooze a-b 2h", lambda g: g.automation("a-b"), says(CONFIG, "nextRun")),
    "dispatcher edit": Act(
        "dispatcher edit --yes",
        lambda g: g.dispatcher(logLevel="debug"),
        says("config/dispatcher.json", '"logLevel": "error"'),
    ),
    "doctor": Act("doctor --fix --yes", wide_open, lambda g: (g.automations / CONFIG).stat().st_mode & 0o777 == 0o600),
    "import": Act("import ROOT/all.json", exported, there(CONFIG)),
    "lock release": Act(f"lock release {KEY} --yes", dead_lock, gone(LOCK)),
    "lock restore": Act(f"lock restore {KEY} --yes", released_lock, there(LOCK)),
    "lock run": Act(f"lock run https://{KEY} -- touch ROOT/automations/ran", lambda g: None, there("ran")),
    "migrate": Act("migrate", lambda g: g.dispatcher(version=0), says("config/dispatcher.json", '"version": 1')),
    "prune": Act("prune", old_log, gone(OLD_LOG)),
    "slot free": Act("slot free 1 --yes", dead_slot, says("config/concurrency-state.json", '"activeSlots": []')),
    "workspace clean": Act(
        "workspace clean a-b --yes", lambda g: g.state("a-b", status="failed"), gone("workspaces/a-b")
    ),
}


@contextmanager
def no_reader() -> Iterator[int]:
    """Yield the writing end of a pipe without a reader."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)


@contextmanager
def full_disk() -> Iterator[int]:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        yield full
    finally:
        os.close(full)


@contextmanager
def full_pipe() -> Iterator[int]:
    """Yield the writing end of a full pipe that nothing reads."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        while os.write(writing, bytes(4096)):
            pass
    except BlockingIOError:
        os.set_blocking(writing, True)
    try:
        yield writing
    finally:
        os.close(reading)
        os.close(writing)


def command_line(gateway: GatewayRoot, arguments: str) -> list[str]:
    words = arguments.replace("ROOT", str(gateway.root)).split()
    return [sys.executable, "-m", "clawtui", "--root", str(gateway.root), *words]


EDITOR = environment(EDITOR="sed -i -e s/main/trunk/ -e s/my-auto/an-auto/ -e s/debug/error/")


def status_of(
    gateway: GatewayRoot, arguments: str, stdout: int | None, stderr: int | None, close: tuple[int, ...] = ()
) -> int:
    def close_in_child() -> None:
        for number in close:
            os.close(number)

    return subprocess.run(
        command_line(gateway, arguments),
        cwd=PROJECT,
        env=EDITOR,
        stdin=subprocess.DEVNULL,
        stdout=stdout if stdout is not None else subprocess.DEVNULL,
        stderr=stderr if stderr is not None else subprocess.DEVNULL,
        preexec_fn=close_in_child,
        timeout=60,
        check=False,
    ).returncode


def test_every_command_that_changes_something_is_here() -> None:
    def may_change(command: click.Command) -> bool:
        options = {parameter.name for parameter in command.params}
        return isinstance(command, Command) and (command.changes or bool(options & {"dry_run", "fix"}))

    assert {name for name, command in commands(main) if may_change(command)} == set(ACTS)


@pytest.mark.exhaustive
@pytest.mark.parametrize("flags", ["", " --json"])
@pytest.mark.parametrize("name", ACTS)
def test_a_change_is_made_even_if_its_output_is_lost(gateway: GatewayRoot, name: str, flags: str) -> None:
    if name == "lock run":
        flags = ""
    act = ACTS[name]
    statuses = {}
    kinds = (
        ("none", "output", "full") if flags else ("none", "both", "output", "full", "both-full", "closed", "all-closed")
    )
    for broken in kinds:
        of_this = GatewayRoot(gateway.root / broken)
        of_this.automations.mkdir(parents=True)
        act.prepare(of_this)
        assert not act.is_done(of_this)
        with no_reader() as pipe, full_disk() as full:
            out = {"output": pipe, "both": pipe, "full": full, "both-full": full}.get(broken)
            err = {"both": pipe, "both-full": full}.get(broken)
            close = {"closed": (1,), "all-closed": (0, 1, 2)}.get(broken, ())
            statuses[broken] = status_of(of_this, act.arguments + flags, out, err, close)
        assert act.is_done(of_this), broken
    assert statuses["none"] == (1 if name == "doctor" else 0)  # it finds more than it may mend
    assert len(set(statuses.values())) == 1, statuses


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lock release", "slot free"])
@pytest.mark.parametrize("reader", ["true", "head -1", "head -c 1", "sh -c 'exec <&-; sleep 0.1'"])
def test_a_closed_pipe_does_not_stop_an_act(gateway: GatewayRoot, name: str, reader: str) -> None:
    for number in range(2):
        of_this = GatewayRoot(gateway.root / str(number))
        of_this.automations.mkdir(parents=True)
        ACTS[name].prepare(of_this)
        line = " ".join(command_line(of_this, ACTS[name].arguments))
        script = f"{line} | {reader} >/dev/null; exit ${{PIPESTATUS[0]}}"
        result = subprocess.run(
            ["bash", "-c", script],
            cwd=PROJECT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        assert ACTS[name].is_done(of_this)


@pytest.mark.parametrize("name", ["lock release", "slot free"])
def test_a_reader_who_takes_nothing_holds_up_no_act(gateway: GatewayRoot, name: str) -> None:
    ACTS[name].prepare(gateway)
    with full_pipe() as pipe:
        process = subprocess.Popen(
            command_line(gateway, ACTS[name].arguments),
            cwd=PROJECT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=pipe,
            stderr=subprocess.DEVNULL,
        )
        with process:
            try:
                wait_until(lambda: ACTS[name].is_done(gateway))
            finally:
                process.kill()


def test_a_refusal_has_its_status_with_a_closed_pipe(gateway: GatewayRoot) -> None:
    path = gateway.lock(KEY, "a-b", acquiredAt=iso(datetime.now(UTC)))
    with no_reader() as pipe:
        assert status_of(gateway, f"lock release {KEY} --yes", pipe, None) == 3
        assert status_of(gateway, f"lock release {KEY} --yes", pipe, pipe) == 3
    assert path.exists()


def test_doctor_has_its_status_with_a_closed_pipe(gateway: GatewayRoot) -> None:
    dead_lock(gateway)
    line = " ".join(command_line(gateway, "doctor"))
    for reader in ("true", "head -1", "cat"):
        result = subprocess.run(
            ["bash", "-c", f"{line} 2>&1 | {reader} >/dev/null; exit ${{PIPESTATUS[0]}}"],
            cwd=PROJECT,
            env=environment(),
            check=False,
        )
        assert result.returncode == 1
    with no_reader() as pipe, full_disk() as full:
        assert [status_of(gateway, "doctor", out, out) for out in (pipe, full)] == [1, 1]


def test_an_export_into_a_closed_pipe_fails(gateway: GatewayRoot) -> None:
    gateway.automation("a-b")
    with no_reader() as pipe, full_disk() as full:
        assert [status_of(gateway, "export -", out, None) for out in (pipe, full)] == [1, 1]


def test_a_command_that_only_shows_fails_on_a_full_disk_but_not_with_a_closed_pipe(gateway: GatewayRoot) -> None:
    gateway.automation("a-b")
    with no_reader() as pipe, full_disk() as full:
        for arguments in ("automation list", "automation list --json", "--help", "status --help", "--version"):
            with tempfile.TemporaryFile() as errors:
                assert status_of(gateway, arguments, full, errors.fileno()) == 1, arguments
                errors.seek(0)
                assert errors.read() == b"clawtui: the output could not be written: no space left on device\n"
            assert status_of(gateway, arguments, pipe, None) in (0, 1), arguments


def test_a_confirmed_act_is_done_although_its_output_is_lost(
    gateway: GatewayRoot,
) -> None:
    path = gateway.automation("a-b")
    with no_reader() as pipe:
        line = f"exec {' '.join(command_line(gateway, 'automation delete a-b'))} >&{pipe}"
        os.set_inheritable(pipe, True)
        with on_shell(line, pipe) as (process, terminal):
            assert b"[y/N]" in read_until(terminal, b"[y/N]")
            os.write(terminal, b"y\n")
            read_until(terminal)
            assert process.wait() == 0
    assert not path.exists()


@contextmanager
def on_shell(line: str, kept: int) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Yield a shell on a terminal of its own, and the descriptor of the terminal's other end."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        ["bash", "-c", line],
        cwd=PROJECT,
        env=environment(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        pass_fds=(kept,),
        start_new_session=True,
    )
    os.close(theirs)
    with process:
        try:
            yield process, ours
        finally:
            process.kill()
            os.close(ours)
