"""A file that is rewritten with its size kept, within one tick of the file system's clock, is read again.

The clock stands still in these tests: the stat of the file is the same after each change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from clawtui.live.stat_cache import FileStat, StatCache
from clawtui.live.watching.events import StopEvent, watch_directories
from tests.gateway_root import GatewayRoot
from tests.live.test_watch_session import TIMING, Scene
from tests.live.watched import limit_reached

PATH = "config/smart-sync-fork/a-1.json"


@pytest.fixture
def file(gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of an automation, whose stat never changes."""
    gateway.automation("a-1", name="One")
    stat = StatCache.stat
    first: dict[str, FileStat | None] = {}

    def same(self: StatCache, path: str) -> FileStat | None:
        found = stat(self, path)
        return first.setdefault(path, found) if path == PATH else found

    monkeypatch.setattr(StatCache, "stat", same)
    return gateway.automations / PATH


def rewrite(file: Path) -> None:
    file.write_text(file.read_text().replace("One", "Two"))


def name(scene: Scene) -> str | None:
    return scene.fleet.automations[PATH].name


def test_a_change_between_the_first_reading_and_the_watch_is_found(gateway: GatewayRoot, file: Path) -> None:
    def watch_late(directories: Sequence[str], step: int, stop: StopEvent) -> Iterable[AbstractSet[tuple[int, str]]]:
        rewrite(file)
        return watch_directories(directories, step, stop)

    scene = Scene(gateway, watch_late)
    assert scene.fleet.watch == "watching"
    scene.be_still(1)
    assert name(scene) == "Two"
    scene.close()


def test_a_change_after_the_first_reading_is_found_by_polling(gateway: GatewayRoot, file: Path) -> None:
    scene = Scene(gateway, limit_reached)
    assert scene.fleet.watch == "polling" and name(scene) == "One"
    rewrite(file)
    scene.be_still(2 * TIMING.poll)
    assert name(scene) == "Two"
    scene.close()


def test_a_reported_change_is_read_whatever_the_stat(gateway: GatewayRoot, file: Path) -> None:
    scene = Scene(gateway)
    scene.be_still(TIMING.lively + 1)
    rewrite(file)
    scene.pass_time(PATH)
    assert name(scene) == "Two"
    scene.close()
