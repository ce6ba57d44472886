"""The cost of a change is the size of the change, never of the fleet."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.gateway_root import GatewayRoot, run_entry
from tests.live.conftest import Watch
from tests.live.watched import Watched, percentage
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("no_fresh_files")

_looked: list[str] | None = None


def _record(event: str, arguments: tuple[object, ...]) -> None:
    """Record what is opened and listed. An audit hook cannot be removed, so it records only on request."""
    if _looked is None:
        return
    if event == "open":
        path, _, flags = arguments
        if isinstance(flags, int) and not flags & os.O_DIRECTORY and not flags & os.O_CREAT:
            _looked.append(f"{path}")
    elif event in ("os.scandir", "os.listdir"):
        _looked.append(event)


sys.addaudithook(_record)


@contextmanager
def looks() -> Iterator[list[str]]:
    """Record every file that this process opens for reading in the meantime, and every directory that it lists."""
    global _looked
    _looked = []
    try:
        yield _looked
    finally:
        _looked = None


def inotify_watches() -> list[int]:
    """Return the inodes that this process watches."""
    inodes = []
    for info in Path("/proc/self/fdinfo").iterdir():
        try:
            lines = info.read_text().splitlines()
        except FileNotFoundError:
            continue
        inodes += [int(line.split("ino:")[1].split()[0], 16) for line in lines if line.startswith("inotify")]
    return inodes


def test_one_update_among_a_thousand_automations_opens_one_file_and_shares_the_rest(
    gateway: GatewayRoot, watch: Watch
) -> None:
    for n in range(1000):
        gateway.automation(f"a-{n}")
    for n in range(20):
        gateway.state(f"a-{n}")
        gateway.progress(f"a-{n}", ("Cloning", 10))
        gateway.append_log(f"logs/smart-sync-fork/a-{n}-2025-01-26-10-00-00.jsonl", run_entry(f"a-{n}", "one"))
    watched: Watched = watch()
    before = watched.loaded()
    published = len(watched.fleets)
    with looks() as looked:
        gateway.progress("a-7", ("Cloning", 10), ("Merging", 40))
        watched.until(lambda fleet: fleet.workspaces["a-7"].progress is not before.workspaces["a-7"].progress)
    after = watched.fleet
    assert looked == ["progress.json"]
    assert len(watched.fleets) == published + 1
    assert after.automations is before.automations and after.logs is before.logs and after.locks is before.locks
    assert {id for id in after.workspaces if after.workspaces[id] is not before.workspaces[id]} == {"a-7"}
    assert after.workspaces["a-7"].state is before.workspaces["a-7"].state
    with looks() as looked:
        gateway.automation("a-500", name="Changed")
        watched.until(lambda fleet: fleet.automations["config/smart-sync-fork/a-500.json"].name == "Changed")
    assert looked == ["a-500.json"]
    assert sum(watched.fleet.automations[path] is not after.automations[path] for path in after.automations) == 1


def test_a_log_that_is_not_followed_is_never_opened(gateway: GatewayRoot, watch: Watch) -> None:
    path = "logs/smart-sync-fork/a-1-2025-01-26-10-00-00.jsonl"
    gateway.append_log(path, run_entry("a-1", "one"))
    gateway.state("a-1")
    watched: Watched = watch()
    logs = watched.loaded().logs
    with looks() as looked:
        for n in range(50):
            gateway.append_log(path, run_entry("a-1", f"{n}"))
        gateway.state("a-1", percentage=77)
        watched.until(lambda fleet: percentage(fleet, "a-1") == 77)
    assert looked == ["state.json"]
    assert watched.fleet.logs is logs


def test_no_directory_of_a_clone_is_watched(gateway: GatewayRoot, watch: Watch) -> None:
    for id in ("a-1", "a-2", "a-3"):
        gateway.state(id)
    clone = gateway.automations / "workspaces/a-1/repo"
    for n in range(2000):
        (clone / f"{n % 50}" / f"{n}").mkdir(parents=True)
    gateway.automation("a-1")
    gateway.lock("github.com/user/one", "a-1", "locks/github.com/user/one.lock")
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", {"n": 1})
    (gateway.automations / "artifacts/a-1").mkdir(parents=True)
    watched: Watched = watch()
    watched.loaded()
    expected = ["", "config", "config/smart-sync-fork", "logs", "logs/dispatcher"]
    expected += ["workspaces", *(f"workspaces/a-{n}" for n in (1, 2, 3))]
    expected += ["locks", "locks/github.com", "locks/github.com/user"]
    inodes = sorted((gateway.automations / path).stat().st_ino for path in expected)
    wait_until(lambda: sorted(inotify_watches()) == inodes, what="one watch a directory that matters")
    gateway.state("a-4")
    watched.until(lambda fleet: "a-4" in fleet.workspaces)
    inodes = sorted([*inodes, (gateway.automations / "workspaces/a-4").stat().st_ino])
    wait_until(lambda: sorted(inotify_watches()) == inodes, what="one more watch")


def test_after_it_stopped_nothing_is_watched_and_no_file_is_open(gateway: GatewayRoot, watch: Watch) -> None:
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", {"n": 1})
    wait_until(lambda: not inotify_watches())
    before = len(list(Path("/proc/self/fd").iterdir()))
    watched: Watched = watch()
    watched.loaded()
    assert inotify_watches()
    watched.model.stop()
    wait_until(lambda: not inotify_watches() and len(list(Path("/proc/self/fd").iterdir())) <= before)
