"""The thread ends when it is asked to, and not before."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from clawtui.files.json5.document import DocumentT, read_document
from clawtui.live.model import STOPPING, LiveModel
from clawtui.live.watching.events import Generate, StopEvent, watch_directories
from clawtui.live.watching.intervals import Intervals
from clawtui.model.fleet import Fleet, Reading
from clawtui.storage.paths import StatePaths
from tests.gateway_root import GatewayRoot
from tests.live.conftest import Watch
from tests.live.watched import limit_reached
from tests.waiting import wait_until

HOURS = Intervals(missing=3600, reconcile=3600, poll=3600, root=3600, gap=0)

Changes = Iterable[AbstractSet[tuple[int, str]]]


def live_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "live"]


@pytest.mark.parametrize("factory", [watch_directories, limit_reached])
@pytest.mark.parametrize("exists", [True, False])
def test_it_stops_within_a_second_however_long_it_would_have_slept(
    gateway: GatewayRoot, tmp_path: Path, watch: Watch, factory: Generate, exists: bool
) -> None:
    watched = watch(root=gateway.root if exists else tmp_path / "missing", timing=HOURS, factory=factory)
    watched.until(lambda fleet: fleet.loaded)
    began = time.monotonic()
    watched.model.stop()
    assert not live_threads()
    assert time.monotonic() - began < STOPPING
    watched.model.stop()


def test_it_stops_while_it_reads(gateway: GatewayRoot, watch: Watch) -> None:
    for n in range(500):
        gateway.automation(f"a-{n}")
    watched = watch(timing=Intervals(first_slice=0.001, slice=0.001))
    wait_until(lambda: watched.fleets)
    watched.model.stop()
    assert not live_threads()
    published = len(watched.fleets)
    gateway.automation("a-1", name="Later")
    assert len(watched.fleets) == published


def test_the_receiver_of_fleets_may_stop_it(gateway: GatewayRoot) -> None:
    fleets: list[Fleet] = []

    def stop(fleet: Fleet) -> None:
        fleets.append(fleet)
        model.stop()

    model = LiveModel(StatePaths(gateway.root))
    model.start(stop)
    wait_until(lambda: fleets and not live_threads())


def test_a_program_that_does_not_stop_it_can_end(gateway: GatewayRoot) -> None:
    program = (
        "import sys, pathlib, threading\n"
        "from clawtui.live.model import LiveModel\n"
        "from clawtui.storage.paths import StatePaths\n"
        "seen = threading.Event()\n"
        "LiveModel(StatePaths(pathlib.Path(sys.argv[1]))).start(lambda fleet: seen.set())\n"
        "assert seen.wait(10)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(gateway.root)], check=True, timeout=20)


def test_a_request_takes_effect_at_once(gateway: GatewayRoot, watch: Watch) -> None:
    gateway.append_log("logs/x/a-1-2025-01-26-10-00-00.jsonl", {"n": 1})
    watched = watch(timing=HOURS)
    watched.until(lambda fleet: fleet.loaded)
    watched.model.follow("logs/x/a-1-2025-01-26-10-00-00.jsonl")
    watched.until(lambda fleet: fleet.tails)
    gateway.automation("a-1")
    watched.model.rescan()
    watched.until(lambda fleet: fleet.automations)


def failing(times: int, action: Callable[[], None]) -> Callable[[], None]:
    left = [times]

    def act() -> None:
        if left[0]:
            left[0] -= 1
            action()

    return act


def test_a_failure_of_our_own_is_shown_and_everything_starts_again(gateway: GatewayRoot, watch: Watch) -> None:
    def fail() -> None:
        raise ValueError("something unforeseen")

    fails = failing(2, fail)

    def failing_at_first(directories: Sequence[str], step: int, stop: StopEvent) -> Changes:
        fails()
        return watch_directories(directories, step, stop)

    gateway.automation("a-1")
    watched = watch(timing=Intervals(recovery=0.05, reconcile=0.5), factory=failing_at_first)
    watched.until(lambda fleet: "something unforeseen" in (fleet.problems.get("") or ("", ""))[1])
    watched.until(lambda fleet: fleet.loaded and fleet.automations)
    gateway.automation("a-2")
    watched.until(lambda fleet: len(fleet.automations) == 2)
    watched.until(lambda fleet: not fleet.problems, what="a pass without a failure, which ends it")


def test_a_failure_that_never_ends_is_shown(gateway: GatewayRoot, watch: Watch) -> None:
    def fail(directories: Sequence[str], step: int, stop: StopEvent) -> Changes:
        raise ValueError("something unforeseen")

    watched = watch(timing=Intervals(recovery=0.02), factory=fail)
    watched.until(lambda fleet: "something unforeseen" in (fleet.problems.get("") or ("", ""))[1])


def test_a_failure_of_the_receiver_does_not_end_the_thread(gateway: GatewayRoot) -> None:
    fleets: list[Fleet] = []

    def fail() -> None:
        raise RuntimeError("the screen is not ready")

    fails = failing(3, fail)

    def publish(fleet: Fleet) -> None:
        fails()
        fleets.append(fleet)

    gateway.automation("a-1")
    model = LiveModel(StatePaths(gateway.root), intervals=Intervals(recovery=0.02))
    model.start(publish)
    wait_until(lambda: fleets and fleets[-1].automations)
    assert "the screen is not ready" in fleets[-1].problems[""].message
    model.stop()
    assert not live_threads()


def test_an_unexpected_error_in_one_file_does_not_affect_others(
    gateway: GatewayRoot, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_document

    def fail_for_one(base: Path, relative: str, kind: type[DocumentT], limit: int) -> Reading[DocumentT] | None:
        if relative.endswith("a-1.json"):
            raise RecursionError("too deep")
        return read(base, relative, kind, limit)

    monkeypatch.setattr("clawtui.live.documents.read_document", fail_for_one)
    gateway.automation("a-1")
    gateway.automation("a-2")
    fleet = watch().loaded()
    assert fleet.problems.keys() == {"config/smart-sync-fork/a-1.json"}
    assert "too deep" in fleet.problems["config/smart-sync-fork/a-1.json"].message
    assert fleet.automations.keys() == {"config/smart-sync-fork/a-2.json"}
