"""The state directory read once, the way the dashboard reads it: what both show is alike."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from clawtui.live.fleet_reader import FleetReader
from clawtui.live.intervals import DEFAULT_INTERVALS
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths


def read_fleet(paths: StatePaths, monotonic: Callable[[], float] = time.monotonic) -> Fleet:
    """Everything that is there now, with the end of the dispatcher's newest log; nothing is watched."""
    reader = FleetReader(paths.automations, str(paths.root), DEFAULT_INTERVALS, monotonic)
    try:
        while reader.busy:
            reader.directories.mark_watched()
            reader.read_pending(until=math.inf)
        return reader.build("polling")
    finally:
        reader.close()
