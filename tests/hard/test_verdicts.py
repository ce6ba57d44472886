"""The verdict on the lock of a real process, a row a setup: where it runs, what it does, and from where it is seen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.operations.evidence.boot_clock import boot_time
from clawtui.operations.evidence.host import identity_of
from clawtui.operations.evidence.processes import why_hidden
from tests.cli.forked import Answer, run_each
from tests.cli.processes import PROJECT, environment
from tests.gateway_root import GatewayRoot
from tests.hard.lock_holder import ID, KEY
from tests.waiting import wait_until

LOCK = f"locks/{KEY.replace('/', '-')}.lock"
NOBODY = 12345

AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
OWN_PIDS = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
OWN_PIDS_PROC_OF_HOST = ("unshare", "--pid", "--fork", "--kill-child")
OWN_PIDS_UNPRIVILEGED = (*AS_NOBODY, "unshare", "--user", "--map-root-user", *OWN_PIDS[1:])


def shell(prepare: str, *then: str) -> tuple[str, ...]:
    """Return a mount namespace in which ``prepare`` was done."""
    return ("unshare", "--mount", "--fork", "--kill-child", "sh", "-c", f'{prepare} && exec "$@"', "sh", *then)


HIDEPID = "mount -t proc -o hidepid={} proc /proc"
IN_GROUP = f"mount -t proc -o hidepid=2,gid={NOBODY} proc /proc"
LOCALHOST = ("unshare", "--uts", "--fork", "--kill-child", "sh", "-c", 'hostname localhost && exec "$@"', "sh")
NO_PROC = shell("mount -t tmpfs none /proc")
LATER_BOOT = ("unshare", "--time", "--boottime=-{}", "--fork", "--kill-child")
"""A host whose computed start is that many seconds later than it was: as after a step of the clock."""


@dataclass(frozen=True)
class Row:
    """One setup. The holder runs while it is judged, unless it was ``killed``."""

    name: str
    verdict: str
    seen_from: Sequence[str] = ()
    """What runs clawtui."""
    runs_in: Sequence[str] = ()
    """What runs the holder."""
    killed: bool = False
    fields: Mapping[str, object] = field(default_factory=dict)
    """What its lock says in the place of what is so, and ``silent``."""


GONE = {"pid": 2**22 - 1}
"""A pid that no process here has: the holder is seen as if it were on another host of this name."""
HOST_IDENTITY = {name: value for name, value in identity_of(os.getpid()).items() if name != "startTicks"}

ROWS = (
    Row("a live run", "live"),
    Row("a silent run of a young lock", "live", fields={"silent": True}),
    Row("killed in the middle of its writing, a moment ago", "orphaned", killed=True),
    Row("killed before it wrote anything, and young", "orphaned", killed=True, fields={"silent": True}),
    Row("killed, seen by an ordinary user", "orphaned", AS_NOBODY, killed=True),
    Row("another host of this name, which goes on writing", "foreign", fields=GONE),
    # Where processes cannot be seen for certain
    Row("alive, from a pid namespace of one's own", "foreign", OWN_PIDS, fields=GONE),
    Row("killed, from a pid namespace of one's own", "foreign", OWN_PIDS, killed=True),
    Row("killed, from there, and silent", "foreign", OWN_PIDS, killed=True, fields={"silent": True}),
    Row("from a pid namespace with the host's /proc", "foreign", OWN_PIDS_PROC_OF_HOST, fields=GONE),
    Row("from an ordinary user's pid namespace", "foreign", OWN_PIDS_UNPRIVILEGED, fields=GONE),
    Row("hidepid=2, as an ordinary user", "foreign", shell(HIDEPID.format(2), *AS_NOBODY), fields=GONE),
    Row("hidepid=1, as an ordinary user", "foreign", shell(HIDEPID.format(1), *AS_NOBODY), fields=GONE),
    Row("hidepid=2, killed", "foreign", shell(HIDEPID.format(2), *AS_NOBODY), killed=True),
    Row("hidepid=2 as root, who sees all", "orphaned", shell(HIDEPID.format(2)), killed=True),
    Row("hidepid=2 in a group that sees all", "orphaned", shell(IN_GROUP, *AS_NOBODY), killed=True),
    Row("no /proc", "foreign", NO_PROC, fields=GONE),
    Row("no /proc, killed", "foreign", NO_PROC, killed=True),
    # Where it runs
    Row("alive in a container on this host", "live", runs_in=OWN_PIDS),
    Row("its pid namespace is named, and is another", "foreign", fields=GONE | HOST_IDENTITY | {"pidNamespace": 7}),
    Row("its pid namespace is named, and is this one", "orphaned", killed=True, fields=HOST_IDENTITY),
    # Which host
    Row("a name that many hosts have", "foreign", LOCALHOST, fields=GONE | {"hostname": "localhost"}),
    Row("another machine-id under this name", "foreign", killed=True, fields={"machineId": "0" * 32}),
    # One value that is not understood
    Row("lockType branch", "live", fields={"lockType": "branch"}),
    Row("lockType branch, killed", "orphaned", killed=True, fields={"lockType": "branch"}),
    Row("no hostname", "live", fields={"hostname": None}),
    Row("a pid as text", "live", fields={"pid": "12"}),
    Row("a time that is none", "live", fields={"acquiredAt": "just now"}),
    # Clocks
    Row("another process by recorded ticks", "orphaned", fields={"startTicks": 1, "silent": True}),
    Row("another process by recorded ticks, and the session writes", "foreign", fields={"startTicks": 1}),
    Row("seen with a start of the host after it was taken", "live", ("LATER",), fields={"silent": True}),
)


def require(*commands: Sequence[str]) -> None:
    """Skip the test if a namespace, a mount or another user cannot be had."""
    if why_hidden() is not None:
        pytest.skip("from here not all processes can be seen")
    for command in filter(None, commands):
        tool = shutil.which(command[0])
        if tool is None or subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
            pytest.skip(f"this cannot be had here: {' '.join(command)}")


@contextmanager
def open_directory() -> Iterator[Path]:
    """Yield a directory in which every user can read everything."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        yield place


