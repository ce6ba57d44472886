"""A file system that hangs: the thread that reads cannot say so, and the watchdog does."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from clawtui.live import root as live_root
from clawtui.live.watching.intervals import Intervals
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths
from clawtui.tui.dialogs.dialog_text import problem_lines
from clawtui.tui.panes.banner import notice_lines
from tests.gateway_root import GatewayRoot
from tests.live.conftest import Watch

IMPATIENT = Intervals(reconcile=0.05, poll=0.05, root=0.05, stuck=0.1)


class Hang:
    """A file system whose server is gone: a read of a FIFO without a writer, until one opens it."""

    def __init__(self, fifo: Path) -> None:
        os.mkfifo(fifo)
        self._fifo = fifo
        self._ended = False
        self.hanging = threading.Event()

    def read(self) -> None:
        """Return when the hang has ended."""
        if not self._ended:
            self.hanging.set()
            with self._fifo.open("rb") as stream:
                stream.read()

    def end(self) -> None:
        """Let each reader go on, those that wait now and those that come."""
        self._ended = True
        writer = os.open(self._fifo, os.O_RDWR)
        os.close(os.open(self._fifo, os.O_WRONLY))
        os.close(writer)


@pytest.fixture
def hang(tmp_path: Path) -> Iterator[Hang]:
    hang = Hang(tmp_path / "hang")
    yield hang
    hang.end()


def text_of(fleet: Fleet) -> str:
    return " ".join(span.text for line in notice_lines(fleet) for span in line)


def hang_at(monkeypatch: pytest.MonkeyPatch, hang: Hang, blocked: Path) -> None:
    """Hang when the reconciler, which alone gives a descriptor or None, compares the path."""
    stat = os.stat

    def slow(path: str, **arguments: bool | int | None) -> os.stat_result:
        found = stat(path, **arguments)  # type: ignore[arg-type]
        if "dir_fd" in arguments and path == str(blocked):
            hang.read()
        return found

    monkeypatch.setattr(os, "stat", slow)


def test_a_hanging_read_is_reported_with_its_path_until_it_ends(
    gateway: GatewayRoot, watch: Watch, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.automation("a")
    gateway.state("a")
    watched = watch(timing=IMPATIENT)
    watched.loaded()
    hang_at(monkeypatch, hang, gateway.automations / "workspaces/a/state.json")
    watched.until(lambda fleet: fleet.watch == "stuck", "a stuck fleet")
    fleet = watched.fleet
    assert fleet.automations
    place = gateway.automations / "workspaces/a/state.json"
    assert text_of(fleet) == f"Reading is stuck for 1 s at {place}; what is shown is of before that"
    hang.end()
    watched.until(lambda fleet: fleet.watch != "stuck" and not fleet.problems, "a fleet without a problem")


def test_a_root_that_hangs_at_the_start_is_still_being_read_and_not_missing(
    gateway: GatewayRoot, watch: Watch, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.automation("a")
    find = live_root.find_root

    def slow(paths: StatePaths) -> object:
        hang.read()
        return find(paths)

    monkeypatch.setattr("clawtui.live.model.find_root", slow)
    watched = watch(timing=IMPATIENT)
    watched.until(lambda fleet: fleet.watch == "stuck", "a stuck fleet")
    assert not watched.fleet.loaded
    assert text_of(watched.fleet) == f"Still reading, for 1 s, at {gateway.root}"
    assert "no state directory" not in str(problem_lines(watched.fleet))
    hang.end()
    watched.until(lambda fleet: fleet.loaded and bool(fleet.automations) and fleet.watch != "stuck")


def test_nothing_is_reported_as_missing_before_the_first_read(gateway: GatewayRoot) -> None:
    assert notice_lines(Fleet(str(gateway.root))) == ()
    assert "no state directory" in text_of(Fleet(str(gateway.root), loaded=True))


def test_a_model_that_hangs_publishes_nothing_after_it_is_stopped(
    gateway: GatewayRoot, watch: Watch, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.automation("a")
    watched = watch(timing=IMPATIENT)
    watched.loaded()
    hang_at(monkeypatch, hang, gateway.automations / "config")
    assert hang.hanging.wait(30)
    watched.model.stop()
    published = len(watched.fleets)
    hang.end()
    gateway.automation("a", name="Later")
    assert len(watched.fleets) == published
