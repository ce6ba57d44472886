"""No home directory, no account, own directories that may not be used: everything works that needs none of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.forked import run_each
from tests.cli.processes import PROJECT
from tests.e2e.terminal import Terminal
from tests.gateway_root import GatewayRoot

STRANGER = 12345
"""A uid that no account has."""

READING = (
    *("status", "automation list", "automation show a-1", "lock list", "lock show github.com/user/one", "slot list"),
    *("workspace list", "workspace show a-1", "run list a-1", "run show a-1", "progress a-1", "logs", "artifact list"),
    *("prune --dry-run", "export -", "import /dev/null --dry-run", "migrate --dry-run", "doctor", "--version"),
    *("config path", "config check", "config show", "man", "completion bash", "lock release github.com/user/one -h"),
)
CHANGING = ("automation disable a-1", "automation enable a-1", "prune", "migrate", "doctor --fix", "config check")
TOUCHING_OWN = ("status", "lock list", "automation disable a-1", "prune", "doctor", "config check", "--version")
"""Commands that look at clawtui's own directories."""
RELEASE = "lock release github.com/user/one --yes"

WITHOUT_HOME: dict[str, str] = {}
UNUSABLE = {"XDG_STATE_HOME": "/proc/1/state", "XDG_CONFIG_HOME": "/proc/1/config"}
MISSING = {"XDG_STATE_HOME": "/nowhere/state", "XDG_CONFIG_HOME": "/nowhere/config"}


def as_stranger(*command: str) -> list[str]:
    ids = [f"--reuid={STRANGER}", f"--regid={STRANGER}", "--clear-groups", "--inh-caps=-all"]
    return ["setpriv", *ids, *command]


@pytest.fixture
def theirs() -> Iterator[GatewayRoot]:
    """Yield the state directory of a user without an account; skip the test if this process cannot become one."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can become somebody else, with setpriv")
    probe = [*as_stranger(sys.executable), "-c", "import tests.cli.forked"]
    if subprocess.run(probe, cwd=PROJECT, check=False, capture_output=True, env={}).returncode:
        pytest.skip("others may not read the interpreter or the sources here")
    home = Path(tempfile.mkdtemp())
    try:
        home.chmod(0o755)
        gateway = GatewayRoot(home / "state")
        gateway.automations.mkdir(parents=True)
        gateway.automation("a-1")
        gateway.lock("github.com/user/one", "a-1", pid=2**22 - 2)
        gateway.write("logs/dispatcher/2025-01-01.jsonl", b"")
        for path in (gateway.root, *gateway.root.rglob("*")):
            os.chown(path, STRANGER, STRANGER)
        yield gateway
    finally:
        shutil.rmtree(home)


def clawtui(gateway: GatewayRoot, command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody without an account, in an environment that has nothing else in it."""
    return subprocess.run(
        [*as_stranger(sys.executable), "-m", "clawtui", "--root", str(gateway.root), *command.split()],
        env={"PATH": os.environ["PATH"]} | env,
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("env", [WITHOUT_HOME, UNUSABLE], ids=["no-home", "unusable"])
def test_no_command_needs_a_home(theirs: GatewayRoot, env: dict[str, str]) -> None:
    commands = tuple(dict.fromkeys((*READING, *CHANGING))) if env is WITHOUT_HOME else TOUCHING_OWN
    env_of_all = {"PATH": os.environ["PATH"]} | env
    for command, answer in run_each(commands, str(theirs.root), env_of_all, as_stranger()).items():
        assert "Traceback" not in answer.stderr and answer.stderr.count("\n") < 12, (command, answer.stderr)
        if command == "config path":
            assert answer.returncode == (0 if env else 1)
        elif env is not UNUSABLE and command not in ("doctor", "doctor --fix", "import /dev/null --dry-run"):
            assert answer.returncode in (0, 5), (command, answer)
        if env is WITHOUT_HOME and command in ("status", "config check", "doctor"):
            lines = [line for line in answer.stderr.splitlines() if "XDG" in line]
            assert len(lines) == 1 and "XDG_CONFIG_HOME" in lines[0] and "XDG_STATE_HOME" in lines[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("env", "named"),
    [(WITHOUT_HOME, "XDG_STATE_HOME"), (MISSING, "/nowhere"), (UNUSABLE | {"XDG_CONFIG_HOME": "/nowhere"}, "/proc/1")],
    ids=["no-home", "missing", "unusable"],
)
def test_an_act_that_needs_the_audit_names_its_directory(
    theirs: GatewayRoot, tmp_path: Path, env: dict[str, str], named: str
) -> None:
    before = sorted(theirs.automations.rglob("*"))
    answer = clawtui(theirs, RELEASE, env)
    assert answer.returncode != 0 and "nothing is done without a record" in answer.stderr, answer
    assert named in answer.stderr and "Traceback" not in answer.stderr
    assert [path for path in sorted(theirs.automations.rglob("*")) if path.is_file()] == [
        path for path in before if path.is_file()
    ]
    own = Path(tempfile.mkdtemp(dir=theirs.root.parent))
    os.chown(own, STRANGER, STRANGER)
    assert clawtui(theirs, RELEASE, {"XDG_STATE_HOME": str(own)}).returncode == 0
    assert (own / "clawtui/audit.jsonl").exists()


@pytest.mark.slow
def test_without_a_home_the_state_directory_must_be_named(theirs: GatewayRoot) -> None:
    for arguments in (["status"], []):
        answer = subprocess.run(
            [*as_stranger(sys.executable), "-m", "clawtui", *arguments],
            env={"PATH": os.environ["PATH"]},
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert answer.returncode == 5 and "--root DIR" in answer.stderr and "Traceback" not in answer.stderr, answer
    answer = clawtui(theirs, "--root ~nosuchuser/x status", {})
    assert answer.returncode == 5 and "there is no user “nosuchuser”" in answer.stderr


@pytest.mark.exhaustive
@pytest.mark.parametrize("env", [WITHOUT_HOME, UNUSABLE], ids=["no-home", "unusable"])
def test_the_dashboard_needs_no_home(theirs: GatewayRoot, env: dict[str, str]) -> None:
    unset = [word for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME") for word in ("-u", name)]
    given = [f"{name}={value}" for name, value in env.items()]
    command = as_stranger("env", *unset, *given, sys.executable, "-m", "clawtui", "--root", str(theirs.root))
    with Terminal(command, cwd=PROJECT) as terminal:
        terminal.wait_for("a-1", 30)
        if not env:
            terminal.wait_for("XDG_STATE_HOME", 30)
        terminal.press("q")
        assert terminal.process.wait(20) == 0
        assert "Traceback" not in terminal.text
