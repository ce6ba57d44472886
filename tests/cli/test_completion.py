"""Shell completion."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from clawtui.cli.framework.context import Invocation
from clawtui.cli.main import main
from tests.cli.calls import Caller
from tests.cli.processes import environment, run
from tests.gateway_root import NOON, GatewayRoot, run_entry

ID = "auto-sync-main-123"


def offered(root: Path, line: str) -> list[str]:
    """Return the completions of the last word of ``line``; the shell completes the names of files."""
    *words, last = line.split(" ")[1:]
    found = ShellComplete(main, {"obj": Invocation(str(root))}, "clawtui", "_CLAWTUI_COMPLETE").get_completions(
        words, last
    )
    return [item.value if item.type == "plain" else item.type for item in found]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_printed(call: Caller, shell: str) -> None:
    answer = call("completion", shell)
    assert answer.status == 0
    assert f"_CLAWTUI_COMPLETE={shell}_complete" in answer.out


def test_the_completion_script_gets_its_answers(gateway: GatewayRoot) -> None:
    gateway.automation(ID)
    line = "clawtui automation show auto"
    asked = environment(
        _CLAWTUI_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD="3", CLAWDBOT_STATE_DIR=str(gateway.root)
    )
    script = "from clawtui.cli.main import main; main(prog_name='clawtui')"
    result = subprocess.run([sys.executable, "-c", script], env=asked, capture_output=True, text=True, check=False)
    assert (result.stdout, result.stderr) == (f"plain,{ID}\n", "")


def test_bash_takes_the_script(tmp_path: Path) -> None:
    script = tmp_path / "completion"
    script.write_text(run("completion", "bash").stdout)
    result = subprocess.run(
        ["bash", "-c", f"source {script} && complete -p clawtui"], capture_output=True, text=True, check=False
    )
    assert "_clawtui_completion clawtui" in result.stdout


def test_another_shell_is_a_usage_error(call: Caller) -> None:
    assert call("completion", "tcsh").status == 2


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("clawtui stat", ["status"]),
        ("clawtui automation show auto", [f"{ID}"]),
        (f"clawtui run show {ID} ", [f"{ID}-2025-01-26-11-00-00"]),
        (f"clawtui logs {ID} --run {ID}-2", [f"{ID}-2025-01-26-11-00-00"]),
        ("clawtui logs --level w", ["warn"]),
        ("clawtui lock show git", ["github.com/user/repo"]),
        ("clawtui import ", ["file"]),
        ("clawtui automation show nothing-like-it", []),
    ],
)
def test_ids_runs_repositories_and_files_are_offered(gateway: GatewayRoot, line: str, expected: list[str]) -> None:
    gateway.automation(ID)
    gateway.lock("github.com/user/repo", ID)
    gateway.append_log(f"logs/smart-sync-fork/{ID}-2025-01-26-11-00-00.jsonl", run_entry(ID, "here", NOON))
    assert offered(gateway.root, line) == expected


def test_completion_reads_the_root_on_the_command_line(gateway: GatewayRoot, tmp_path: Path) -> None:
    other = GatewayRoot(tmp_path / "other")
    other.automation("elsewhere")
    gateway.automation(ID)
    assert offered(gateway.root, f"clawtui --root {other.root} automation show ") == ["elsewhere"]


def test_without_a_root_there_is_no_completion_and_no_message(tmp_path: Path) -> None:
    assert offered(tmp_path / "nowhere", "clawtui automation show ") == []


def test_a_name_that_a_shell_would_run_is_not_offered(gateway: GatewayRoot) -> None:
    """bash puts a completion on the command line without quoting it."""
    for name in ("`id`", "$(id)", "a;id", "plain"):
        gateway.write(f"locks/{name}.lock", "")
    asked = environment(
        _CLAWTUI_COMPLETE="bash_complete",
        COMP_WORDS="clawtui lock release ",
        COMP_CWORD="3",
        CLAWDBOT_STATE_DIR=str(gateway.root),
    )
    script = "from clawtui.cli.main import main; main(prog_name='clawtui')"
    result = subprocess.run([sys.executable, "-c", script], env=asked, capture_output=True, text=True, check=False)
    assert (result.stdout, result.stderr) == ("plain,locks/plain.lock\n", "")
