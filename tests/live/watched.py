"""A live model over a real directory, with everything that it has published."""

from __future__ import annotations

import math
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from clawtui.live.fleet_reader import FleetReader
from clawtui.live.model import LiveModel
from clawtui.live.reading.order import TableOrder
from clawtui.live.watching.events import Generate, StopEvent, watch_directories
from clawtui.live.watching.intervals import Intervals
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths
from tests.waiting import wait_until

T = TypeVar("T")

SHOWN = 2000
"""Characters of a fleet that a failed test shows."""

EVENTS_ALONE = Intervals(reconcile=3600, poll=3600, root=3600)
"""Nothing is found that the kernel does not report."""
QUICK = Intervals(reconcile=0.1, poll=0.05, root=0.05, retry=3600)
"""What the kernel does not report is found soon."""


class Watched:
    """Start a live model and keep every fleet that it publishes."""

    def __init__(
        self,
        root: Path,
        timing: Intervals = EVENTS_ALONE,
        factory: Generate = watch_directories,
        order: TableOrder | None = None,
    ) -> None:
        self.fleets: list[Fleet] = []
        self.threads: set[str] = set()
        self.model = LiveModel(StatePaths(root), intervals=timing, generate=factory, order=order)
        self.model.start(self._keep)

    def _keep(self, fleet: Fleet) -> None:
        self.threads.add(threading.current_thread().name)
        self.fleets.append(fleet)

    @property
    def fleet(self) -> Fleet:
        return self.fleets[-1]

    def until(self, condition: Callable[[Fleet], T], what: str = "the fleet") -> T:
        """Wait until the newest fleet satisfies `condition`; return what it returned."""
        try:
            return wait_until(lambda: self.fleets and condition(self.fleets[-1]), what=what) or condition(self.fleet)
        except AssertionError as error:
            raise AssertionError(f"{error}; the fleet is {repr(self.fleets[-1:])[:SHOWN]}") from None

    def loaded(self) -> Fleet:
        """Return the fleet after everything was read once."""
        self.until(lambda fleet: fleet.loaded and fleet.watch != "waiting")
        return self.fleet


def percentage(fleet: Fleet, id: str) -> float | None:
    """Return the percentage that the run in the workspace `id` reports."""
    state = fleet.workspaces[id].state
    return state.value.progress.percentage if state and state.value else None


def read_once(root: Path) -> Fleet:
    """Return the result of reading everything once, without watching."""
    reader = FleetReader(StatePaths(root).automations, str(root), EVENTS_ALONE, time.monotonic)
    while reader.busy:
        reader.directories.mark_watched()
        reader.read_pending(math.inf)
    fleet = reader.build("watching")
    reader.close()
    return fleet


def replace_elsewhere(path: Path, text: str) -> None:
    """Have another process write a temporary file and rename it, as the gateway does."""
    script = 'printf %s "$1" > "$2.$$.1.tmp" && mv "$2.$$.1.tmp" "$2"'
    subprocess.run(["sh", "-c", script, "sh", text, os.fspath(path)], check=True)


def limit_reached(directories: Sequence[str], step: int, stop_event: StopEvent) -> Iterator[set[tuple[int, str]]]:
    """Fail as watchfiles does when the kernel has no more watches; a test must not use up those of the machine."""
    raise OSError('OS file watch limit reached. (Error { kind: MaxFilesWatch, paths: ["/some/where"] })')
