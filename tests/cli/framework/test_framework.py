"""What all commands have in common: exit statuses, streams, errors, --root, help, and imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from clawtui.cli.framework.command import Command
from clawtui.cli.main import main
from tests.cli.calls import Caller
from tests.cli.processes import PROJECT, environment, on_terminal, read_until, run
from tests.gateway_root import GatewayRoot, run_entry


def commands(group: click.Group, *names: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, *names, name)
        else:
            yield " ".join((*names, name)), command


ALL = {name: command for name, command in commands(main) if not command.hidden}
OURS = {name: command for name, command in ALL.items() if name != "demo"}


def test_every_command_of_the_contract_is_there() -> None:
    assert set(ALL) >= {
        *("status", "progress", "logs", "prune", "export", "import", "migrate", "completion", "demo"),
        *(f"automation {verb}" for verb in ("list", "show", "enable", "disable", "delete")),
        *("run list", "run show", "lock list", "lock show", "lock run", "slot list"),
        *("workspace list", "workspace show", "workspace clean", "artifact list", "artifact show"),
    }


@pytest.mark.parametrize("name", OURS)
def test_every_command_shows_an_example_and_takes_a_root(name: str) -> None:
    command = OURS[name]
    with command.make_context(name, [], resilient_parsing=True) as context:
        text = command.get_help(context)
    assert f"clawtui {name}" in text.partition("Example")[2]
    assert "--root" in text
    assert isinstance(command, Command)


@pytest.mark.parametrize("name", sorted(OURS.keys() - {"completion", "lock run", "man", "run report", "serve"}))
def test_every_command_that_shows_something_takes_json(name: str) -> None:
    assert "--json" in {option for parameter in OURS[name].params for option in parameter.opts}


def test_help_names_every_command_in_words_that_are_not_cut(call: Caller) -> None:
    answer = call("--help")
    assert answer.status == 0
    listed = answer.out.partition("Commands:")[2]
    assert {name.split()[0] for name in ALL} <= set(listed.split())
    assert "..." not in listed


def test_a_usage_error_is_two_lines() -> None:
    result = run("status", "--bogus")
    assert (result.returncode, result.stdout) == (2, "")
    assert "--bogus" in result.stderr
    assert "status --help" in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_a_root_that_does_not_exist_is_an_error_in_plain_words(tmp_path: Path) -> None:
    result = run("status", "--json", env=environment(CLAWDBOT_STATE_DIR=str(tmp_path / "nowhere")))
    assert (result.returncode, result.stdout) == (5, "")
    assert str(tmp_path / "nowhere") in result.stderr
    assert "--root" in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_a_name_that_the_settings_lack_is_answered_with_those_that_they_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "clawtui/config.toml"
    settings.parent.mkdir()
    settings.write_text('[roots.work]\npath = "/srv/work"\n[roots.lab]\npath = "/srv/lab"\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert "or a root of the settings: lab, work;" in CliRunner().invoke(main, ["status", "--root", "wrok"]).stderr
    assert "$OPENCLAW_STATE_DIR" in CliRunner().invoke(main, ["status", "--root", "/srv/wrok"]).stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("slot free x", "'x' is not a whole number."),
        ("logs --limit x", "'x' is not a whole number."),
        ("demo --speed x", "'x' is not a number."),
    ],
)
def test_a_value_that_is_no_number_is_refused_in_plain_words(words: str, says: str) -> None:
    result = run(*words.split())
    assert result.returncode == 2
    assert says in result.stderr


@pytest.mark.parametrize("name", ["status", "automation list", "lock list", "slot list", "workspace list", "logs"])
def test_no_command_takes_a_missing_root_for_an_empty_one(tmp_path: Path, name: str) -> None:
    result = CliRunner().invoke(main, [*name.split(), "--root", str(tmp_path / "nowhere")])
    assert result.exit_code == 5
    assert "does not exist" in result.stderr


def test_the_root_may_be_named_after_the_command_and_that_one_counts(gateway: GatewayRoot, tmp_path: Path) -> None:
    gateway.automation("a-b")
    result = run("--root", str(tmp_path), "automation", "list", "--json", "--root", str(gateway.root))
    assert result.returncode == 0, result.stderr
    assert [row["id"] for row in json.loads(result.stdout)] == ["a-b"]


def test_the_root_may_be_named_between_noun_and_verb(call: Caller, tmp_path: Path) -> None:
    other = GatewayRoot(tmp_path / "other")
    other.automation("elsewhere")
    answer = call("automation", "--root", str(other.root), "list", "--json")
    assert [row["id"] for row in answer.json] == ["elsewhere"]


def test_the_root_may_be_automations_itself_or_a_link_to_it(
    gateway: GatewayRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.automation("a-b")
    link = tmp_path / "link"
    link.symlink_to(gateway.automations)
    for root in (gateway.automations, link):
        monkeypatch.setenv("CLAWDBOT_STATE_DIR", str(root))
        result = CliRunner().invoke(main, ["automation", "list", "--json"])
        assert [row["id"] for row in json.loads(result.stdout)] == ["a-b"]


def test_read_only_refuses_changing_commands_alone(call: Caller) -> None:
    call.gateway.automation("a-b")
    before = call.files()
    changing = [name for name, command in OURS.items() if isinstance(command, Command) and command.changes]
    assert {"automation enable", "automation disable", "automation delete"} <= set(changing)
    assert call("automation", "disable", "a-b", read_only=True).status == 3
    assert call("automation", "delete", "a-b", "--yes", read_only=True).status == 3
    assert call("automation", "show", "a-b", read_only=True).status == 0
    assert call.files() == before


def test_a_reader_that_leaves_ends_it_quietly(gateway: GatewayRoot) -> None:
    gateway.automation("a-b")
    gateway.append_log(
        "logs/smart-sync-fork/a-b-2025-01-26-11-00-00.jsonl", *(run_entry("a-b", f"line {n}") for n in range(20_000))
    )
    command = [sys.executable, "-m", "clawtui", "logs", "a-b", "--root", str(gateway.root)]
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert b"line 0" in process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_unwritable_output_is_reported() -> None:
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "clawtui", "completion", "bash"],
            cwd=PROJECT,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    assert result.stderr == "clawtui: the output could not be written: no space left on device\n"


def test_a_command_works_without_standard_output(gateway: GatewayRoot) -> None:
    gateway.automation("a-b")
    result = run("automation", "list", "--root", str(gateway.root), preexec_fn=lambda: os.close(1))
    assert (result.returncode, result.stderr) == (0, "")


def test_json_is_utf_8_and_text_does_not_fail_in_any_locale(gateway: GatewayRoot) -> None:
    gateway.automation("a-b", name="Größe ☃")
    latin = environment(PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    for flags in ([], ["--json"]):
        command = [sys.executable, "-m", "clawtui", "automation", "list", "--root", str(gateway.root), *flags]
        result = subprocess.run(command, cwd=PROJECT, env=latin, capture_output=True, check=False)
        assert result.returncode == 0
        if flags:
            assert json.loads(result.stdout.decode())[0]["name"] == "Größe ☃"
        else:
            assert "Größe ?" in result.stdout.decode("latin-1")


@pytest.mark.parametrize(("changes", "coloured"), [({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_is_for_terminals_and_never_under_no_color(
    gateway: GatewayRoot, changes: dict[str, str], coloured: bool
) -> None:
    gateway.automation("a-b", enabled=False)
    env = environment(**changes)
    with on_terminal("automation", "list", "--root", str(gateway.root), env=env) as (_, terminal):
        shown = read_until(terminal)
    assert b"a-b" in shown
    assert (b"\x1b[" in shown) == coloured


def test_output_that_is_no_terminal_has_no_colour(gateway: GatewayRoot) -> None:
    gateway.automation("a-b", enabled=False)
    result = run("automation", "list", "--root", str(gateway.root))
    assert "disabled" in result.stdout
    assert "\x1b" not in result.stdout


def test_hostile_text_reaches_no_terminal(gateway: GatewayRoot) -> None:
    gateway.automation("a-b", name="evil \x1b]0;owned\x07 \u202etxt", description="\x9b31m")
    for flags in ([], ["--json"]):
        with on_terminal(
            "automation", "show", "a-b", "--root", str(gateway.root), *flags, env=environment(NO_COLOR="1")
        ) as (
            _,
            terminal,
        ):
            shown = read_until(terminal).decode()
        assert "evil" in shown
        assert not set(shown) & {"\x1b", "\x07", "\u202e", "\x9b"}


def test_a_change_during_the_question_is_refused(gateway: GatewayRoot) -> None:
    path = gateway.automation("a-b")
    with on_terminal("automation", "delete", "a-b", "--root", str(gateway.root), env=environment()) as (
        process,
        terminal,
    ):
        assert b"Delete config/smart-sync-fork/a-b.json" in read_until(terminal, b"[y/N]")
        gateway.automation("a-b", name="Somebody else's by now")
        os.write(terminal, b"y\n")
        shown = read_until(terminal)
        assert process.wait() == 4
    assert b"changed" in shown
    assert path.exists()


def test_no_is_an_answer(gateway: GatewayRoot) -> None:
    path = gateway.automation("a-b")
    with on_terminal("automation", "delete", "a-b", "--root", str(gateway.root), env=environment()) as (
        process,
        terminal,
    ):
        read_until(terminal, b"[y/N]")
        os.write(terminal, b"\n")
        assert b"nothing was done" in read_until(terminal)
        assert process.wait() == 3
    assert path.exists()


_LOAD = """
import sys
from clawtui.cli.main import main
import click
def load(group):
    context = click.Context(group)
    for name in group.list_commands(context):
        if name == "demo":
            continue
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            load(command)
load(main)
for line in sys.argv[2:]:
    try:
        main(["--root", sys.argv[1], *line.split()])
    except SystemExit as end:
        assert not end.code, line
print(*sys.modules, file=sys.stderr)
"""


def test_commands_import_only_the_modules_that_they_need(gateway: GatewayRoot) -> None:
    gateway.automation("a-b")
    gateway.lock("github.com/user/repo", "a-b")
    gateway.append_log("logs/smart-sync-fork/a-b-2025-01-26-11-00-00.jsonl", run_entry("a-b", "here"))
    lines = ["status --json", "automation list", "automation show a-b", "run list a-b", "logs a-b", "lock list"]
    result = subprocess.run(
        [sys.executable, "-c", _LOAD, str(gateway.root), *lines],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(result.stderr.split())
    assert {"clawtui.cli.lock.commands", "clawtui.cli.backup", "clawtui.operations.state.follow_fleet"} <= loaded
    assert not loaded & {"textual", "rich", "watchfiles", "asyncio", "json5", "clawtui.tui", "clawtui.demo"}
