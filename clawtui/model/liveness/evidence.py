"""The facts about the holder of a lock on which the verdict is based, and their strength as proof."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from msgspec import Struct

from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading, Workspace
from clawtui.model.runs.judgement import QUIET_AFTER

SLACK = timedelta(seconds=2)
"""The most by which two times of one host differ: the kernel counts its own start and that of a process in ticks."""


class Proof(IntEnum):
    """The strength of an item of evidence, the strongest first."""

    DEAD = 0
    UNREACHABLE = 1
    """The holder is on another host or in another container, out of reach of this process."""
    ALIVE = 2
    NOTHING = 3


class EvidenceItem(NamedTuple):
    """One fact as a sentence, and its strength as proof."""

    text: str
    proof: Proof = Proof.NOTHING


class Span(NamedTuple):
    """A range of time, both ends included."""

    first: datetime
    last: datetime


class Process(Struct, frozen=True):
    """A process of this host."""

    pid: int
    command: str | None
    """Its command; None if it may not be read."""
    started: datetime | None
    """By the current wall clock; None if unknown."""
    ended: bool = False
    """Whether it is a zombie: it has exited, and its parent has not waited for it yet."""
    start_ticks: int | None = None
    """When it started, in clock ticks since the boot (field 22 of ``/proc/PID/stat``)."""


class Host(Struct, frozen=True):
    """The facts of this host about the pid in a lock, which may name another host."""

    name: str
    process: Process | None = None
    """The process that has the pid now; None if there is none."""
    booted: datetime | None = None
    """When the host booted, by the current wall clock; None if unknown."""
    earlier_clocks: tuple[Span, ...] | None = None
    """The times that the wall clock may have shown after the boot and before it was set forward; empty if it was not
    set, None if unknown.
    """
    hidden: str | None = None
    """Why this process cannot see all processes of the host, as a clause; None if it can."""
    network: str | None = None
    """The network file system of the state directory, such as ``nfs4``; None for a local one."""
    namesake: Process | None = None
    """A process in a container of this host that has the pid inside it; its ``pid`` is that of the host."""
    machine_id: str | None = None
    """From ``/etc/machine-id``."""
    boot_id: str | None = None
    """The kernel's id of the current boot."""
    pid_namespace: int | None = None
    """The inode of this process's pid namespace."""

    def can_date(self, instant: datetime) -> bool:
        """Return whether a recorded time can be compared with the start of the host or of a process.

        It cannot if the clock may have shown it before it was set forward.
        """
        spans = self.earlier_clocks
        return spans is not None and not any(span.first <= instant <= span.last for span in spans)


class SignOfLife(NamedTuple):
    """A time at which a run wrote something, and the file that it wrote."""

    source: str
    at: datetime


class Evidence(Struct, frozen=True):
    """All facts on which the verdict on a lock rests."""

    lock: Reading[RepositoryLock]
    host: Host
    workspace: Workspace | None
    """The workspace of the automation that the lock names."""
    slot: Slot | None
    """The slot of the lock's session."""
    slots_known: bool
    """Whether the file that lists the slots could be read."""
    signs: tuple[SignOfLife, ...]
    """Times of files that the lock's run may have written."""
    now: datetime
    timeout: timedelta | None
    """The age at which the lock expires; None if unknown."""
    quiet_after: timedelta = QUIET_AFTER
    slack: timedelta = SLACK
    kept: str | None = None
    """Why the lock is held even if the process that took it is gone, as a sentence; None if nothing holds it."""
    sign_after_exit: SignOfLife | None = None
    """A sign of life of the lock's session that was written after its pid was found to be gone."""

    def is_believable(self, instant: datetime) -> bool:
        """Return whether a time can be correct: one far in the future is not."""
        return instant <= self.now + self.quiet_after

    def believable_signs(self, lock: RepositoryLock) -> tuple[SignOfLife, ...]:
        """Return the signs of life since the lock was taken that are not far in the future."""
        return tuple(sign for sign in self.signs if lock.acquired_at <= sign.at and self.is_believable(sign.at))

    def last_sign(self, lock: RepositoryLock) -> datetime | None:
        """Return the time of the last sign of life of the lock's run."""
        return max((sign.at for sign in self.believable_signs(lock)), default=None)

    def is_young(self, lock: RepositoryLock) -> bool:
        """Return whether the lock is not older than ``quiet_after``."""
        return abs(lock.age(self.now)) <= self.quiet_after

    def shows_life(self, lock: RepositoryLock) -> bool:
        """Return whether there was a sign of life within ``quiet_after``."""
        last = self.last_sign(lock)
        return last is not None and self.now - last <= self.quiet_after

    def is_fresh(self, lock: RepositoryLock) -> bool:
        """Return whether the run shows life, or the lock is younger than ``quiet_after``."""
        return self.shows_life(lock) or self.is_young(lock)

    def holds_until(self, lock: RepositoryLock) -> datetime | None:
        """Return the time until which the verdict, and whether the lock is expired, cannot change by time alone.

        None if time cannot change them any more. Only the sentences of the verdict have ages, which grow.
        """
        spans = [(lock.acquired_at, -self.quiet_after), (lock.acquired_at, self.quiet_after)]
        if self.timeout is not None:
            spans.append((lock.acquired_at, self.timeout))
        for sign in self.signs:
            spans += [(sign.at, -self.quiet_after), (sign.at, self.quiet_after)]
        turns = (_shifted(at, span) for at, span in spans)
        return min((turn for turn in turns if turn >= self.now), default=None)

    def time_texts(self, *instants: datetime) -> tuple[str, ...]:
        """Return the times as text, in the zone of ``now``: to the minute, or to the second if two would look equal.

        A time of another day has its date.
        """
        local = [instant.astimezone(self.now.tzinfo) for instant in instants]
        minutes = {f"{at:%Y-%m-%d %H:%M}" for at in local}
        clock = "%H:%M" if len(minutes) == len(local) else "%H:%M:%S"
        today = self.now.date()
        return tuple(at.strftime(clock if at.date() == today else f"%Y-%m-%d {clock}") for at in local)


def _shifted(instant: datetime, span: timedelta) -> datetime:
    """Return ``instant + span``; the first or last time there is if that is beyond it."""
    try:
        return instant + span
    except OverflowError:
        return (datetime.max if span > timedelta(0) else datetime.min).replace(tzinfo=UTC)
