"""What this host says about a pid."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from clawtui.model.evidence import SLACK, Host, Process

if TYPE_CHECKING:
    import psutil

_PROC = Path("/proc")
_FIRST_PID_NAMESPACE = 0xEFFFFFFC
"""The inode that Linux gives to the namespace in which the host itself runs."""
_MOST_OF_COMMAND = 60


class ThisHost:
    """This host for one round of verdicts: what is the same for all of them is asked once."""

    def __init__(self) -> None:
        self.name = socket.gethostname()
        """As the gateway writes it into a lock."""

    def look_for(self, pid: int, taken_at: datetime) -> Host:
        """Who has the pid of a lock that was taken at ``taken_at``, and what that is worth."""
        process = find_process(pid)
        namesake = None if _may_have_taken(process, taken_at) else self._namesake(pid)
        return Host(self.name, process, self._booted, self._in_container, namesake)

    def _namesake(self, pid: int) -> Process | None:
        found = map(find_process, self._contained.get(pid, ()))
        return next((process for process in found if process is not None and not process.ended), None)

    @cached_property
    def _in_container(self) -> bool:
        return in_container()

    @cached_property
    def _booted(self) -> datetime | None:
        import psutil

        try:
            return datetime.fromtimestamp(psutil.boot_time(), UTC)
        except (psutil.Error, OSError, RuntimeError):
            return None

    @cached_property
    def _contained(self) -> Mapping[int, list[int]]:
        """By the pid that a process has in its container: the pids out here."""
        outside: dict[int, list[int]] = {}
        for pid in _pids():
            *_, inner = _names_of(pid) or [pid]
            if inner != pid:
                outside.setdefault(inner, []).append(pid)
        return outside


def in_container() -> bool:
    """Whether this process has a pid namespace of its own, so that it sees some of the host's processes only."""
    try:
        return (_PROC / "self/ns/pid").stat().st_ino != _FIRST_PID_NAMESPACE
    except OSError:
        return False


def find_process(pid: int) -> Process | None:
    """Who has ``pid``; None where nobody has. The kernel is asked first: what ``/proc`` hides is there all the same."""
    if not _exists(pid):
        return None
    import psutil

    try:
        found = psutil.Process(pid)
        with found.oneshot():
            started = datetime.fromtimestamp(found.create_time(), UTC)
            return Process(pid, _command(found), started, found.status() == psutil.STATUS_ZOMBIE)
    except (psutil.Error, OSError):
        return Process(pid, None, None) if _exists(pid) else None


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


def _pids() -> Iterator[int]:
    try:
        yield from (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal())
    except OSError:
        return


def _names_of(pid: int) -> list[int]:
    """The pids that a process has, from our namespace down to its own; empty where that cannot be told."""
    try:
        status = (_PROC / str(pid) / "status").read_text(errors="replace")
    except OSError:
        return []
    line = next((line for line in status.splitlines() if line.startswith("NSpid:")), "")
    return [int(number) for number in line.split()[1:]]
