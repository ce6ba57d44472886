"""The changes that the kernel reports and those that the reconciler has to find, without a thread."""

from __future__ import annotations

import math
import socket
import time
from pathlib import Path

import pytest

from clawtui.live.fleet_reader import FleetReader
from clawtui.live.reading.queue import RETRIES
from clawtui.live.watching.intervals import Intervals
from clawtui.model.fleet import Fleet
from tests.gateway_root import GatewayRoot

A_1 = "config/smart-sync-fork/a-1.json"


def settle(reader: FleetReader) -> Fleet:
    while reader.busy:
        reader.directories.mark_watched()
        reader.read_pending(math.inf)
    return reader.build("watching")


@pytest.fixture
def reader(gateway: GatewayRoot) -> FleetReader:
    gateway.automation("a-1")
    reader = FleetReader(gateway.automations, str(gateway.root), Intervals(reread=0), time.monotonic)
    settle(reader)
    return reader


def test_a_change_that_only_the_reconciler_found_was_missed(reader: FleetReader, gateway: GatewayRoot) -> None:
    gateway.automation("a-1", name="Later")
    reader.note_differences([A_1], excused=False)
    assert settle(reader).automations[A_1].name == "Later"
    assert reader.take_missed() == 1


def test_a_change_that_was_reported_as_well_was_not_missed(reader: FleetReader, gateway: GatewayRoot) -> None:
    gateway.automation("a-1", name="Later")
    reader.note_differences([A_1], excused=False)
    assert reader.note_events([A_1, f"{A_1}.1.2.tmp", "artifacts/x"]) == 1
    assert settle(reader).automations[A_1].name == "Later"
    assert reader.take_missed() == 0


def test_a_path_that_is_unchanged_was_not_missed(reader: FleetReader) -> None:
    reader.note_differences([A_1, "config", ""], excused=False)
    settle(reader)
    assert reader.take_missed() == 0


def test_a_change_between_two_generators_is_excused(reader: FleetReader, gateway: GatewayRoot) -> None:
    gateway.automation("a-1", name="Later")
    reader.note_differences([A_1], excused=True)
    assert settle(reader).automations[A_1].name == "Later"
    assert reader.take_missed() == 0


def test_an_event_below_a_link_is_ignored(reader: FleetReader, gateway: GatewayRoot, tmp_path: Path) -> None:
    outside = GatewayRoot(tmp_path / "outside")
    outside.automation("b-1", type="linked")
    (gateway.automations / "config/linked").symlink_to(outside.automations / "config/linked")
    for _ in range(RETRIES + 1):
        reader.note_events(["config/linked/b-1.json"])
        fleet = settle(reader)
        assert fleet.automations.keys() == {A_1} and not fleet.problems
    reader.note_events(["config/linked"])
    assert settle(reader).problems.keys() == {"config/linked"}


def test_no_directory_is_listed_before_it_is_watched(gateway: GatewayRoot) -> None:
    gateway.lock("github.com/user/one", "a-1", "locks/github.com/user/one.lock")
    reader = FleetReader(gateway.automations, str(gateway.root), Intervals(), time.monotonic)
    rounds = []
    while reader.busy:
        rounds.append({folder.path for folder in reader.directories.unwatched})
        assert rounds[-1] <= set(reader.directories.paths())
        reader.directories.mark_watched()
        reader.read_pending(math.inf)
    assert rounds == [{""}, {"locks"}, {"locks/github.com"}, {"locks/github.com/user"}]


def test_reading_can_be_done_a_little_at_a_time(gateway: GatewayRoot) -> None:
    for n in range(20):
        gateway.automation(f"a-{n}")
    reader = FleetReader(gateway.automations, str(gateway.root), Intervals(), time.monotonic)
    sizes = set()
    while reader.busy:
        reader.directories.mark_watched()
        reader.read_pending(until=-math.inf)
        fleet = reader.build("watching")
        sizes.add(len(fleet.automations))
        assert fleet.loaded == (not reader.busy)
    assert sizes == set(range(21))


def test_documents_are_published_before_logs_are_listed(gateway: GatewayRoot) -> None:
    gateway.automation("a-1")
    gateway.append_log("logs/smart-sync-fork/a-1-2025-01-26-10-00-00.jsonl", {"n": 1})
    reader = FleetReader(gateway.automations, str(gateway.root), Intervals(), time.monotonic)
    while not reader.build("watching").automations:
        reader.directories.mark_watched()
        reader.read_pending(math.inf)
    assert not reader.build("watching").logs
    assert settle(reader).logs


def test_a_lock_of_another_host_makes_the_zone_of_the_gateway_unknown(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    gateway.automation("a-1")
    gateway.lock("github.com/user/here", "a-1", None, hostname=f"{socket.gethostname()}.example.org")
    reader = FleetReader(gateway.automations, str(gateway.root), Intervals(reread=0), time.monotonic)
    assert str(settle(reader).automations[A_1].zone) == "Asia/Kolkata"
    lock = gateway.lock("github.com/user/there", "a-1", None, hostname="4f1c2a9d8e07")
    reader.note_events([str(lock.relative_to(gateway.automations))])
    assert settle(reader).automations[A_1].zone is None


def test_a_directory_in_the_place_of_a_configuration_is_a_problem_and_no_automation(gateway: GatewayRoot) -> None:
    gateway.automation("a-1")
    path = "config/smart-sync-fork/foo.json"
    (gateway.automations / path).mkdir()
    fleet = settle(FleetReader(gateway.automations, str(gateway.root), Intervals(reread=0), time.monotonic))
    assert list(fleet.automations) == [A_1]
    assert fleet.problems[path].message == "is a directory where a file should be"
