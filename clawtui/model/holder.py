"""What a lock's pid and host tell about its holder (errata 18)."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.model.evidence import Clue, Facts, Process, Proof
from clawtui.model.lock import RepositoryLock

LOCK_RUN_ID = "clawtui-lock-run"
"""Who holds the locks of ``clawtui lock run``: there the pid is the run's own."""


def holder_clues(facts: Facts, lock: RepositoryLock) -> Iterator[Clue]:
    """What is known about the process that took the lock. On another host that is nothing."""
    if lock.hostname != facts.host.name:
        yield Clue(_elsewhere(lock, facts.host.name), Proof.OUT_OF_SIGHT)
        return
    yield _process_clue(facts, lock)
    if (clue := _boot_clue(facts, lock)) is not None:
        yield clue


def _elsewhere(lock: RepositoryLock, here: str) -> str:
    held = f"pid {lock.pid} on {lock.hostname or 'a host without a name'} holds it, and this is {here}"
    alike = lock.hostname.casefold().partition(".")[0] == here.casefold().partition(".")[0]
    return f"{held}: perhaps the same host, but who can tell" if alike else held


def _process_clue(facts: Facts, lock: RepositoryLock) -> Clue:
    process = facts.host.process
    if process is None:
        return _absent(facts, lock, f"pid {lock.pid} is gone")
    if process.ended:
        return _absent(facts, lock, f"pid {lock.pid} has ended, and waits for its parent to take note")
    if process.started is None:
        return Clue(f"{_named(process)} is there; when it started cannot be told")
    started, taken = facts.told(process.started, lock.acquired_at)
    if process.started <= lock.acquired_at + facts.slack:
        at_once = lock.acquired_at - process.started <= facts.slack
        order = f"{started}, as the lock was taken" if at_once else f"{started}, before the lock was taken {taken}"
        return _present(lock, f"{_named(process)} is there; it started {order}")
    stranger = f"{_named(process)} started {started}, after the lock was taken {taken}"
    last = facts.last_sign(lock)
    if last is not None and last > process.started + facts.slack:
        (lived,) = facts.told(last)
        return Clue(f"{stranger}, yet its run showed life at {lived}: another clock, or another container")
    return _absent(facts, lock, f"{stranger}: another process")


def _present(lock: RepositoryLock, text: str) -> Clue:
    if lock.automation_id == LOCK_RUN_ID:
        return Clue(f"{text}, and holds it while a command runs (clawtui lock run)", Proof.ALIVE)
    return Clue(text)


def _absent(facts: Facts, lock: RepositoryLock, text: str) -> Clue:
    """The pid is not the holder's, as far as this process can see."""
    namesake = facts.host.namesake
    if namesake is not None and (namesake.started is None or namesake.started <= lock.acquired_at + facts.slack):
        inside = f"a container on this host has a pid {lock.pid} of its own, which is {_named(namesake)} out here"
        return Clue(f"{text}; but {inside}: that may be the holder")
    if facts.host.in_container and facts.shows_life(lock):
        return Clue(f"{text}, but clawtui sees only its own container, and the run shows life", Proof.OUT_OF_SIGHT)
    return Clue(text, Proof.DEAD)


def _boot_clue(facts: Facts, lock: RepositoryLock) -> Clue | None:
    booted = facts.host.booted
    if booted is None or lock.acquired_at >= booted - facts.slack:
        return None
    started, taken = facts.told(booted, lock.acquired_at)
    text = f"this host started {started}, after the lock was taken {taken}"
    last = facts.last_sign(lock)
    if last is not None and last > booted + facts.slack:
        (lived,) = facts.told(last)
        return Clue(f"{text}, yet its run showed life at {lived}: the clock was set since")
    return Clue(text, Proof.DEAD)


def _named(process: Process) -> str:
    return f"pid {process.pid} ({process.command})" if process.command else f"pid {process.pid}"
