"""Replacing what is watched without losing what was reported, and what happens where the kernel refuses."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from clawtui.live.watching.events import StopEvent, watch_directories
from clawtui.live.watching.watcher import Watcher
from tests.live.watched import limit_reached
from tests.waiting import wait_until

STEP = 0.003
Changes = Iterable[AbstractSet[tuple[int, str]]]


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    watcher = Watcher()
    yield watcher
    watcher.close()


class Reported:
    """The names of everything that a watcher has reported."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self.names: set[str] = set()

    def listen(self) -> set[str]:
        self.add(self._watcher.collect().paths)
        return self.names

    def add(self, paths: Iterable[str]) -> None:
        self.names |= {path.rpartition("/")[2] for path in paths}

    def has(self, *names: str) -> Callable[[], bool]:
        return lambda: self.listen() >= set(names)


def test_a_change_in_a_watched_directory_is_reported_and_one_below_it_is_not(watcher: Watcher, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    watcher.watch([str(tmp_path)], STEP)
    (tmp_path / "below" / "hidden").touch()
    (tmp_path / "seen").touch()
    reported = Reported(watcher)
    wait_until(reported.has("seen"))
    assert reported.names == {"seen"}


def test_a_change_right_after_watching_began_is_reported(tmp_path: Path) -> None:
    """The generator watches only from its first `next()`, which is on another thread."""
    for number in range(20):
        watcher = Watcher()
        watcher.watch([str(tmp_path)], STEP)
        (tmp_path / f"{number}").touch()
        wait_until(Reported(watcher).has(f"{number}"))
        watcher.close()


def test_a_steady_stream_is_reported_whole(watcher: Watcher, tmp_path: Path) -> None:
    watcher.watch([str(tmp_path)], STEP)
    script = 'i=0; while [ $i -lt 1000 ]; do : > "$1/$i"; i=$((i+1)); done'
    writer = subprocess.Popen(["sh", "-c", script, "sh", str(tmp_path)])
    reported = Reported(watcher)
    wait_until(lambda: len(reported.listen()) >= 990)
    assert writer.wait() == 0


def test_the_watcher_wakes_its_owner(tmp_path: Path) -> None:
    woken = threading.Event()
    watcher = Watcher(woken.set)
    watcher.watch([str(tmp_path)], STEP)
    (tmp_path / "file").touch()
    assert woken.wait(10)
    assert watcher.has_events
    watcher.close()


def test_a_change_right_before_another_generator_takes_over_is_reported(watcher: Watcher, tmp_path: Path) -> None:
    """A stop drops what came in since the last look, so the old generator looks again before it ends."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    watcher.watch([str(old)], 0.02)
    reported = Reported(watcher)
    for number in range(10):
        (old / f"{number}").touch()
        reported.add(watcher.watch([str(old), str(new)], 0.02).paths)
        wait_until(reported.has(f"{number}"))
    (new / "file").touch()
    wait_until(reported.has("file"))


def test_with_another_step_the_same_directories_are_watched(watcher: Watcher, tmp_path: Path) -> None:
    watcher.watch([str(tmp_path)], 0.02)
    reported = Reported(watcher)
    for number, step in enumerate((0.03, 0.02, 0.03)):
        (tmp_path / f"before {number}").touch()
        assert watcher.try_step([str(tmp_path)], step) and watcher.step == step
        (tmp_path / f"after {number}").touch()
        wait_until(reported.has(f"before {number}", f"after {number}"))


def test_the_old_generator_stays_if_a_new_one_fails(tmp_path: Path) -> None:
    allowed = [True]

    def once(directories: Sequence[str], step: int, stop_event: StopEvent) -> Changes:
        return (watch_directories if allowed.pop() else limit_reached)(directories, step, stop_event)

    watcher = Watcher(generate=once)
    watcher.watch([str(tmp_path)], STEP)
    allowed.append(False)
    assert not watcher.try_step([str(tmp_path)], 0.02) and watcher.step == STEP
    (tmp_path / "file").touch()
    wait_until(Reported(watcher).has("file"))
    watcher.close()


def test_only_the_newest_generator_continues(watcher: Watcher, tmp_path: Path) -> None:
    for _ in range(5):
        watcher.watch([str(tmp_path)], STEP)
    wait_until(lambda: [thread.name for thread in threading.enumerate()].count("watchfiles") == 1)
    watcher.close()
    assert "watchfiles" not in {thread.name for thread in threading.enumerate()}


def test_a_directory_that_vanished_is_left_out(watcher: Watcher, tmp_path: Path) -> None:
    events = watcher.watch([str(tmp_path / "gone"), str(tmp_path)], STEP)
    assert watcher.serving
    assert not events.lost
    (tmp_path / "file").touch()
    wait_until(Reported(watcher).has("file"))


def test_a_failure_to_watch_is_reported(watcher: Watcher, tmp_path: Path) -> None:
    assert watcher.watch([str(tmp_path / "gone")], STEP).lost
    assert not watcher.serving
    assert isinstance(watcher.refusal, FileNotFoundError)


def test_a_file_name_that_is_not_utf_8_is_a_loss_once_and_a_new_generator_serves(
    watcher: Watcher, tmp_path: Path
) -> None:
    watcher.watch([str(tmp_path)], STEP)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")).touch()
    wait_until(lambda: watcher.collect().lost)
    assert not watcher.serving and not watcher.collect().lost
    watcher.watch([str(tmp_path)], STEP)
    (tmp_path / "file").touch()
    wait_until(Reported(watcher).has("file"))


def test_a_directory_whose_name_is_not_utf_8_is_left_out(watcher: Watcher, tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    Path(odd).mkdir()
    watcher.watch([odd], STEP)
    assert not watcher.serving
    watcher.watch([odd, str(tmp_path)], STEP)
    assert watcher.serving


def test_without_watches_nothing_serves_and_everything_may_have_changed(tmp_path: Path) -> None:
    watcher = Watcher(generate=limit_reached)
    assert watcher.watch([str(tmp_path)], STEP).lost
    assert not watcher.serving and isinstance(watcher.refusal, OSError)
    assert watcher.collect() == (frozenset(), False)


def test_without_another_descriptor_nothing_serves(watcher: Watcher, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unused = os.open("/dev/null", os.O_RDONLY)
    os.close(unused)
    watcher.watch([str(tmp_path)], STEP)  # watchfiles has been imported
    watcher.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (unused, hard))
    try:
        events = watcher.watch([str(tmp_path)], STEP)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert events.lost and not watcher.serving


def test_without_another_thread_nothing_serves(
    watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr("threading.Thread.start", refuse)
        assert watcher.watch([str(tmp_path)], STEP).lost
    assert not watcher.serving and "thread" in str(watcher.refusal)
    watcher.watch([str(tmp_path)], STEP)
    assert watcher.serving


def test_a_fault_of_our_own_is_raised(tmp_path: Path) -> None:
    def broken(directories: Sequence[str], step: int, stop_event: StopEvent) -> Changes:
        raise TypeError("broken")

    with pytest.raises(TypeError, match="broken"):
        Watcher(generate=broken).watch([str(tmp_path)], STEP)


def test_the_old_generator_ends_first_if_both_need_too_many_watches(tmp_path: Path) -> None:
    running: list[Sequence[str]] = []
    refused: list[Sequence[str]] = []

    def one_at_a_time(directories: Sequence[str], step: int, stop_event: StopEvent) -> Changes:
        if running:
            refused.append(directories)
            limit_reached(directories, step, stop_event)
        running.append(directories)
        try:
            yield from watch_directories(directories, step, stop_event)
        finally:
            running.clear()

    watcher = Watcher(generate=one_at_a_time)
    watcher.watch([str(tmp_path)], STEP)
    events = watcher.watch([str(tmp_path)], STEP)
    assert refused and watcher.serving
    assert events.lost, "between the two nothing was watched"
    watcher.close()
