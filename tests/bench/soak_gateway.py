"""A gateway without pauses: a run every hundred changes, and automations of new names that come and go.

Run as a module it prints how many changes it has made, once for each run. It remains, as the holder of its locks, until
its standard input ends.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench.roots import TYPE, BenchRoot, name
from tests.gateway_root import iso, run_entry

AUTOMATIONS = 20
AT_ONCE = 3
"""Runs that are going at one time."""
A_RUN = 100
"""The changes from the beginning of one run to that of the next."""
GUESTS = 5
"""Automations at one time whose names no other had, each with a workspace, a lock, a type and a log."""
LOGS_KEPT, HISTORY = 3, 10
"""Of each automation, so that what is on the disk stays as much as it was."""


class Gateway:
    """Starts, continues and ends runs, and counts each change of a file."""

    def __init__(self, root: BenchRoot) -> None:
        self._root = root
        self._running: deque[tuple[str, str]] = deque()
        self._history: dict[str, list[dict[str, object]]] = {name(number): [] for number in range(AUTOMATIONS)}
        self._logs: dict[str, deque[str]] = {id: deque() for id in self._history}
        self._next = itertools.cycle(self._history)
        self._serial = itertools.count()
        self._guests: deque[str] = deque()
        self._guest_numbers = itertools.count()
        self.changes = 0

    def next_run(self) -> None:
        """End the oldest run if there are enough, and begin another in a new workspace."""
        if len(self._running) == AT_ONCE:
            self._end(*self._running.popleft())
        id, now = next(self._next), datetime.now(UTC)
        log = f"logs/{TYPE}/{id}-{now:%Y-%m-%d-%H-%M-%S}.jsonl"
        workspace = self._root.automations / "workspaces" / id
        shutil.rmtree(workspace, ignore_errors=True)
        (workspace / "repo/src").mkdir(parents=True)
        self._running.append((id, log))
        self._logs[id].append(log)
        self._root.lock(f"github.com/user/{id}", id, acquiredAt=iso(now))
        self._take_slots()
        self._root.progress(id, ("Initializing workspace", 5), start=now)
        self._root.append_log(log, run_entry(id, "Starting", now))
        self.changes += 5
        self._dispatcher("automation-dispatched", id)
        while len(self._logs[id]) > LOGS_KEPT:
            # A gateway that catches up may begin two runs of one automation in one second, with one log.
            (self._root.automations / self._logs[id].popleft()).unlink(missing_ok=True)
            self.changes += 1

    def next_guest(self) -> None:
        """Remove all of the automation that is there longest if there are enough, and add a new one."""
        here = self._root.automations
        if len(self._guests) == GUESTS:
            id = self._guests.popleft()
            (here / f"locks/github.com-user-{id}.lock").unlink()
            for directory in ("config", "logs"):
                shutil.rmtree(here / directory / f"type-of-{id}")
            shutil.rmtree(here / "workspaces" / id)
            self.changes += 4
        id, now = f"guest-{next(self._guest_numbers):06}", datetime.now(UTC)
        self._guests.append(id)
        log = f"logs/type-of-{id}/{id}-{now:%Y-%m-%d-%H-%M-%S}.jsonl"
        self._root.automation(id, f"type-of-{id}", name=id, nextRun=iso(now + timedelta(hours=30)))
        self._root.lock(f"github.com/user/{id}", id, acquiredAt=iso(now))
        self._root.append_log(log, run_entry(id, f"Done by {id}", now))
        self._root.state(id, percentage=100, milestone="Done", status="completed", lastUpdate=iso(now))
        self.changes += 4

    def go_on(self, changes: int) -> None:
        """Make so many more changes by the runs in progress: lines of their logs, states, sometimes a milestone."""
        for _ in range(changes):
            number = next(self._serial)
            id, log = self._running[number % len(self._running)]
            now = datetime.now(UTC)
            percentage = number // 30 % 100
            if number % 30 < 20:
                self._root.append_log(log, run_entry(id, f"Resolved conflict {number}", now, file=f"src/{number}.ts"))
            elif number % 30 < 29:
                milestone = f"Merging {number}"
                self._root.state(
                    id, percentage=percentage, milestone=milestone, startTime=iso(now), lastUpdate=iso(now)
                )
            else:
                self._root.progress(id, ("Initializing workspace", 5), (f"Merging {number}", percentage), start=now)
        self.changes += changes

    def _end(self, id: str, log: str) -> None:
        now = datetime.now(UTC)
        self._root.append_log(log, run_entry(id, "Done", now, phase="complete", status="success", duration=3000))
        self._root.state(id, percentage=100, milestone="Done", status="completed", lastUpdate=iso(now))
        (self._root.automations / f"locks/github.com-user-{id}.lock").unlink()
        result = {
            "timestamp": iso(now - timedelta(seconds=3)),
            "status": "success",
            "duration": 3000,
            "summary": "Synced",
        }
        history = self._history[id] = [dict(result), *self._history[id]][:HISTORY]
        due = iso(now + timedelta(hours=30))
        self._root.automation(id, name=id, lastRun=history[0], runHistory=history, nextRun=due)
        self.changes += 4
        self._dispatcher("automation-completed", id)

    def _take_slots(self) -> None:
        now = iso(datetime.now(UTC))
        taken = [
            {"automationId": id, "sessionId": f"cron:{id}", "acquiredAt": now, "slotNumber": number}
            for number, (id, _) in enumerate(self._running, 1)
        ]
        self._root.slots(*taken, max_slots=AT_ONCE)

    def _dispatcher(self, event: str, id: str) -> None:
        now = datetime.now(UTC)
        entry = {"timestamp": iso(now), "level": "info", "event": event, "automationId": id}
        self._root.append_log(f"logs/dispatcher/{now:%Y-%m-%d}.jsonl", entry)
        self.changes += 1


def serve(gateway: Gateway, changes: int, rate: int) -> Iterator[int]:
    """Make ``changes`` changes, ``rate`` a second; yield their number after each run."""
    began = time.monotonic()
    while gateway.changes < changes:
        last = gateway.changes
        gateway.next_run()
        gateway.next_guest()
        while gateway.changes < min(last + A_RUN, changes):
            gateway.go_on(min(10, changes - gateway.changes))
            time.sleep(max(0.0, began + gateway.changes / rate - time.monotonic()))
        yield gateway.changes


if __name__ == "__main__":
    place, count, each_second = sys.argv[1:]
    os.nice(5)
    for made in serve(Gateway(BenchRoot(Path(place))), int(count), int(each_second)):
        print(made, flush=True)
    print(flush=True)
    sys.stdin.read()
