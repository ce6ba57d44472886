"""How long the thread may sleep: at a clock that stands still until it is told to go on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clawtui.live.intervals import Intervals
from clawtui.live.root import Root, find_root
from clawtui.live.watch_events import WatchEvents, Watching
from clawtui.live.watch_session import WatchSession
from clawtui.live.watcher import Notify, NotifyFactory, Watcher, quickest_watcher, rust_notify
from clawtui.storage.paths import StatePaths
from tests.gateway_root import GatewayRoot
from tests.live.watched import limit_reached

TIMING = Intervals(step=1, rest=10, lively=100, gap=3, sweep=5000, poll=20, mend=7, retry=3000)


class Scene:
    """A session, and the hands of its clock."""

    def __init__(
        self, gateway: GatewayRoot, factory: NotifyFactory = rust_notify, watcher: Watching | None = None
    ) -> None:
        root = find_root(StatePaths(gateway.root))
        assert isinstance(root, Root)
        self.now = 1_000_000.0
        self.base = str(root.base)
        self.watcher = watcher or Watcher(factory)
        self.session = WatchSession(root, "here", self.watcher, TIMING, lambda: self.now)
        self.fleet = self.session.turn(WatchEvents())
        while not self.fleet.loaded or self.session.passes == 0:
            self.pass_time()

    def pass_time(self, *paths: str) -> float:
        """Sleeps as long as the session wants, then tells it of ``paths``; how long that was."""
        pause = self.session.pause(self.now).most
        self.now += pause
        self.fleet = self.session.turn(WatchEvents(frozenset(f"{self.base}/{path}" for path in paths)))
        return pause

    def be_still(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self.pass_time()


@pytest.fixture
def scene(gateway: GatewayRoot) -> Iterator[Scene]:
    gateway.automation("a-1")
    scene = Scene(gateway)
    yield scene
    scene.session.close()
    scene.watcher.close()


def test_steps_are_short_while_things_change_and_long_at_rest(scene: Scene) -> None:
    scene.be_still(TIMING.gap)
    assert scene.pass_time() == TIMING.step
    scene.be_still(TIMING.lively)
    assert scene.pass_time() == TIMING.rest
    scene.pass_time("elsewhere", "config/notes.json.1.2.tmp")
    assert scene.pass_time() == TIMING.rest, "what is none of ours changes nothing"
    scene.pass_time("config/smart-sync-fork/a-1.json")
    assert scene.pass_time() == TIMING.step


def test_a_fleet_is_not_followed_by_another_at_once(scene: Scene, gateway: GatewayRoot) -> None:
    scene.be_still(TIMING.lively)
    gateway.automation("a-1", name="Later")
    before = scene.fleet
    scene.pass_time("config/smart-sync-fork/a-1.json")
    assert scene.fleet is not before
    shown = scene.now
    assert scene.session.pause(shown) == (TIMING.gap, TIMING.gap)
    assert scene.session.pause(shown + 1) == (TIMING.gap - 1, TIMING.gap - 1)
    assert scene.session.pause(shown + TIMING.gap) == (0, TIMING.step)


def test_half_a_document_is_looked_at_again_in_time(scene: Scene, gateway: GatewayRoot) -> None:
    gateway.write("config/smart-sync-fork/a-1.json", "{")
    scene.pass_time("config/smart-sync-fork/a-1.json")
    scene.be_still(TIMING.mend)
    assert not scene.fleet.problems
    scene.be_still(TIMING.mend)
    assert scene.fleet.problems


@pytest.mark.parametrize("hinted", [True, False])
def test_only_what_a_sweep_found_and_no_hint_told_proves_a_watch_dead(gateway: GatewayRoot, hinted: bool) -> None:
    built: list[list[str]] = []

    def counted(directories: list[str]) -> Notify:
        built.append(directories)
        return rust_notify(directories)

    gateway.automation("a-1")
    scene = Scene(gateway, counted)
    before, passes = len(built), scene.session.passes
    gateway.automation("a-1", name="Later")
    while scene.session.passes == passes:
        scene.pass_time()
    scene.pass_time(*(["config/smart-sync-fork/a-1.json"] if hinted else []))
    assert scene.fleet.automations["config/smart-sync-fork/a-1.json"].name == "Later"
    scene.pass_time()
    assert (len(built) == before) == hinted
    scene.session.close()
    scene.watcher.close()


def test_without_the_kernel_it_sleeps_until_it_is_time_to_look(gateway: GatewayRoot) -> None:
    gateway.automation("a-1")
    scene = Scene(gateway, limit_reached)
    assert scene.fleet.watch == "polling"
    assert TIMING.poll - 2 * TIMING.step <= scene.session.pause(scene.now).most <= TIMING.poll
    gateway.automation("a-1", name="Later")
    began = scene.now
    while scene.fleet.automations["config/smart-sync-fork/a-1.json"].name != "Later":
        scene.pass_time()
    assert scene.now - began <= TIMING.poll + TIMING.step
    scene.session.close()


def test_a_watcher_that_can_be_waited_on_is_never_asked_in_between(gateway: GatewayRoot) -> None:
    gateway.automation("a-1")
    scene = Scene(gateway, watcher=quickest_watcher())
    scene.be_still(TIMING.gap)
    if scene.watcher.descriptor is not None:
        assert scene.session.pause(scene.now).most > TIMING.sweep / 2
    scene.session.close()
    scene.watcher.close()
