"""What this host says about a pid."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.model.liveness.evidence import SLACK, Host, Process
from clawtui.model.liveness.process_evidence import COMMAND_PID, COMMAND_TICKS, LOCK_RUN_ID
from clawtui.operations.locks.boot_clock import boot_time, earlier_clocks
from clawtui.operations.locks.process_visibility import PROC, network_file_system, pid_namespace, why_hidden
from clawtui.storage.locks.open_lock import is_lock_kept_open

if TYPE_CHECKING:
    import psutil

_MOST_OF_COMMAND = 60
_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_BOOT_ID = PROC / "sys/kernel/random/boot_id"

WRITES_WITHIN = timedelta(seconds=2.5)
"""A session that wrote this recently, and whose pid is gone, is looked at again once so much time has passed."""


class ThisHost:
    """This host for one round of verdicts: what is the same for all of them is asked once.

    Args:
        patient: Whether to wait, up to ``WRITES_WITHIN`` a round, to see whether a session goes on writing though its
            pid is gone. Not for a thread that must answer at once.
        sleep: Waits for so many seconds.
    """

    def __init__(self, *, patient: bool = False, sleep: Callable[[float], object] = time.sleep) -> None:
        self.name = socket.gethostname()
        """As the gateway writes it into a lock."""
        self._patience = WRITES_WITHIN if patient else timedelta(0)
        self._sleep = sleep
        self._hosts: dict[Path, Host] = {}

    def look_at(self, base: Path) -> Host:
        """Return what this host says of itself, about no pid; ``base`` is where the locks are."""
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

    def look_for(self, lock: RepositoryLock, base: Path, now: datetime) -> Host:
        """Return who has the lock's pid, and what that is worth."""
        host = self.look_at(base)
        process = find_process(lock.pid, host.booted) if lock.knows("pid") else None
        may_be_holder = _may_have_taken(process, lock.acquired_at) or not lock.knows("pid")
        times = (host.booted, process.started if process else None)
        clocks = None
        if host.booted is not None and any(at is not None and lock.acquired_at < at for at in times):
            clocks = earlier_clocks(host.booted, now)
        namesake = None if may_be_holder else self._namesake(lock.pid)
        return replace(host, process=process, earlier_clocks=clocks, namesake=namesake)

    def look_for_pid(self, pid: int, ticks: int | None, since: datetime | None, base: Path, now: datetime) -> Host:
        """Return who has ``pid``, and what that is worth, for an owner that is no repository's lock.

        Args:
            pid: The owner's.
            ticks: When the owner started, in clock ticks since the boot; None where that is not known.
            since: When what it owns began.
            base: The directory in which it is recorded.
            now: The instant.
        """
        host = self.look_at(base)
        process = find_process(pid, host.booted)
        is_owner = process is not None and not process.ended and ticks is not None and process.start_ticks == ticks
        clocks = None
        if host.booted is not None and since is not None and (not is_owner or since < host.booted):
            clocks = earlier_clocks(host.booted, now)
        namesake = None if is_owner else self._namesake(pid, ticks)
        return replace(host, process=process, earlier_clocks=clocks, namesake=namesake)

    def keeper_of(self, reading: Reading[RepositoryLock], base: Path) -> str | None:
        """Return what keeps the lock of a ``clawtui lock run`` held, in words; None where nothing is seen to do so.

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
        """Wait until what was written ``age`` ago is ``WRITES_WITHIN`` old; False where that was not waited for."""
        if not self._patience or not timedelta(0) <= age < WRITES_WITHIN:
            return False
        wait = min(self._patience, WRITES_WITHIN - age)
        self._sleep(wait.total_seconds())
        # What is waited for once in a round has passed for all of its locks; a little is left for the last.
        self._patience = max(self._patience - wait, timedelta(milliseconds=1))
        return True

    def _namesake(self, pid: int, ticks: int | None = None) -> Process | None:
        """A process of a container that has the pid in there; the one that started at ``ticks`` where it is there."""
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

    @cached_property
    def _contained(self) -> Mapping[int, list[int]]:
        """By the pid that a process has in its container: the pids out here."""
        outside: dict[int, list[int]] = {}
        for pid in _pids():
            *_, inner = _names_of(pid) or [pid]
            if inner != pid:
                outside.setdefault(inner, []).append(pid)
        return outside


def identity_of(pid: int) -> Mapping[str, object]:
    """Return what names the process ``pid`` of this host for certain, as a lock records it beside pid and hostname.

    Keys: ``startTicks``, ``bootId``, ``machineId``, ``pidNamespace``; what cannot be told is missing.
    """
    known = {
        "startTicks": start_ticks(pid),
        "bootId": _first_line(_BOOT_ID),
        "machineId": next(filter(None, map(_first_line, _MACHINE_IDS)), None),
        "pidNamespace": pid_namespace(),
    }
    return {name: value for name, value in known.items() if value is not None}


def find_process(pid: int, booted: datetime | None = None) -> Process | None:
    """Return who has ``pid``; None where nobody has. What ``/proc`` hides is there: the kernel is asked.

    ``booted`` is when the host started, by the wall clock of now, where the caller knows it already.
    """
    if not _exists(pid):
        return None
    import psutil

    ticks = start_ticks(pid)
    try:
        found = psutil.Process(pid)
        with found.oneshot():
            ended = found.status() == psutil.STATUS_ZOMBIE
            return Process(pid, _command(found), _start(found, ticks, booted or boot_time()), ended, ticks)
    except (psutil.Error, OSError):
        return Process(pid, None, None) if _exists(pid) else None


def may_be_there(pid: int, base: Path) -> bool:
    """Return whether a process that wrote in ``base`` as ``pid`` may be there: it is, or not all can be seen from here.

    Also where another host can use the directory, and the pid may be of that.
    """
    process = find_process(pid)
    if process is not None and not process.ended:
        return True
    return why_hidden() is not None or network_file_system(base) is not None


def start_ticks(pid: int) -> int | None:
    """Return when a process started, in clock ticks since the boot (``/proc/PID/stat``, field 22)."""
    try:
        # The name, the second field, may hold spaces and parentheses of its own.
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        return int(fields[19])
    except (OSError, ValueError, IndexError):
        return None


def _start(found: psutil.Process, ticks: int | None, booted: datetime | None) -> datetime | None:
    """By the wall clock of now: a library that remembers the boot is wrong once the clock was set."""
    if ticks is not None and booted is not None:
        return booted + timedelta(seconds=ticks / os.sysconf("SC_CLK_TCK"))
    return datetime.fromtimestamp(found.create_time(), UTC)


def _may_have_taken(process: Process | None, taken_at: datetime, slack: timedelta = SLACK) -> bool:
    if process is None or process.ended:
        return False
    return process.started is None or process.started <= taken_at + slack


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _command(process: psutil.Process) -> str | None:
    import psutil

    try:
        program, *arguments = process.cmdline() or [process.name()]
    except (psutil.Error, OSError):
        return None
    line = " ".join([Path(program).name, *arguments])
    return line if len(line) <= _MOST_OF_COMMAND else line[: _MOST_OF_COMMAND - 1] + "…"


def _first_line(path: Path) -> str | None:
    try:
        return path.read_text(errors="replace").strip() or None
    except OSError:
        return None


def _pids() -> Iterator[int]:
    try:
        yield from (int(entry.name) for entry in PROC.iterdir() if entry.name.isdecimal())
    except OSError:
        return


def _names_of(pid: int) -> list[int]:
    """The pids that a process has, from our namespace down to its own; empty where that cannot be told."""
    try:
        status = (PROC / str(pid) / "status").read_text(errors="replace")
    except OSError:
        return []
    line = next((line for line in status.splitlines() if line.startswith("NSpid:")), "")
    return [int(number) for number in line.split()[1:]]
