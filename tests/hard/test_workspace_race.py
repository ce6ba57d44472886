"""Removing a workspace while a real gateway dispatches: no run ever loses the one that it made."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from clawtui.operations.workspaces import clean_workspace, report_workspace
from clawtui.storage.errors import StorageError
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspace_manager import WorkspaceManager
from clawtui.storage.workspace_removal import list_workspaces_aside
from tests.cli.processes import PROJECT, environment, run
from tests.gateway_root import GatewayRoot
from tests.hard.dispatching_gateway import ID

SECONDS = 12
TRIES = 65


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
        raise StorageError(str(ended.returncode))


@pytest.mark.slow
@pytest.mark.parametrize("clean", [by_operation, by_library, by_command])
def test_no_run_loses_its_workspace_while_another_s_is_removed(
    gateway: GatewayRoot, clean: Callable[[StatePaths], None]
) -> None:
    paths = StatePaths(gateway.root)
    seconds = 75 if clean is by_command else SECONDS
    tries: Counter[str] = Counter()
    command = [sys.executable, "-m", "tests.hard.dispatching_gateway", str(gateway.root), str(seconds)]
    with subprocess.Popen(command, cwd=PROJECT, env=environment(), stdout=subprocess.PIPE, text=True) as dispatching:
        while dispatching.poll() is None:
            try:
                clean(paths)
                tries["removed"] += 1
            except StorageError as error:
                tries[type(error).__name__] += 1
        said = json.loads(dispatching.stdout.read() if dispatching.stdout else "")
    print(tries, said["runs"])
    assert said["faults"] == []
    assert tries.total() >= TRIES and tries["removed"] > 0 and tries.total() > tries["removed"]
    assert list_workspaces_aside(paths.automations) == ()
