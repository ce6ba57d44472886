"""Processes that contest one lock, round after round: ``python -m tests.storage.lock_contest 500``.

Run as a program it compares clawtui's algorithm with the design's own, which checks first and renames then.
"""

from __future__ import annotations

import json
import multiprocessing
import multiprocessing.queues
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON, iso

REPO = "https://github.com/user/repo.git"
LOCK = "locks/github.com-user-repo.lock"
TIMEOUT = timedelta(hours=4)

Contender = Callable[[Path, str, datetime], bool]
"""Tries to get the lock below a state directory for a session at an instant; whether it got it."""


def clawtui_contender(root: Path, session: str, now: datetime) -> bool:
    lock = RepositoryLockManager(StatePaths(root)).acquire(
        REPO, "sync-main", session, now=now, pid=os.getpid(), hostname="here", timeout=TIMEOUT
    )
    return lock is not None


def design_contender(root: Path, session: str, now: datetime) -> bool:
    """Acquire as ``acquireLock`` of the design does, step by step."""
    path = root / "automations" / LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        try:
            acquired_at = datetime.fromisoformat(json.loads(path.read_text())["acquiredAt"])
        except FileNotFoundError:
            acquired_at = None
        if acquired_at is not None:
            if now - acquired_at <= TIMEOUT:
                return False
            path.unlink(missing_ok=True)
    lock = {
        "repoUrl": REPO,
        "repoKey": "github.com/user/repo",
        "automationId": "sync-main",
        "sessionId": session,
        "acquiredAt": iso(now),
        "pid": os.getpid(),
        "hostname": "here",
        "lockType": "repository",
    }
    temp = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temp.write_text(json.dumps(lock, indent=2))
    temp.replace(path)
    return True


Wins = list[tuple[int, str]]
Results = multiprocessing.queues.SimpleQueue[Wins | Exception]


def contest(root: Path, contenders: int, rounds: int, contender: Contender) -> Sequence[Sequence[str]]:
    """Return the sessions that won, round by round.

    In every second round nothing is in the way; in the others the winner of the last one left its lock, which has
    expired meanwhile.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    (root / "automations/locks").mkdir(parents=True, exist_ok=True)
    barrier = context.Barrier(contenders, timeout=60)
    results: Results = context.SimpleQueue()
    processes = [
        context.Process(target=_contend, args=(root, number, rounds, contender, barrier, results))
        for number in range(contenders)
    ]
    for process in processes:
        process.start()
    outcomes = [results.get() for _ in processes]
    for process in processes:
        process.join()
    winners: list[list[str]] = [[] for _ in range(rounds)]
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
        for number, session in outcome:
            winners[number].append(session)
    return winners


def _contend(root: Path, number: int, rounds: int, contender: Contender, barrier: Barrier, results: Results) -> None:
    try:
        results.put(_play(root, number, rounds, contender, barrier))
    except Exception as error:  # noqa: BLE001 - it is raised again where the contest was called for
        barrier.abort()
        results.put(error)


def _play(root: Path, number: int, rounds: int, contender: Contender, barrier: Barrier) -> Wins:
    won = []
    for round_number in range(rounds):
        if barrier.wait() == 0 and round_number % 2 == 0:
            (root / "automations" / LOCK).unlink(missing_ok=True)
        barrier.wait()
        session = f"round-{round_number}-{number}"
        if contender(root, session, NOON + timedelta(hours=5 * round_number)):
            won.append((round_number, session))
        barrier.wait()
    return won


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    for name, contender in (("clawtui", clawtui_contender), ("the design", design_contender)):
        with tempfile.TemporaryDirectory() as directory:
            winners = contest(Path(directory), 16, rounds, contender)
        counts = Counter(len(sessions) for sessions in winners)
        shown = ", ".join(f"{count} rounds with {number} winner(s)" for number, count in sorted(counts.items()))
        print(f"{name}: 16 processes, {rounds} rounds: {shown}")


if __name__ == "__main__":
    main()
