"""The order in which resources are read again."""

from __future__ import annotations

import math
import time

from clawtui.live.fleet_reader import FleetReader
from clawtui.live.reading.queue import ReadQueue
from clawtui.live.route import Kind, route
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths
from tests.gateway_root import GatewayRoot
from tests.live.watched import EVENTS_ALONE

NEW = 300
PATHS = ("logs/t", "workspaces/new", "config/t/a.json", "workspaces/known/state.json", "locks/a.lock", "config/t")


def order(queue: ReadQueue) -> list[Kind]:
    queue.update(resource for path in PATHS if (resource := route(path)))
    return [queue.pop().kind for _ in range(len(queue))]


def test_workspaces_are_listed_early_at_the_start_and_after_all_documents_later() -> None:
    queue = ReadQueue()
    documents = [Kind.STATE, Kind.LOCK, Kind.AUTOMATION]
    assert order(queue) == [Kind.TYPE_FOLDER, Kind.WORKSPACE, *documents, Kind.LOG_FOLDER]
    queue.documents_first = True
    assert order(queue) == [Kind.TYPE_FOLDER, *documents, Kind.WORKSPACE, Kind.LOG_FOLDER]


def test_a_changed_configuration_is_read_before_hundreds_of_new_workspaces(gateway: GatewayRoot) -> None:
    gateway.automation("a")
    gateway.state("a")
    base = StatePaths(gateway.root).automations
    reader = FleetReader(base, str(gateway.root), EVENTS_ALONE, time.monotonic)

    def read(until: float) -> Fleet:
        reader.directories.mark_watched()
        reader.read_pending(until)
        return reader.build("watching")

    while not read(math.inf).loaded:
        continue
    gateway.automation("a", name="Later")
    for number in range(NEW):
        gateway.state(f"new-{number}")
    reader.note_events(["workspaces", "config/smart-sync-fork/a.json"])
    fleet = read(-math.inf)
    while fleet.automations["config/smart-sync-fork/a.json"].name != "Later":
        fleet = read(-math.inf)  # one resource at a time
    assert len(fleet.workspaces) == 1
    while reader.busy:
        fleet = read(math.inf)
    assert len(fleet.workspaces) == NEW + 1
    reader.close()
