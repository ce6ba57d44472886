"""Changes that the kernel does not report are found nevertheless."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clawtui.live.root import is_remote
from clawtui.live.watching.events import Generate, StopEvent, watch_directories
from clawtui.live.watching.intervals import Intervals
from clawtui.model.fleet import Fleet
from tests.gateway_root import GatewayRoot, run_entry
from tests.live.conftest import Watch
from tests.live.watched import QUICK, Watched, limit_reached, read_once
from tests.waiting import wait_until

Changes = Iterable[AbstractSet[tuple[int, str]]]


def elsewhere(directory: Path) -> Generate:
    """Return a generator that watches the wrong directory: every event of the right ones is lost."""
    return lambda directories, step, stop: watch_directories([str(directory)], step, stop)


def name_of(fleet: Fleet, id: str = "a-1") -> str | None:
    automation = fleet.automations.get(f"config/smart-sync-fork/{id}.json")
    return automation.name if automation else None


def is_named(name: str) -> Callable[[Fleet], bool]:
    return lambda fleet: name_of(fleet) == name


def change_everything(gateway: GatewayRoot, watched: Watched) -> None:
    """Make one change of each kind, and wait for each."""
    gateway.automation("a-1", name="Found")
    watched.until(lambda fleet: name_of(fleet) == "Found")
    gateway.automation("a-2", type="other")
    watched.until(lambda fleet: "config/other/a-2.json" in fleet.automations)
    gateway.state("a-1")
    watched.until(lambda fleet: "a-1" in fleet.workspaces and fleet.workspaces["a-1"].state)
    gateway.lock("github.com/user/one", "a-1", "locks/github.com/user/one.lock")
    watched.until(lambda fleet: fleet.locks)
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", {"n": 1})
    watched.until(lambda fleet: [tail.lines for tail in fleet.tails.values()] == [('{"n":1}',)])
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", {"n": 2})
    watched.until(lambda fleet: [len(tail.lines) for tail in fleet.tails.values()] == [2])
    (gateway.automations / "locks/github.com/user/one.lock").unlink()
    watched.until(lambda fleet: not fleet.locks)
    (gateway.automations / "config/other/a-2.json").unlink()
    (gateway.automations / "config/other").rmdir()
    watched.until(lambda fleet: len(fleet.automations) == 1)


def test_lost_events_are_found_by_comparing(gateway: GatewayRoot, watch: Watch, tmp_path: Path) -> None:
    gateway.automation("a-1")
    watched = watch(timing=QUICK, factory=elsewhere(tmp_path))
    watched.loaded()
    change_everything(gateway, watched)


def test_without_watches_polling_finds_everything_and_the_fleet_reports_it(gateway: GatewayRoot, watch: Watch) -> None:
    gateway.automation("a-1")
    watched = watch(timing=QUICK, factory=limit_reached)
    assert watched.loaded().watch == "polling"
    change_everything(gateway, watched)
    assert watched.fleet.watch == "polling"


def test_once_there_are_watches_again_they_are_used(gateway: GatewayRoot, watch: Watch) -> None:
    allowed: list[bool] = []

    def at_times(directories: Sequence[str], step: int, stop: StopEvent) -> Changes:
        return (watch_directories if allowed else limit_reached)(directories, step, stop)

    watched = watch(timing=Intervals(reconcile=3600, poll=3600, retry=0.1), factory=at_times)
    assert watched.loaded().watch == "polling"
    gateway.automation("a-1", name="Missed")
    allowed.append(True)
    watched.until(lambda fleet: fleet.watch == "watching" and name_of(fleet) == "Missed")
    gateway.automation("a-1", name="Reported")
    watched.until(lambda fleet: name_of(fleet) == "Reported")


def test_a_kernel_that_reports_nothing_is_not_relied_on(gateway: GatewayRoot, watch: Watch, tmp_path: Path) -> None:
    gateway.automation("a-1")
    watched = watch(timing=QUICK, factory=elsewhere(tmp_path))
    assert watched.loaded().watch == "watching"
    for n in range(50):  # what is missed right after a generator was started proves nothing
        gateway.automation("a-1", name=f"Name {n}")
        watched.until(is_named(f"Name {n}"))
        if watched.fleet.watch == "polling":
            break
    watched.until(lambda fleet: fleet.watch == "polling")


def test_a_watch_that_ended_is_replaced_once_that_shows(gateway: GatewayRoot, watch: Watch, tmp_path: Path) -> None:
    built: list[Sequence[str]] = []

    def first_one_wrong(directories: Sequence[str], step: int, stop: StopEvent) -> Changes:
        built.append(directories)
        return watch_directories([str(tmp_path)] if len(built) <= 2 else directories, step, stop)

    gateway.automation("a-1")
    watched = watch(timing=QUICK, factory=first_one_wrong)
    watched.loaded()
    gateway.automation("a-1", name="Found")
    watched.until(lambda fleet: name_of(fleet) == "Found")
    wait_until(lambda: len(built) > 2)
    assert watched.fleet.watch == "watching"


def test_a_directory_that_was_replaced_unnoticed_is_watched_again(
    gateway: GatewayRoot, watch: Watch, tmp_path: Path
) -> None:
    built: list[Sequence[str]] = []

    def counted(directories: Sequence[str], step: int, stop: StopEvent) -> Changes:
        built.append(directories)
        return watch_directories([str(tmp_path)], step, stop)

    (gateway.automations / "config/empty").mkdir(parents=True)
    watched = watch(timing=QUICK, factory=counted)
    watched.loaded()
    before = len(built)
    (gateway.root / "other").mkdir()
    (gateway.root / "other").rename(gateway.automations / "config/empty")
    wait_until(lambda: len(built) > before)


def test_in_polling_a_change_within_one_tick_of_the_clock_is_found(gateway: GatewayRoot, watch: Watch) -> None:
    """A file that is rewritten in place with its size and time kept differs in its content only."""
    path = gateway.automation("a-1", name="One")
    watched = watch(timing=QUICK, factory=limit_reached)
    watched.loaded()
    status = path.stat()
    path.write_text(path.read_text().replace("One", "Two"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    watched.until(lambda fleet: name_of(fleet) == "Two")


def test_a_rescan_reads_every_file_again(gateway: GatewayRoot, watch: Watch, tmp_path: Path) -> None:
    gateway.automation("a-1")
    gateway.automation("a-3")
    watched = watch(timing=Intervals(reconcile=3600, poll=3600), factory=elsewhere(tmp_path))
    watched.loaded()
    gateway.automation("a-1", name="Found")
    gateway.automation("a-2", name="New")
    (gateway.automations / "config/smart-sync-fork/a-3.json").unlink()
    watched.model.rescan()
    watched.until(lambda fleet: name_of(fleet) == "Found" and name_of(fleet, "a-2") == "New")
    watched.until(lambda fleet: name_of(fleet, "a-3") is None)


def test_a_file_system_of_another_machine_is_polled_from_the_start(
    gateway: GatewayRoot, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clawtui.live.watch_session.is_remote", lambda device: True)
    gateway.automations.rmdir()
    watched = watch(timing=QUICK)
    watched.until(lambda fleet: fleet.watch == "waiting")
    gateway.automation("a-1")
    watched.loaded()
    assert {fleet.watch for fleet in watched.fleets} == {"waiting", "polling"}
    gateway.automation("a-1", name="Found")
    watched.until(is_named("Found"))


@pytest.mark.parametrize(("type", "remote"), [("ext4", False), ("nfs4", True), ("fuse.sshfs", True), ("tmpfs", False)])
def test_a_file_system_of_another_machine_is_known_by_its_type(tmp_path: Path, type: str, remote: bool) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(
        "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
        f"40 27 0:99 / /mnt/with\\040space rw shared:7 master:3 - {type} host:/export rw,vers=4.2\n"
    )
    assert is_remote(os.makedev(0, 99), table) is remote
    assert not is_remote(os.makedev(0, 21), table)
    assert not is_remote(os.makedev(9, 9), table)


def test_the_file_system_that_tests_run_on_is_found_in_the_real_table(tmp_path: Path) -> None:
    assert not is_remote(tmp_path.stat().st_dev)
    assert not is_remote(tmp_path.stat().st_dev, tmp_path / "no such table")


IDS = st.sampled_from(["a", "b"])
PLACES = st.sampled_from(
    [
        "config",
        "config/t",
        "config/u",
        "workspaces",
        "workspaces/a",
        "workspaces/b",
        "locks",
        "locks/host",
        "logs/t",
        "logs",
    ]
)
STEPS = st.one_of(
    st.tuples(st.just("automation"), IDS, st.sampled_from(["t", "u"])),
    st.tuples(st.just("state"), IDS, st.just("")),
    st.tuples(st.just("lock"), IDS, st.sampled_from(["locks/x.lock", "locks/host/x.lock"])),
    st.tuples(
        st.just("log"), st.sampled_from(["t", "dispatcher"]), st.sampled_from(["2025-01-26", "a-2025-01-26-10-00-00"])
    ),
    st.tuples(
        st.just("malformed"), IDS, st.sampled_from(["config/t/a.json", "workspaces/a/state.json", "locks/x.lock"])
    ),
    st.tuples(st.just("delete"), st.just(""), PLACES),
    st.tuples(st.just("rename"), PLACES, PLACES),
)


def act(gateway: GatewayRoot, serial: int, step: tuple[str, str, str]) -> None:
    """Make one change to the disk, if what exists allows it."""
    what, one, other = step
    try:
        match what:
            case "automation":
                gateway.automation(one, type=other, name=f"Name {serial}")
            case "state":
                gateway.state(one, percentage=serial % 100)
            case "lock":
                gateway.lock("github.com/user/one", one, other)
            case "log":
                gateway.append_log(f"logs/{one}/{other}.jsonl", run_entry("a", f"entry {serial}"))
            case "malformed":
                gateway.write(other, "{" * (serial % 3))
            case "delete":
                os.system(f"rm -rf '{gateway.automations / other}'")
            case "rename":
                (gateway.automations / one).rename(gateway.automations / other)
    except OSError:
        return


@pytest.mark.parametrize("factory", [watch_directories, limit_reached])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=1, max_size=12))
def test_after_any_changes_the_fleet_equals_a_fresh_reading(
    factory: Generate, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]]
) -> None:
    gateway = GatewayRoot(tmp_path_factory.mktemp("root"))
    gateway.automations.mkdir()
    timing = Intervals(reconcile=3600, poll=0.02, reread=0.01, step=0.001, gap=0)
    watched = Watched(gateway.root, timing=timing, factory=factory)
    try:
        watched.loaded()
        for serial, step in enumerate(steps):
            act(gateway, serial, step)
        expected = read_once(gateway.root)
        watched.until(lambda fleet: settled(fleet) == settled(expected), what=f"the state after {steps}")
    finally:
        watched.model.stop()


def settled(fleet: Fleet) -> tuple[object, ...]:
    """Return what depends on the disk alone: not how often a tail was read from its start."""
    tails = {path: (tail.lines, tail.problem) for path, tail in fleet.tails.items()}
    parts = (fleet.dispatcher, fleet.concurrency, fleet.automations, fleet.workspaces, fleet.locks, fleet.logs)
    return (*parts, tails, fleet.problems)