@contextmanager
def holder(gateway: GatewayRoot, row: Row) -> Iterator[None]:
    """Yield the process of the row once it has taken the lock and written its files."""
    fields = [f"{name}={json.dumps(value)}" for name, value in row.fields.items()]
    command = [*row.runs_in, sys.executable, "-m", "tests.hard.lock_holder", str(gateway.root), *fields]
    with subprocess.Popen(command, cwd=PROJECT, env=environment()) as process:
        try:
            silent = row.fields.get("silent", False)
            awaited = LOCK if silent else f"workspaces/{ID}/state.json"
            wait_until((gateway.automations / awaited).exists, 30)
            if row.killed:
                process.kill()
                process.wait()
            yield
        finally:
            process.kill()


LIST = "lock list --json"
RELEASE = f"lock release {KEY} --yes"


def answers(place: Path, seen_from: Sequence[str], *commands: str) -> list[Answer]:
    """Return the answers to an operator on the side of the row."""
    subprocess.run(["chmod", "-R", "a+rX", place], check=True)
    own = {name: str(place / "own") for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")}
    return list(run_each(commands, str(place / "state"), environment(**own), seen_from).values())


def judged(answer: Answer) -> tuple[str, list[str]]:
    """Return the verdict and the facts of the one lock that `LIST` has printed."""
    assert answer.returncode == 0, answer.stderr
    (lock,) = json.loads(answer.stdout)
    return lock["verdict"], lock["facts"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "row",
    [pytest.param(row, marks=pytest.mark.exhaustive) if "ordinary user" in row.name else row for row in ROWS],
    ids=lambda row: row.name,
)
def test_the_verdict_on_a_real_process(row: Row) -> None:
    seen_from = tuple(row.seen_from)
    if seen_from == ("LATER",):
        booted = boot_time()
        assert booted is not None
        # The start comes to lie in the future: later than anything that was taken before this command.
        up = int((datetime.now(UTC) - booted).total_seconds())
        seen_from = tuple(word.format(up - 1) for word in LATER_BOOT)
    require(seen_from, row.runs_in)
    with open_directory() as place, holder(GatewayRoot(place / "state"), row):
        for _ in range(3):  # a holder that gets no processor time for 2.5 s looks as if it wrote nothing
            is_kept = row.verdict in ("foreign", "live")
            # Nothing that asks once takes a lock that may be held, and its workspace stays.
            acts = (RELEASE, "doctor --fix --yes") if is_kept else ()
            listed, *done = answers(place, seen_from, LIST, *acts)
            verdict, facts = judged(listed)
            if verdict == row.verdict:
                break
        assert verdict == row.verdict, facts
        if is_kept:
            assert done[0].returncode in (2, 3), done
            assert (place / "state/automations" / LOCK).exists()
            assert (place / f"state/automations/workspaces/{ID}").exists() or row.fields.get("silent")
