"""``--version``, ``man`` and ``serve``."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clawtui import __version__
from clawtui.cli.context import Invocation
from clawtui.cli.own_pages import is_own
from clawtui.cli.serve import is_loopback, served_command
from clawtui.storage.errors import Refused
from tests.cli.calls import Caller
from tests.cli.processes import PROJECT, environment, run
from tests.cli.test_frame import OURS


def test_the_version_tells_what_a_report_of_a_fault_needs(call: Caller) -> None:
    answer = call("--version")
    assert (answer.status, answer.err) == (0, "")
    assert answer.lines[0] == f"clawtui {__version__}"
    for wanted in (platform.python_version(), platform.release(), "textual 8", "TERM", "locale", "config.toml"):
        assert wanted in "".join(line.strip() for line in answer.lines), "a long path is broken where the line ends"
    assert all(len(line) <= 80 for line in answer.lines)


def test_the_version_tells_nothing_of_who_somebody_is(tmp_path: Path) -> None:
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


def test_without_the_extra_serve_says_how_to_get_it(call: Caller) -> None:
    if subprocess.run([sys.executable, "-c", "import textual_serve"], capture_output=True, check=False).returncode == 0:
        pytest.skip("the extra is installed")
    answer = call("serve")
    assert answer.status == 1
    assert "pip install 'clawtui[serve]'" in answer.err
    assert len(answer.err.splitlines()) == 2


def test_what_is_served_is_read_only_unless_told_otherwise(tmp_path: Path) -> None:
    invocation = Invocation(root=str(tmp_path / "a b"))
    assert served_command(invocation, False).endswith(f"-m clawtui --read-only --root '{tmp_path / 'a b'}'")
    assert "--read-write" in served_command(invocation, True)


def test_serve_allows_no_changes_where_none_are_allowed(call: Caller) -> None:
    assert call("serve", "--allow-changes", read_only=True).status == 3
    with pytest.raises(Refused):
        Invocation(read_only=True).require_changes_allowed()


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("10.0.0.7", False), ("a", False)],
)
def test_what_only_this_machine_reaches(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("host", "origin", "own"),
    [
        ("localhost:8000", None, True),
        ("127.0.0.1:8000", "http://127.0.0.1:8000", True),
        ("127.0.0.1:8000", "http://localhost:8000", True),
        ("localhost:8000", "https://evil.example", False),
        ("evil.example:8000", "http://evil.example:8000", False),
        ("localhost:9000", None, False),
        (None, None, False),
    ],
)
def test_no_stranger_s_page_may_talk_to_what_is_served(host: str | None, origin: str | None, own: bool) -> None:
    assert is_own(host, origin, frozenset({"localhost:8000", "127.0.0.1:8000"})) is own
    assert is_own("10.0.0.7:8000", "http://10.0.0.7:8000", None)
    assert not is_own("10.0.0.7:8000", "http://evil.example", None)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_take_their_scripts_where_they_are_installed(tmp_path: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "completion"
    script.write_text(run("completion", shell).stdout)
    result = subprocess.run([shell, "-n", script], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
