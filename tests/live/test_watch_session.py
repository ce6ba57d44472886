"""How long the thread may sleep, at a clock that the test advances."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

import pytest
from msgspec.structs import replace

from clawtui.live import reconciler
from clawtui.live.root import Root, find_root
from clawtui.live.watch_session import WatchSession
from clawtui.live.watching.events import Generate, StopEvent, WatchEvents, watch_directories
from clawtui.live.watching.intervals import Intervals
from clawtui.live.watching.watcher import Watcher
from clawtui.storage.paths import StatePaths
from tests.gateway_root import GatewayRoot
from tests.live.watched import limit_reached

pytestmark = pytest.mark.usefixtures("no_fresh_files")

TIMING = Intervals(
    step=0.002,
    silence=0.006,
    rest=0.010,
    burst=10,
    lively=100,
    running=1000,
    gap=3,
    steady_gap=6,
    reconcile=5000,
    poll=20,
    reread=7,
    retry=3000,
)


class Scene:
    """A session, and its clock."""

    def __init__(
        self, gateway: GatewayRoot, generate: Generate = watch_directories, intervals: Intervals = TIMING
    ) -> None:
        root = find_root(StatePaths(gateway.root))
        assert isinstance(root, Root)
        self.now = 1_000_000.0
        self.base = str(root.base)
        self.watcher = Watcher(generate=generate)
        self.session = WatchSession(root, "here", self.watcher, intervals, lambda: self.now)
        self.fleet = self.session.update(WatchEvents())
        while not self.fleet.loaded or self.session.passes == 0:
            self.pass_time()

    def pass_time(self, *paths: str, limit: float = math.inf) -> float:
        """Sleep as long as the session wants, then report `paths` to it; return how long that was."""
        pause = min(self.session.pause(self.now).most, limit)
        self.now += pause
        self.fleet = self.session.update(WatchEvents(frozenset(f"{self.base}/{path}" for path in paths)))
        return pause

    def be_still(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self.pass_time(limit=end - self.now)

    def close(self) -> None:
        self.session.close()
        self.watcher.close()


@pytest.fixture
def scene(gateway: GatewayRoot) -> Iterator[Scene]:
    gateway.automation("a-1")
    scene = Scene(gateway)
    yield scene
    scene.close()


def test_the_step_is_short_while_changes_go_on_and_long_at_rest(scene: Scene) -> None:
    assert scene.watcher.step == TIMING.step
    scene.be_still(TIMING.lively + 1)
    assert scene.watcher.step == TIMING.rest
    for _ in range(2):
        scene.pass_time("elsewhere", "config/notes.json.1.2.tmp")
        scene.be_still(TIMING.burst)
    assert scene.watcher.step == TIMING.rest, "a path of no interest changes nothing"
    scene.pass_time("config/smart-sync-fork/a-1.json")
    scene.be_still(TIMING.burst)
    assert scene.watcher.step == TIMING.rest, "one change does not make it short"
    scene.pass_time("config/smart-sync-fork/a-1.json", limit=0)
    scene.pass_time()
    assert scene.watcher.step == TIMING.step


def test_during_a_silent_run_the_step_is_between_both_but_not_for_ever(scene: Scene, gateway: GatewayRoot) -> None:
    gateway.state("a-1")
    scene.pass_time("workspaces")
    scene.be_still(TIMING.lively * 2)
    assert scene.fleet.workspaces["a-1"].running
    assert scene.watcher.step == TIMING.silence
    scene.be_still(TIMING.running)
    assert scene.watcher.step == TIMING.rest


def test_another_step_is_followed_by_a_comparison_with_the_disk(scene: Scene, gateway: GatewayRoot) -> None:
    """The change is made while one generator takes over from the other; neither reports it."""
    scene.be_still(TIMING.lively - 1)
    passes = scene.session.passes
    gateway.automation("a-1", name="Later")
    scene.be_still(5)
    assert scene.watcher.step == TIMING.rest
    assert scene.session.passes > passes
    assert scene.fleet.automations["config/smart-sync-fork/a-1.json"].name == "Later"


def test_of_many_paths_another_step_is_followed_by_a_comparison_of_locks_and_runs(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.automation("a-1")
    gateway.lock("github.com/user/one", "a-1")
    monkeypatch.setattr(reconciler, "PATHS_A_SECOND", 1 / (64 * TIMING.reconcile))
    scene = Scene(gateway)
    try:
        scene.be_still(TIMING.lively - 1)
        passes = scene.session.passes
        gateway.lock("github.com/user/one", "another")
        gateway.automation("a-1", name="Later")
        scene.be_still(5)
        assert scene.watcher.step == TIMING.rest
        (lock,) = scene.fleet.locks.values()
        assert lock.value is not None and lock.value.automation_id == "another"
        assert scene.session.passes == passes
        assert scene.fleet.automations["config/smart-sync-fork/a-1.json"].name == "A 1"
    finally:
        scene.close()


def test_at_rest_the_thread_sleeps_until_the_next_comparison(scene: Scene) -> None:
    scene.be_still(TIMING.lively + 10)
    assert scene.session.pause(scene.now).most > TIMING.reconcile / 2


def test_passes_over_many_paths_are_further_apart(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.be_still(TIMING.lively + 10)
    assert scene.session.pause(scene.now).most <= TIMING.reconcile
    monkeypatch.setattr(reconciler, "PATHS_A_SECOND", 1 / (4 * TIMING.reconcile))
    assert scene.session.pause(scene.now).most > 2 * TIMING.reconcile


def test_of_many_paths_locks_and_runs_are_compared_at_the_usual_pace(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.automation("at-rest")
    gateway.automation("going")
    gateway.state("going", percentage=1)
    gateway.lock("github.com/user/one", "going")
    changes: tuple[Callable[[], object], ...] = (
        lambda: gateway.lock("github.com/user/two", "going"),
        lambda: gateway.lock("github.com/user/one", "going", sessionId="cron:another"),
        lambda: gateway.state("going", percentage=2),
        lambda: gateway.automation("going", name="Changed"),
    )
    monkeypatch.setattr(reconciler, "PATHS_A_SECOND", 1 / (64 * TIMING.reconcile))
    scene = Scene(gateway)
    try:
        scene.be_still(TIMING.lively + TIMING.running)
        gateway.automation("at-rest", name="Another name")
        scene.be_still(3 * TIMING.reconcile)
        assert {each.name for each in scene.fleet.automations.values()} == {"At Rest", "Going"}
        for change in changes:
            scene.pass_time("config/dispatcher-config.json", limit=1)  # the kernel is relied on
            before = scene.fleet
            change()
            scene.be_still(2 * TIMING.reconcile)
            assert scene.fleet is not before
    finally:
        scene.close()


def test_a_fleet_is_not_followed_by_another_at_once(scene: Scene, gateway: GatewayRoot) -> None:
    gateway.automation("a-1", name="Later")
    before = scene.fleet
    scene.pass_time("config/smart-sync-fork/a-1.json")
    assert scene.fleet is not before
    shown = scene.now
    assert scene.session.pause(shown).least == TIMING.gap
    assert scene.session.pause(shown + 1).least == TIMING.gap - 1
    assert scene.session.pause(shown + TIMING.gap).least == 0


def test_while_changes_come_without_a_pause_fleets_are_further_apart(scene: Scene, gateway: GatewayRoot) -> None:
    scene.be_still(20)

    def gap_after_change(number: int) -> float:
        gateway.automation(f"b-{number}")
        scene.pass_time(f"config/smart-sync-fork/b-{number}.json", limit=0)
        return scene.session.pause(scene.now).least

    assert gap_after_change(1) == TIMING.gap
    scene.now += TIMING.gap
    for number in range(2, 5):
        assert gap_after_change(number) == TIMING.steady_gap
        scene.now += TIMING.steady_gap
    scene.now += TIMING.gap
    assert gap_after_change(5) == TIMING.gap


def test_half_a_document_is_read_again_in_time(scene: Scene, gateway: GatewayRoot) -> None:
    gateway.write("config/smart-sync-fork/a-1.json", "{")
    scene.pass_time("config/smart-sync-fork/a-1.json")
    scene.be_still(TIMING.reread)
    assert not scene.fleet.problems
    scene.be_still(TIMING.reread)
    assert scene.fleet.problems


@pytest.mark.parametrize("reported", [True, False])
def test_only_an_unreported_change_proves_that_a_watch_is_dead(gateway: GatewayRoot, reported: bool) -> None:
    built: list[Sequence[str]] = []

    def counted(directories: Sequence[str], step: int, stop_event: StopEvent) -> Iterable[AbstractSet[tuple[int, str]]]:
        built.append(directories)
        return watch_directories(directories, step, stop_event)

    gateway.automation("a-1")
    scene = Scene(gateway, counted, replace(TIMING, silence=TIMING.step, rest=TIMING.step))
    scene.be_still(TIMING.lively + 10)
    before, passes = len(built), scene.session.passes
    gateway.automation("a-1", name="Later")
    while scene.session.passes == passes:
        scene.pass_time()
    scene.session.update(WatchEvents(frozenset([f"{scene.base}/config/smart-sync-fork/a-1.json"] if reported else [])))
    scene.session.update(WatchEvents())
    assert (len(built) == before) == reported
    scene.close()


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
    scene.close()
