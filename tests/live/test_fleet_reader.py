"""What is told as a hint and what a sweep has to find, without a thread."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest

from clawtui.live.fleet_reader import FleetReader
from clawtui.live.intervals import Intervals
from clawtui.live.retry import RETRIES
from clawtui.model.fleet import Fleet
from tests.gateway_root import GatewayRoot

A_1 = "config/smart-sync-fork/a-1.json"


def settle(feed: FleetReader) -> Fleet:
    while feed.busy:
        feed.folders.watched()
        feed.work(math.inf)
    return feed.take("watching")


@pytest.fixture
def feed(gateway: GatewayRoot) -> FleetReader:
    gateway.automation("a-1")
    feed = FleetReader(gateway.automations, str(gateway.root), Intervals(mend=0), time.monotonic)
    settle(feed)
    return feed


def test_a_change_that_only_the_sweep_saw_was_missed(feed: FleetReader, gateway: GatewayRoot) -> None:
    gateway.automation("a-1", name="Later")
    feed.suspect([A_1], excused=False)
    assert settle(feed).automations[A_1].name == "Later"
    assert feed.missed == 1


def test_a_change_that_was_hinted_as_well_was_not_missed(feed: FleetReader, gateway: GatewayRoot) -> None:
    gateway.automation("a-1", name="Later")
    feed.suspect([A_1], excused=False)
    assert feed.hint([A_1, f"{A_1}.1.2.tmp", "artifacts/x"]) == 1
    assert settle(feed).automations[A_1].name == "Later"
    assert feed.missed == 0


def test_a_suspect_that_is_as_it_was_was_not_missed(feed: FleetReader) -> None:
    feed.suspect([A_1, "config", ""], excused=False)
    settle(feed)
    assert feed.missed == 0


def test_what_is_lost_between_two_watchers_is_excused(feed: FleetReader, gateway: GatewayRoot) -> None:
    gateway.automation("a-1", name="Later")
    feed.suspect([A_1], excused=True)
    assert settle(feed).automations[A_1].name == "Later"
    assert feed.missed == 0


def test_a_hint_below_a_link_leads_nowhere(feed: FleetReader, gateway: GatewayRoot, tmp_path: Path) -> None:
    outside = GatewayRoot(tmp_path / "outside")
    outside.automation("b-1", type="linked")
    (gateway.automations / "config/linked").symlink_to(outside.automations / "config/linked")
    for _ in range(RETRIES + 1):
        feed.hint(["config/linked/b-1.json"])
        fleet = settle(feed)
        assert fleet.automations.keys() == {A_1} and not fleet.problems
    feed.hint(["config/linked"])
    assert settle(feed).problems.keys() == {"config/linked"}


def test_no_directory_is_listed_before_it_is_watched(gateway: GatewayRoot) -> None:
    gateway.lock("github.com/user/one", "a-1", "locks/github.com/user/one.lock")
    feed = FleetReader(gateway.automations, str(gateway.root), Intervals(), time.monotonic)
    rounds = []
    while feed.busy:
        rounds.append({folder.path for folder in feed.folders.unwatched})
        assert rounds[-1] <= set(feed.folders.paths())
        feed.folders.watched()
        feed.work(math.inf)
    assert rounds == [{""}, {"locks"}, {"locks/github.com"}, {"locks/github.com/user"}]


def test_reading_can_be_done_a_little_at_a_time(gateway: GatewayRoot) -> None:
    for n in range(20):
        gateway.automation(f"a-{n}")
    feed = FleetReader(gateway.automations, str(gateway.root), Intervals(), time.monotonic)
    sizes = set()
    while feed.busy:
        feed.folders.watched()
        feed.work(until=-math.inf)
        fleet = feed.take("watching")
        sizes.add(len(fleet.automations))
        assert fleet.loaded == (not feed.busy)
    assert sizes == set(range(21))


def test_what_was_read_can_be_shown_before_logs_are_listed(gateway: GatewayRoot) -> None:
    gateway.automation("a-1")
    gateway.append_log("logs/smart-sync-fork/a-1-2025-01-26-10-00-00.jsonl", {"n": 1})
    feed = FleetReader(gateway.automations, str(gateway.root), Intervals(), time.monotonic)
    while not feed.take("watching").automations:
        feed.folders.watched()
        feed.work(math.inf)
    assert not feed.take("watching").logs
    assert settle(feed).logs
