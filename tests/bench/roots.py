"""State directories of any size, made fast: the texts come from ``GatewayRoot``, and are written directly."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from tests.bench.inputs import TORN_END, display_name, log_line
from tests.gateway_root import GatewayRoot, iso

TYPE = "smart-sync-fork"
_STAND_IN = "stand-in"
_HOLDER = 1
"""The process that holds all locks. This one may have started after the runs began, and cannot have taken them."""
_DUE = "2099-01-01T00:00:00.000Z"

MILESTONES = (("Cloning", 5), ("Fetching upstream", 15), ("Merging", 40))


class BenchRoot(GatewayRoot):
    """A gateway's root around the present: what is due is due within the hour, so that lists count down."""

    def __init__(self, place: Path) -> None:
        super().__init__(place / "state")
        self.home = place
        self.now = datetime.now(UTC)

    @property
    def began(self) -> datetime:
        """When the runs in progress began: nine minutes ago, but not before their locks' holder started.

        Their locks would be orphaned and the runs lost, of which no progress is shown.
        """
        return max(self.now - timedelta(minutes=9), datetime.fromtimestamp(psutil.Process(_HOLDER).create_time(), UTC))

    def furnish(
        self,
        automations: int,
        *,
        runs: int = 3,
        running: int = 0,
        workspaces: int = 0,
        directories: int = 3,
        logs: int = 0,
        locks: int = 0,
    ) -> None:
        """Add so many of each; the first ``running`` automations have workspace, lock, slot and log.

        ``directories`` are in each workspace's clone. The modes are those that the gateway gives.
        """
        umask = os.umask(0o077)
        try:
            self._furnish(automations, runs, running, workspaces, directories, logs, locks)
        finally:
            os.umask(umask)

    def _furnish(
        self, automations: int, runs: int, running: int, workspaces: int, directories: int, logs: int, locks: int
    ) -> None:
        self.dispatcher()
        ids = [name(number) for number in range(automations)]
        self._write_automations(ids, runs)
        for id in ids[: max(workspaces, running)]:
            self._write_workspace(id, directories)
        for id in ids[:running]:
            self._start_run(id)
        slots = [self._slot(number, id) for number, id in enumerate(ids[:running], 1)]
        self.slots(*slots, max_slots=max(3, running))
        for number in range(locks):
            self.hold(f"repo-{number:05}", ids[number % len(ids)])
        self._write_logs(ids, logs)

    def furnish_in_proportion(self, automations: int, running: int = 0) -> None:
        """Add so many automations, for each of them ten logs, for ten a workspace with a clone, for twenty a lock."""
        workspaces, locks = max(1, automations // 10), max(1, automations // 20)
        self.furnish(automations, running=running, workspaces=workspaces, logs=10 * automations, locks=locks)

    def advance(self, id: str, percentage: int, milestone: str = "Merging") -> tuple[Path, Path]:
        """Write the run's next state beside the file to replace; return the two paths, for one ``rename()``."""
        target = self.automations / f"workspaces/{id}/state.json"
        kept = target.read_bytes() if target.exists() else None
        written = self.state(id, percentage=percentage, milestone=milestone, startTime=iso(self.began))
        fresh = written.rename(written.with_name("state.json.bench.tmp"))
        if kept is not None:
            target.write_bytes(kept)
        return fresh, target

    def _ago(self, **span: float) -> str:
        return iso(self.now - timedelta(**span))

    def _write_automations(self, ids: list[str], runs: int) -> None:
        history = [
            {"timestamp": self._ago(hours=2 * n + 1), "status": "success", "duration": 61000 + n, "summary": "Synced"}
            for n in range(runs)
        ]
        stand_in = self.automation(_STAND_IN, nextRun=_DUE, runHistory=history, lastRun=history[0])
        text, stand_in_name = stand_in.read_text(), _STAND_IN.replace("-", " ").title()
        stand_in.unlink()
        for number, id in enumerate(ids):
            due = iso(self.now + timedelta(minutes=3, seconds=10 + 97 * (number % 35)))
            path = stand_in.with_name(f"{id}.json")
            own = text.replace(_STAND_IN, id).replace(stand_in_name, display_name(id, number))
            path.write_text(own.replace(_DUE, due))

    def _write_workspace(self, id: str, directories: int) -> None:
        workspace = self.automations / "workspaces" / id
        clone = workspace / "repo"
        for number in range(directories):
            (clone / f"{number // 100}" / f"{number}").mkdir(parents=True)

    def _start_run(self, id: str) -> None:
        self.state(id, percentage=40, milestone="Merging", startTime=iso(self.began), lastUpdate=self._ago())
        self.progress(id, *MILESTONES, start=self.began)
        self.hold(id, id)
        lines = "".join(log_line(id, number, self.began) for number in range(200))
        self.write(self.log_of(id), lines.encode() + TORN_END)

    def log_of(self, id: str) -> str:
        """Return the path of the log of the run in progress."""
        return f"logs/{TYPE}/{id}-{self.began:%Y-%m-%d-%H-%M-%S}.jsonl"

    def hold(self, repository: str, id: str) -> None:
        """Lock a repository for a run in progress."""
        self.lock(f"github.com/user/{repository}", id, acquiredAt=iso(self.began), pid=_HOLDER)

    def _slot(self, number: int, id: str) -> dict[str, object]:
        return {
            "automationId": id,
            "sessionId": f"cron:{id}",
            "acquiredAt": iso(self.began),
            "slotNumber": number,
        }

    def _write_logs(self, ids: list[str], logs: int) -> None:
        folder = self.automations / "logs" / TYPE
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(logs):
            started = self.now - timedelta(hours=1 + number // len(ids))
            (folder / f"{ids[number % len(ids)]}-{started:%Y-%m-%d-%H-%M-%S}.jsonl").touch()


def name(number: int) -> str:
    """Return the id of one automation, with which its name begins."""
    return f"sync-{number:05}"


@contextmanager
def bench_root() -> Iterator[BenchRoot]:
    """Yield an empty root that is removed afterwards, in memory if possible: the disk must not affect the figures."""
    shared = Path("/dev/shm")
    place = Path(tempfile.mkdtemp(prefix="clawtui-bench-", dir=shared if os.access(shared, os.W_OK) else None))
    try:
        root = BenchRoot(place)
        root.automations.mkdir(parents=True)
        yield root
    finally:
        shutil.rmtree(place)
