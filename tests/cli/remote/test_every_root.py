"""``clawtui --all COMMAND``: each command runs on the host of each root, and its results name their roots."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from clawtui.cli.framework.errors import NO_SUCH
from clawtui.cli.main import main
from clawtui.cli.remote.every_root import RootResult, names_a_thing, print_json, print_text, status_of
from clawtui.cli.remote.run_there import runs_there
from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot, run_entry
from tests.operations.evidence.test_processes import ended_pid

GONE = RootResult("gone", 1, "", "clawtui: gone cannot be reached: ssh: no route to host\n")

LISTS = {
    "automation list": (["only-home", "same", "only-work", "same"], 0, 1),
    "lock list": (["of-home", "same", "of-work", "same"], 0, 1),
    "run list same": (["same-2025-01-26-11-55-00"] * 2, 0, 1),
    "logs same": (["line of home", "line of work"], 0, 1),
}
"""What names the entries of both roots, the status without a root that cannot be reached, and with one."""

OBJECTS = {
    "doctor": ("findings", 1, 1),
    "status": ("automations", 0, 1),
    "lock show github.com/user/same": ("verdict", 0, 1),
    "lock show github.com/user/of-home": ("verdict", 0, 1),
    "lock show github.com/user/of-nobody": ("verdict", NO_SUCH, NO_SUCH),
    "lock release github.com/user/of-work --yes": ("released", 0, 1),
    "slot list": ("maxSlots", 0, 1),
}


@pytest.fixture
def roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, GatewayRoot]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    made = {name: GatewayRoot(tmp_path / name) for name in ("home", "work")}
    for name, root in made.items():
        root.dispatcher()
        for id, key in (("same", "same"), (f"only-{name}", f"of-{name}")):
            root.automation(id)
            root.lock(f"github.com/user/{key}", id, pid=ended_pid())
        log = "logs/smart-sync-fork/same-2025-01-26-11-55-00.jsonl"
        root.append_log(log, run_entry("same", f"line of {name}"))
    return made


def results(roots: dict[str, GatewayRoot], words: list[str]) -> list[RootResult]:
    """Return what a command printed for each root."""
    found = []
    for name, root in roots.items():
        answer = Caller(root)(*words)
        found.append(RootResult(name, answer.status, answer.out, answer.err))
    return found


@pytest.mark.parametrize("line", [*LISTS, *OBJECTS])
def test_a_command_for_every_root_names_the_roots_and_what_cannot_be_reached(
    roots: dict[str, GatewayRoot], capsys: pytest.CaptureFixture[str], line: str
) -> None:
    words = [*line.split(), "--json"]
    answered, is_named = results(roots, words), names_a_thing(words)
    expected, alone, with_gone = LISTS.get(line) or OBJECTS[line]
    assert status_of(answered, named=is_named) == alone
    assert status_of([*answered, GONE], named=is_named) == with_gone

    print_json([*answered, GONE])
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    if line in LISTS:
        names = [each.get("id") or each.get("run") or each.get("message") or each["repoKey"] for each in document]
        assert [name.removeprefix("github.com/user/") for name in names] == expected
        assert [each["root"] for each in document] == sorted(each["root"] for each in document)
        assert printed.err == "clawtui: gone: gone cannot be reached: ssh: no route to host\n"
    else:
        entries = document["roots"]
        assert [each["root"] for each in entries] == ["home", "work", "gone"]
        assert all((expected in each) != ("error" in each) for each in entries)
        assert entries[-1] == {"root": "gone", "status": 1, "error": "gone cannot be reached: ssh: no route to host"}


def test_as_text_each_root_has_a_heading_and_its_messages_name_it(
    roots: dict[str, GatewayRoot], capsys: pytest.CaptureFixture[str]
) -> None:
    print_text([*results(roots, ["lock", "list"]), GONE])
    printed = capsys.readouterr()
    assert printed.out.index("== home") < printed.out.index("== work") < printed.out.index("== gone")
    assert "gone: gone cannot be reached" in printed.err


@pytest.mark.parametrize("line", [*LISTS, *OBJECTS])
def test_each_of_them_runs_on_the_host_of_its_root(line: str) -> None:
    words = line.split()
    context = click.Context(main, info_name="clawtui")
    command: click.Command | None = main
    for word in words:
        if isinstance(command, click.Group):
            command = command.get_command(context, word)
            assert command is not None
            context = click.Context(command, parent=context, info_name=word)
    assert runs_there(context)
