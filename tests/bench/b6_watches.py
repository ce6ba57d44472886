"""B6: how many inotify watches large clones take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bench.cost import watches
from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.programs import baseline, dashboard
from tests.bench.roots import bench_root, name

WORKSPACES = 100
DIRECTORIES = 1000


def measure() -> Iterator[Figure]:
    """Count the watches on workspaces, those inside clones, and those of a recursive watcher."""
    workspaces = times(WORKSPACES)
    with bench_root() as root:
        root.furnish(workspaces, workspaces=workspaces, directories=DIRECTORIES)
        folder = root.automations / "workspaces"
        with baseline("plain_watch.py", root, folder / name(0)) as probe:
            probe.until(b"ready", since=0)
            recursive = len(watches(probe.pid)) * workspaces
        with dashboard(root) as probe:
            probe.until(name(0).encode(), since=0)
            probe.settle(1.0)
            taken = set(watches(probe.pid))
        own = {path.stat().st_ino for path in folder.iterdir()}
        inside = {path.stat().st_ino for path in _directories_below(folder)}
    what = f"watches for {workspaces} workspaces of {DIRECTORIES:,} directories"
    yield Figure("B6", what, len(taken & own), "", workspaces, recursive, "recursively")
    yield Figure("B6", "watches inside clones", len(taken & inside), "", 0)
    yield Figure("B6", "all other watches", len(taken - own - inside), "")


def _directories_below(folder: Path) -> Iterator[Path]:
    return folder.glob("*/repo/**/")
