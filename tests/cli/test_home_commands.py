"""``--version`` and ``man``."""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from clawtui import __version__
from tests.cli.calls import Caller
from tests.cli.framework.test_framework import OURS
from tests.cli.processes import PROJECT, environment, run


def test_version_prints_the_facts_for_a_bug_report(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    answer = call("--version")
    assert (answer.status, answer.err) == (0, "")
    assert answer.lines[0] == f"clawtui {__version__}"
    for expected in (platform.python_version(), platform.release(), "textual 8", "terminal", "locale", "config.toml"):
        assert expected in "".join(line.strip() for line in answer.lines), "a long path is broken where the line ends"
    assert all(len(line) <= 80 for line in answer.lines)


def test_version_prints_no_personal_data(tmp_path: Path) -> None:
    env = environment(HOME=str(tmp_path / "jane"), SSH_TTY="/dev/pts/jane", XDG_CONFIG_HOME="", XDG_STATE_HOME="")
    answer = run("--version", env=env)
    assert "SSH_TTY" in answer.stdout
    assert "jane" not in answer.stdout


def test_every_command_is_in_the_manual_page(call: Caller) -> None:
    page = call("man").out.replace(r"\-", "-")
    assert page.startswith(".TH CLAWTUI 1")
    for name, command in OURS.items():
        assert f"clawtui {name}" in page
        for parameter in command.params:
            assert all(option in page for option in parameter.opts if option.startswith("--"))


def test_no_line_of_the_manual_page_is_mistaken_for_a_request(call: Caller) -> None:
    known = {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".nf", ".fi"}
    assert {line.split()[0] for line in call("man").lines if line.startswith((".", "'"))} <= known


def test_man_takes_the_page_without_a_warning(call: Caller, tmp_path: Path) -> None:
    groff = shutil.which("groff")
    if groff is None:
        pytest.skip("groff is not installed")
    page = tmp_path / "clawtui.1"
    page.write_text(call("man").out)
    result = subprocess.run([groff, "-man", "-ww", "-Tascii", page], capture_output=True, text=True, check=False)
    assert result.stderr == ""
    assert "clawtui lock release" in result.stdout.replace("\x08", "")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_take_their_scripts_where_they_are_installed(tmp_path: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "completion"
    script.write_text(run("completion", shell).stdout)
    result = subprocess.run([shell, "-n", script], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
