"""Facts about this host, and about the processes that a lock names."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from msgspec.structs import replace

from clawtui.files.fs.mount_points import network_file_system
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.model.liveness.evidence import SLACK, Host, Process, Span
from clawtui.model.liveness.process_evidence import COMMAND_PID, COMMAND_TICKS, LOCK_RUN_ID
from clawtui.operations.evidence.boot_clock import boot_time, earlier_clocks
from clawtui.operations.evidence.processes import (
    PROC,
    container_pids,
    find_process,
    pid_namespace,
    start_ticks,
    why_hidden,
)
from clawtui.storage.locks.open_lock import is_lock_kept_open
from clawtui.storage.paths import StatePaths

_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_BOOT_ID = PROC / "sys/kernel/random/boot_id"

WRITES_WITHIN = timedelta(seconds=2.5)
"""The age of a write below which the session of a pid that is gone is examined again, after this time."""


class ThisHost:
    """This host for one round of verdicts. Facts that are the same for all locks are read once.

    Args:
        patient: Whether to wait, up to ``WRITES_WITHIN`` a round, to see whether a session still writes although its
            pid is gone. Not for a thread that must answer at once.
        sleep: Waits for a number of seconds.
    """

    def __init__(self, *, patient: bool = False, sleep: Callable[[float], object] = time.sleep) -> None:
        self.name = socket.gethostname()
        """The host name, as the gateway writes it into a lock."""
        self._patience = WRITES_WITHIN if patient else timedelta(0)
        self._sleep = sleep
        self._hosts: dict[Path, Host] = {}
        self._processes: dict[int, Process | None] = {}
        self._bases: dict[str, Path] = {}
        self._clocks: dict[datetime, tuple[Span, ...] | None] = {}

    def base_of(self, root: str) -> Path:
        """Return ``automations/`` of the state directory ``root``, which is looked up once a round."""
        if root not in self._bases:
            self._bases[root] = StatePaths(Path(root)).automations
        return self._bases[root]

    def describe(self, base: Path) -> Host:
        """Return the facts about this host, without a process; ``base`` is ``automations/``."""
        if base not in self._hosts:
            self._hosts[base] = Host(
                self.name,
                booted=self._booted,
                hidden=self._hidden,
                network=network_file_system(base),
                machine_id=self._machine_id,
                boot_id=self._boot_id,
                pid_namespace=self._pid_namespace,
            )
        return self._hosts[base]

    def describe_holder(self, lock: RepositoryLock, base: Path, now: datetime) -> Host:
        """Return the facts about the pid of the lock, and whether this host can judge it."""
        host = self.describe(base)
        process = self._process(lock.pid, host.booted) if lock.knows("pid") else None
        may_be_holder = _may_have_acquired(process, lock.acquired_at) or not lock.knows("pid")
        times = (host.booted, process.started if process else None)
        clocks = None
        if host.booted is not None and any(at is not None and lock.acquired_at < at for at in times):
            clocks = self._earlier_clocks(host.booted, now)
        namesake = None if may_be_holder else self._namesake(lock.pid)
        return replace(host, process=process, earlier_clocks=clocks, namesake=namesake)

    def describe_owner(self, pid: int, ticks: int | None, since: datetime | None, base: Path, now: datetime) -> Host:
        """Return the facts about ``pid``, for an owner that is not of a repository lock.

        Args:
            pid: The pid of the owner.
            ticks: When the owner started, in clock ticks since the boot; None where it is unknown.
            since: When it began to own it.
            base: The directory in which it is recorded.
            now: The current time.
        """
        host = self.describe(base)
        process = find_process(pid, host.booted)
        is_owner = process is not None and not process.ended and ticks is not None and process.start_ticks == ticks
        clocks = None
        if host.booted is not None and since is not None and (not is_owner or since < host.booted):
            clocks = self._earlier_clocks(host.booted, now)
        namesake = None if is_owner else self._namesake(pid, ticks)
        return replace(host, process=process, earlier_clocks=clocks, namesake=namesake)

    def keeper_of(self, reading: Reading[RepositoryLock], base: Path) -> str | None:
        """Return the process that holds the lock of a ``clawtui lock run``, as a clause; None if none is known.

        That is its command, by pid and start, or any process that has inherited the open lock file.
        """
        lock = reading.value
        if lock is None or lock.automation_id != LOCK_RUN_ID:
            return None
        pid, ticks = (lock.unknown.get(key) for key in (COMMAND_PID, COMMAND_TICKS))
        if isinstance(pid, int) and isinstance(ticks, int) and lock.holder.boot_id == self._boot_id:
            process = find_process(pid) if start_ticks(pid) == ticks else None
            if process is not None and not process.ended:
                what = f" ({process.command})" if process.command else ""
                return f"the command for which it is held goes on: pid {pid}{what}"
        if is_lock_kept_open(base, reading.path):
            return "a process that was started for it goes on: it keeps the lock file open"
        return None

    def wait_for_writes(self, age: timedelta) -> bool:
        """Wait until a write that is ``age`` old is ``WRITES_WITHIN`` old; return False if no wait was needed.

        ``age`` is negative if the session wrote after the time for which the lock is judged.
        """
        if not self._patience or age >= WRITES_WITHIN:
            return False
        wait = min(self._patience, WRITES_WITHIN - max(age, timedelta(0)))
        self._sleep(wait.total_seconds())
        # One wait serves all locks of the round; a millisecond stays, so that a later lock is looked at again too.
        self._patience = max(self._patience - wait, timedelta(milliseconds=1))
        return True

    def _process(self, pid: int, booted: datetime | None) -> Process | None:
        """Return the process that has the pid; the gateway's, which is in most locks, is looked up once a round."""
        if pid not in self._processes:
            self._processes[pid] = find_process(pid, booted)
        return self._processes[pid]

    def _earlier_clocks(self, booted: datetime, now: datetime) -> tuple[Span, ...] | None:
        """Return the times that the wall clock may have shown earlier; the files for that are read once."""
        if now not in self._clocks:
            self._clocks[now] = earlier_clocks(booted, now)
        return self._clocks[now]

    def _namesake(self, pid: int, ticks: int | None = None) -> Process | None:
        """Return a process that has the pid inside its container, preferably the one that started at ``ticks``."""
        found = [process for each in self._contained.get(pid, ()) if (process := find_process(each)) is not None]
        living = [process for process in found if not process.ended]
        same = [process for process in living if ticks is not None and process.start_ticks == ticks]
        return next(iter(same or living), None)

    @cached_property
    def _hidden(self) -> str | None:
        return why_hidden()

    @cached_property
    def _booted(self) -> datetime | None:
        return boot_time()

    @cached_property
    def _machine_id(self) -> str | None:
        return next(filter(None, map(_first_line, _MACHINE_IDS)), None)

    @cached_property
    def _boot_id(self) -> str | None:
        return _first_line(_BOOT_ID)

    @cached_property
    def _pid_namespace(self) -> int | None:
        return pid_namespace()

    def contained(self, pid: int) -> Sequence[int]:
        """Return the processes of this host that have the pid inside their containers."""
        return self._contained.get(pid, ())

    @cached_property
    def _contained(self) -> Mapping[int, list[int]]:
        return container_pids()


def identity_of(pid: int) -> Mapping[str, object]:
    """Return the identity of the process ``pid`` of this host, as a lock records it in addition to pid and host name.

    Keys: ``startTicks``, ``bootId``, ``machineId``, ``pidNamespace``; unknown ones are missing.
    """
    known = {
        "startTicks": start_ticks(pid),
        "bootId": _first_line(_BOOT_ID),
        "machineId": next(filter(None, map(_first_line, _MACHINE_IDS)), None),
        "pidNamespace": pid_namespace(),
    }
    return {name: value for name, value in known.items() if value is not None}


def _may_have_acquired(process: Process | None, taken_at: datetime, slack: timedelta = SLACK) -> bool:
    if process is None or process.ended:
        return False
    return process.started is None or process.started <= taken_at + slack


def _first_line(path: Path) -> str | None:
    try:
        return path.read_text(errors="replace").strip() or None
    except OSError:
        return None
