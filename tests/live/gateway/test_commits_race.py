"""A gateway that commits at random times: each commit is shown. It checkpoints, packs its store, ends and is killed."""

from __future__ import annotations

import random
import subprocess
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from clawtui.live.watching.intervals import Intervals
from clawtui.model.fleet import Fleet
from tests.live.conftest import Watch
from tests.openclaw.gateways import gateway

OTHERS: tuple[tuple[str, ...], ...] = (
    *((f"PRAGMA wal_checkpoint({mode})",) for mode in ("PASSIVE", "FULL", "RESTART", "TRUNCATE")),
    ("VACUUM",),
    ("BEGIN IMMEDIATE", "DELETE FROM cron_jobs", "ROLLBACK"),
)
"""What a gateway does beside commits."""
LONGEST = 0.06
"""Seconds, within which a reading begins and ends."""


UNCONFIRMED = Intervals(reconcile=3600)
"""Each commit must be noticed when it happens: nothing is read a second time for safety."""


class Writer:
    """Gateways one after the other, each in a process of its own."""

    def __init__(self, root: Path, processes: ExitStack) -> None:
        self._root = root
        self._processes = processes
        self._process = self._next()

    def _next(self) -> subprocess.Popen[str]:
        return self._processes.enter_context(gateway(self._root, "asked"))

    def ask(self, line: str) -> None:
        """Have the gateway execute a line, and return when it has."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == f"{line}\n"

    def restart(self, *, killed: bool) -> None:
        """Start the next gateway after the end of this one."""
        if killed:
            self._process.kill()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._process = self._next()


@pytest.mark.parametrize("commits", [40, pytest.param(3000, marks=pytest.mark.exhaustive)])
@pytest.mark.timeout(1200)
def test_each_commit_is_shown(tmp_path: Path, watch: Watch, commits: int) -> None:
    """The distance to the reading before is random. That is no wait for anything."""
    chance, never = random.Random(commits), threading.Event()
    with ExitStack() as processes:
        writer = Writer(tmp_path / "root", processes)
        watched = watch(root=tmp_path / "root", timing=UNCONFIRMED)
        for number in range(1, commits + 1):
            for _ in range(chance.randrange(3)):
                writer.ask(f"commit {commits + number}")
            match chance.randrange(40):
                case 0:
                    writer.restart(killed=False)
                case 1:
                    writer.restart(killed=True)
                case 2 | 3 | 4 | 5:
                    for line in chance.choice(OTHERS):
                        writer.ask(line)
            writer.ask(f"commit {number}")
            watched.until(lambda fleet, number=number: updated(fleet) == number, f"commit {number}")  # type: ignore[misc]
            never.wait(chance.random() * LONGEST)


def updated(fleet: Fleet) -> int | None:
    """Return the number of the last commit that the fleet shows."""
    job = fleet.gateway.jobs.get("a") if fleet.gateway is not None else None
    return round(job.updated.timestamp() * 1000) if job is not None and job.updated is not None else None
