"""Run each command that the README shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.demo.still import write_still
from tests.e2e.terminal import Terminal

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text()

OTHER_STATUS = {
    "clawtui doctor": 1,
    "clawtui export --secrets mask backup.json": 1,
    "clawtui lock restore": 5,
    "clawtui migrate --dry-run": 1,
    "clawtui wait sync-ripgrep --timeout 0": 124,
}
"""In the demo's root something is wrong, a configuration cannot be read, and no lock was released yet."""


def blocks(heading: str) -> list[str]:
    """Return the shell blocks under a heading of level two."""
    _, found, after = README.partition(f"\n## {heading}\n")
    assert found, heading
    return re.findall(r"^```sh\n(.*?)^```", after.partition("\n## ")[0], re.DOTALL | re.MULTILINE)


def commands(heading: str, block: int) -> list[str]:
    """Return the lines of a block without comments."""
    lines = (line.partition(" #")[0].strip() for line in blocks(heading)[block].splitlines())
    return [line for line in lines if line]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Return an environment with an empty home directory and clawtui on the PATH."""
    own = {
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    return own | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def test_every_command_of_the_readme_works(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    write_still(tmp_path / "root", datetime.now(UTC))
    for line in commands("Commands", 0):
        done = subprocess.run(
            ["bash", "-c", line],
            env=os.environ | home | {"CLAWDBOT_STATE_DIR": str(tmp_path / "root")},
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == OTHER_STATUS.get(line, 0), (line, done.stdout, done.stderr)
        assert done.stdout or done.stderr, line


def test_the_dashboard_opens_over_every_root_that_is_named(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(sys.prefix)
    for line in commands("Start", 1):
        with Terminal(["bash", "-c", line], env=home, cwd=tmp_path) as terminal:
            terminal.wait_for("1 Automations")
            terminal.press("q")
            assert terminal.wait_exit() == 0, line


@pytest.mark.slow
def test_the_first_command_opens_the_demo_in_a_fresh_clone(home: dict[str, str], tmp_path: Path) -> None:
    (first,) = blocks("Start")[:1]
    clone = tmp_path / "clone"
    ignored = shutil.ignore_patterns(".venv", ".git", "node_modules", "__pycache__", ".*_cache", ".hypothesis", "dist")
    shutil.copytree(CHECKOUT, clone, ignore=ignored)
    environment = home | {"PATH": os.environ["PATH"]}
    with Terminal(["bash", "-c", first], env=environment, cwd=clone) as terminal:
        terminal.wait_for("DEMO", 110)
        terminal.wait_for("3 running", 30)
        terminal.press("q")
        assert terminal.wait_exit(20) == 0
        assert not terminal.left_behind()
