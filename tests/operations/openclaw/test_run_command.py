"""The gateway's own command: how it is called for a root, and its output."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clawtui.model.errors import ClawtuiError
from clawtui.operations.openclaw.run_command import command_text, is_installed, run_command


def install(directory: Path, script: str) -> dict[str, str]:
    """Write an `openclaw` into ``directory``; return an environment that has it on the PATH."""
    directory.mkdir(parents=True, exist_ok=True)
    program = directory / "openclaw"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{directory}:{os.environ['PATH']}"}


def test_it_gets_the_root_in_its_environment_and_its_output_is_kept(tmp_path: Path) -> None:
    environment = install(tmp_path / "bin", 'echo "$OPENCLAW_STATE_DIR $*"; echo trouble >&2; exit 3')
    done = run_command(tmp_path / "a root", ["automations", "run", "x y"], environment)
    assert done.status == 3 and not done.is_ok
    assert done.output == f"{tmp_path}/a root automations run x y\ntrouble\n"
    assert command_text(tmp_path / "a root", ["doctor", "--fix"]).endswith("openclaw doctor --fix")


def test_a_profile_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    environment = install(tmp_path / "bin", 'echo "$*"')
    assert run_command(tmp_path / ".openclaw-ops", ["doctor"], environment).output == "--profile ops doctor\n"


def test_a_command_that_hangs_is_killed(tmp_path: Path) -> None:
    done = run_command(tmp_path, ["doctor"], install(tmp_path / "bin", "exec sleep 600"), timeout=0.1)
    assert done.status is None and not done.is_ok


def test_without_the_program_nothing_is_run(tmp_path: Path) -> None:
    environment = {"PATH": str(tmp_path)}
    assert not is_installed(environment)
    with pytest.raises(ClawtuiError, match="not on the PATH"):
        run_command(tmp_path, ["doctor"], environment)
