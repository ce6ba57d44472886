"""What is known about a lock's holder before anybody judges, and what one piece of it proves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading, Workspace

QUIET_AFTER = timedelta(minutes=15)
"""How long a run may be silent before its lock is in doubt (contract: the verdict)."""

SLACK = timedelta(seconds=2)
"""By how much two times of one host may be off: the kernel tells its start, and that of a process, in ticks."""


class Proof(IntEnum):
    """What a item proves, the most telling first."""

    DEAD = 0
    UNREACHABLE = 1
    """The holder is where this process cannot look."""
    ALIVE = 2
    NOTHING = 3


class EvidenceItem(NamedTuple):
    """One fact as a sentence."""

    text: str
    proof: Proof = Proof.NOTHING


class Span(NamedTuple):
    """From one instant to another."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Process:
    """A process as this host knows it."""

    pid: int
    command: str | None
    """What it runs; None where that may not be looked at."""
    started: datetime | None
    """By the wall clock of now; None where that cannot be told."""
    ended: bool = False
    """It is over, and only its parent has not taken note: a zombie."""
    start_ticks: int | None = None
    """When it started, in clock ticks since the boot (field 22 of ``/proc/PID/stat``)."""


@dataclass(frozen=True, slots=True)
class Host:
    """What this host says about a lock's pid, whoever the lock says to be of."""

    name: str
    process: Process | None = None
    """Who has the pid now; None where nobody has."""
    booted: datetime | None = None
    """When the host started, by the wall clock of now; None where that cannot be told."""
    earlier_clocks: tuple[Span, ...] | None = None
    """Which times the wall clock may have shown since the host started before it was set forward; empty where no such
    step is to be seen, None where that cannot be told.
    """
    hidden: str | None = None
    """Why not all processes of the host can be seen from here, as a clause; None where all of them can."""
    network: str | None = None
    """The file system that the state directory shares with other hosts, such as ``nfs4``; None for a local one."""
    namesake: Process | None = None
    """A process of a container on this host that has the pid in there; its own ``pid`` is the one out here."""
    machine_id: str | None = None
    """As ``/etc/machine-id`` says."""
    boot_id: str | None = None
    """Another one after each boot."""
    pid_namespace: int | None = None
    """The inode of the pid namespace that this process is in."""

    def can_date(self, instant: datetime) -> bool:
        """Return whether a time that was written down can be compared with the start of the host or of a process.

        Not where an earlier clock may have shown it since the host started.
        """
        spans = self.earlier_clocks
        return spans is not None and not any(span.first <= instant <= span.last for span in spans)


class SignOfLife(NamedTuple):
    """A sign of life, and where it is."""

    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a verdict rests on."""

    lock: Reading[RepositoryLock]
    host: Host
    workspace: Workspace | None
    """Of the automation that the lock names."""
    slot: Slot | None
    """What the lock's session holds."""
    slots_known: bool
    """Whether it can be told who holds a slot."""
    signs: tuple[SignOfLife, ...]
    """What may be signs of life of the lock's run."""
    now: datetime
    timeout: timedelta | None
    """How old a lock may get before the gateway takes it back; None where that is not known."""
    quiet_after: timedelta = QUIET_AFTER
    slack: timedelta = SLACK
    kept: str | None = None
    """What keeps the lock held though the process that took it may be gone, in words; None where nothing does."""
    sign_after_exit: SignOfLife | None = None
    """A sign of life of the lock's session that was written after its pid was seen to be gone."""

    def is_believable(self, instant: datetime) -> bool:
        """Whether a time can be right: what is far ahead of our clock tells nothing about now."""
        return instant <= self.now + self.quiet_after

    def believable_signs(self, lock: RepositoryLock) -> tuple[SignOfLife, ...]:
        """Those that can be of the lock's run: since it was taken, and not far ahead."""
        return tuple(sign for sign in self.signs if lock.acquired_at <= sign.at and self.is_believable(sign.at))

    def last_sign(self, lock: RepositoryLock) -> datetime | None:
        """When the lock's run last showed life."""
        return max((sign.at for sign in self.believable_signs(lock)), default=None)

    def is_young(self, lock: RepositoryLock) -> bool:
        """Whether the lock was taken within the quiet time."""
        return abs(lock.age(self.now)) <= self.quiet_after

    def shows_life(self, lock: RepositoryLock) -> bool:
        """Whether the run has shown life within the quiet time."""
        last = self.last_sign(lock)
        return last is not None and self.now - last <= self.quiet_after

    def is_fresh(self, lock: RepositoryLock) -> bool:
        """Whether nothing is in doubt as yet: the run shows life, or the lock is young."""
        return self.shows_life(lock) or self.is_young(lock)

    def time_texts(self, *instants: datetime) -> tuple[str, ...]:
        """Times for a sentence: to the minute, to the second where that would make two of them one, with their day
        where that is not today.
        """
        local = [instant.astimezone(self.now.tzinfo) for instant in instants]
        minutes = {f"{at:%Y-%m-%d %H:%M}" for at in local}
        clock = "%H:%M" if len(minutes) == len(local) else "%H:%M:%S"
        today = self.now.date()
        return tuple(at.strftime(clock if at.date() == today else f"%Y-%m-%d {clock}") for at in local)
