"""Every command that is printed acts on the state directory that was named, when it is pasted into a shell."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.cli.processes import environment
from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid

KEY = "github.com/user/repo"
HINTS = re.compile(r"`(clawtui [^`]*)`")


@pytest.fixture
def odd(tmp_path: Path) -> GatewayRoot:
    """Return a root whose path a shell would run if it were not quoted."""
    gateway = GatewayRoot(tmp_path / 'my $(touch hacked) "and" root')
    gateway.automation("sync-main")
    gateway.dispatcher()
    return gateway


def hints(text: str) -> list[str]:
    return HINTS.findall(" ".join(text.split()))


@pytest.mark.parametrize(
    "words",
    [
        ("lock", "show", "github.com/no/such"),
        ("automation", "show", "no-such"),
        ("workspace", "show", "no-such"),
        ("run", "show", "sync-main", "no-such"),
        ("run", "list", "no-such"),
        ("slot", "free", "7"),
        ("progress", "sync-main"),
        ("artifact", "show", "sync-main", "no-such"),
    ],
    ids=" ".join,
)
def test_the_command_in_a_hint_names_the_root(odd: GatewayRoot, words: tuple[str, ...]) -> None:
    odd.append_log("logs/smart-sync-fork/sync-main-2025-01-26-11-55-00.jsonl")
    answer = Caller(odd)(*words)
    assert answer.status != 0
    for hint in hints(answer.err):
        assert shlex.split(hint)[:3] == ["clawtui", "--root", str(odd.root)], hint
    assert hints(answer.err) or "clawtui" not in answer.err.removeprefix("clawtui: ")


def test_the_undo_command_of_a_release_works_in_a_shell(odd: GatewayRoot, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    lock = odd.lock(KEY, "sync-main", pid=ended_pid(), acquiredAt=iso(now))
    before = lock.read_bytes()
    answer = Caller(odd, now)("lock", "release", KEY, "--yes")
    (hint,) = [hint for hint in hints(answer.err) if " restore " in hint]
    assert not lock.exists()
    program = f"{shlex.quote(sys.executable)} -m clawtui"
    result = subprocess.run(
        ["bash", "-c", hint.replace("clawtui", program, 1) + " --yes"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert lock.read_bytes() == before
    assert not (tmp_path / "hacked").exists()


def test_a_lock_s_file_is_quoted_where_it_is_shown(odd: GatewayRoot) -> None:
    odd.write("locks/`id`.lock", "")
    call = Caller(odd)
    for answer in (call("lock", "list"), call("lock", "show", "locks/`id`.lock")):
        assert "'locks/`id`.lock'" in answer.out
        assert "`id`" not in answer.out.replace("'locks/`id`.lock'", "").replace("'`id`.lock'", "")
    assert call("lock", "list", "--json").json[0]["path"] == "locks/`id`.lock"


def test_every_finding_s_command_is_for_this_root(odd: GatewayRoot) -> None:
    odd.write("locks/`id`.lock", "")
    odd.write("config/dispatcher.json", '{"version": 0}')
    odd.write_json("workspaces/gone/state.json", {"status": "x"})
    odd.lock(KEY, "sync-main", pid=ended_pid(), acquiredAt=iso(Caller(odd).now))
    findings = Caller(odd)("doctor", "--json").json["findings"]
    fixes = [finding["fix"] for finding in findings if finding["fix"]]
    assert len(fixes) >= 3
    for fix in fixes:
        assert shlex.split(fix)[:3] == ["clawtui", "--root", str(odd.root)]
