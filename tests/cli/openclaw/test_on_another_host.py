"""The commands over a stock gateway on another host: they say the same as there."""

from __future__ import annotations

import json
import platform
import shlex
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clawtui.cli.framework.context import Invocation
from clawtui.cli.main import main
from clawtui.remote.address import RemoteRoot
from clawtui.remote.command import SSH_COMMAND, request_for
from clawtui.remote.request import encode, read_greeting
from tests.gateway_root import GatewayRoot
from tests.openclaw.stores import STORES
from tests.remote.other_host import OtherHost

COMMANDS = (
    "status",
    "automation list",
    "automation show ID",
    "run list ID",
    "run show ID",
    "lock list",
    "why ID",
    "doctor",
    "metrics",
)


def run(*words: str, now: datetime, root: str | None = None) -> Result:
    result = CliRunner().invoke(main, words, obj=Invocation(root=root, clock=lambda: now))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize("write", STORES)
def test_each_command_says_the_same_by_the_agent_there(write: Callable[[Path], object], tmp_path: Path) -> None:
    write(tmp_path)
    now = datetime.now(UTC)
    root = RemoteRoot("gw1", None, str(tmp_path))
    jobs = json.loads(run("automation", "list", "--json", now=now, root=str(tmp_path)).stdout)
    assert jobs
    for command in COMMANDS:
        for form in ([], ["--json"]):
            words = [*command.replace("ID", jobs[0]["id"]).split(), *form]
            here = run(*words, now=now, root=str(tmp_path))
            request = request_for(root, words, read_only=False).model_copy(update={"called": None})
            there = run("agent", encode(request), now=now)
            greeting, _, output = there.stdout.partition("\n")
            assert read_greeting(greeting, request.nonce) is not None
            assert (output, there.stderr, there.exit_code) == (here.stdout, here.stderr, here.exit_code), words
            assert here.stdout or here.stderr


def test_commands_in_messages_name_the_root_as_the_caller_does_or_say_where_they_run(tmp_path: Path) -> None:
    stock, design, now = tmp_path / "stock", GatewayRoot(tmp_path / "design"), datetime.now(UTC)
    STORES[0](stock)
    design.automation("sync-main")

    def there(path: Path, *words: str) -> str:
        root = RemoteRoot("gw1", None, str(path), name="work")
        answer = run("agent", encode(request_for(root, words, read_only=False)), now=now)
        return answer.stdout + answer.stderr

    found = there(stock, "doctor")
    release = next(line.strip() for line in found.splitlines() if " lock release " in line)
    assert release.startswith("clawtui --root work lock release ")
    fixes = found.count("OPENCLAW_STATE_DIR=")
    assert fixes and fixes == found.count(f"to be run on: {platform.node()}")
    by_root = json.loads(run("doctor", "--json", now=now, root=str(stock)).stdout)["findings"]
    assert {row["fixHost"] for row in by_root} == {None}, "the reader is on this host"
    _, _, text = there(stock, "doctor", "--json").partition("\n")
    rows, _ = json.JSONDecoder().raw_decode(text)
    hosts = {row["fix"]: row["fixHost"] for row in rows["findings"] if row["fix"] is not None}
    assert hosts == {fix: None if fix.startswith("clawtui ") else platform.node() for fix in hosts}
    assert set(hosts.values()) == {None, platform.node()}
    assert "`clawtui --root work automation list`" in there(design.root, "automation", "show", "nothing")
    assert "work" not in run("automation", "show", "nothing", now=now, root=str(design.root)).stderr


def test_messages_about_the_settings_there_name_that_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    GatewayRoot(tmp_path / "design").automation("sync-main")
    settings = tmp_path / "config/clawtui/config.toml"
    settings.parent.mkdir(parents=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("CLAWDBOT_STATE_DIR", "OPENCLAW_STATE_DIR"):
        monkeypatch.delenv(name, raising=False)
    now, host = datetime.now(UTC), platform.node()

    def there(path: Path | None) -> str:
        root = RemoteRoot("gw1", None, None if path is None else str(path), name="work")
        return run("agent", encode(request_for(root, ["status"], read_only=False)), now=now).stderr

    settings.write_text("nonsense = 1\n")
    assert f"`clawtui config check` on {host} lists what is wrong" in there(tmp_path / "design")
    assert f"on {host}" not in run("status", now=now, root=str(tmp_path / "design")).stderr
    settings.write_text('root = "unknown"\n')
    assert f"`clawtui config path` on {host} shows which file that is" in there(None)
    settings.write_text("")
    missing = there(tmp_path / "missing")
    assert "Name one with --root ssh://HOST/DIR, or in the settings; `clawtui demo` needs none." in missing


def test_all_roots_and_one_by_its_name_say_the_same_over_a_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    STORES[0](there)
    shutil.copytree(there, here)
    settings = tmp_path / "config/clawtui/config.toml"
    settings.parent.mkdir(parents=True)
    command = shlex.join([sys.executable, "-m", "clawtui"])
    settings.write_text(
        f'[roots.near]\npath = "{here}"\n[roots.far]\nhost = "gw1"\npath = "{there}"\ncommand = "{command}"\n'
    )
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv(SSH_COMMAND, str(OtherHost(tmp_path, there).script('exec sh -c "$command"')))
    listed = json.loads(run("--all", "automation", "list", "--json", now=datetime.now(UTC)).stdout)
    by_root = [[{**each, "root": ""} for each in listed if each["root"] == root] for root in ("near", "far")]
    assert by_root[0] == by_root[1] != []
