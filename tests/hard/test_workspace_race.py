"""Removing a workspace while a real gateway dispatches: no run ever loses the one that it made."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from clawtui.model.errors import ClawtuiError
from clawtui.operations.runs.workspaces import clean_workspace, report_workspace
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspaces.manager import WorkspaceManager
from clawtui.storage.workspaces.removal import list_workspaces_aside
from tests.cli.processes import PROJECT, environment, run
from tests.gateway_root import GatewayRoot
from tests.hard.dispatching_gateway import ID

TRIES = 65
"""At least: with the command each takes a second, and in this process thousands are made."""
SECONDS = 10


def now() -> datetime:
    return datetime.now(UTC)


def by_operation(paths: StatePaths) -> None:
    clean_workspace(paths, report_workspace(paths, ID, measured=False).workspace, now)


def by_library(paths: StatePaths) -> None:
    WorkspaceManager(paths).clean(ID)


def by_command(paths: StatePaths) -> None:
    ended = run("--root", str(paths.root), "workspace", "clean", ID, "--yes")
    assert ended.returncode in (0, 3, 4, 5), ended.stderr
    if ended.returncode:
        raise ClawtuiError(str(ended.returncode))


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
@pytest.mark.parametrize("clean", [by_operation, by_library, by_command])
def test_no_run_loses_its_workspace_while_another_s_is_removed(
    gateway: GatewayRoot, clean: Callable[[StatePaths], None]
) -> None:
    paths = StatePaths(gateway.root)
    tries: Counter[str] = Counter()
    command = [sys.executable, "-m", "tests.hard.dispatching_gateway", str(gateway.root)]
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as dispatching:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end or tries.total() < TRIES:
            try:
                clean(paths)
                tries["removed"] += 1
            except ClawtuiError as error:
                tries[type(error).__name__] += 1
        counts = json.loads(dispatching.communicate()[0])
    print(tries, counts["runs"])
    assert counts["faults"] == [] and counts["runs"] > 1
    assert list_workspaces_aside(paths.automations) == ()
