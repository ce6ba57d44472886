"""Facts of this host about one pid, and whether all processes of the host can be seen from here."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from clawtui.files.fs.mount_points import mounts, network_file_system
from clawtui.model.liveness.evidence import Process
from clawtui.operations.evidence.boot_clock import boot_time

if TYPE_CHECKING:
    import psutil


PROC = Path("/proc")

_FIRST_PID_NAMESPACE = 0xEFFFFFFC
"""The inode number that Linux gives to the pid namespace of the host itself."""

_CAP_SYS_PTRACE = 19


def why_hidden() -> str | None:
    """Return why this process may not see every process of the host, as a clause; None where it sees all of them.

    Linux: it must be in the pid namespace of the host, with a ``/proc`` of that namespace that hides nothing. macOS:
    every process can be seen. Other systems: unknown, which counts as hidden.
    """
    if sys.platform == "darwin":
        return None
    namespace = pid_namespace()
    if namespace is None:
        return "there is no /proc of this system here, so which processes there are cannot be seen"
    if namespace != _FIRST_PID_NAMESPACE:
        return "clawtui runs in a pid namespace of its own (a container), and sees only what is in there"
    if _is_proc_restricted() or not _is_readable(PROC / "1/status"):
        return "/proc hides the processes of other users from this one (hidepid)"
    return None


def pid_namespace() -> int | None:
    """Return the inode number of the pid namespace of this process; None where it cannot be read."""
    try:
        return (PROC / "self/ns/pid").stat().st_ino
    except OSError:
        return None


def _is_proc_restricted() -> bool:
    """Return whether ``/proc`` is mounted with ``hidepid`` and this process has no right to see more."""
    options: dict[str, str] = {}
    for mount in mounts():
        if mount.point == str(PROC):
            options = {name: value for name, _, value in (option.partition("=") for option in mount.options)}
    hiding = options.get("hidepid", "0")
    if hiding in ("0", "off") or _may_trace_all():
        return False
    group = options.get("gid", "")
    exempt = group.isdecimal() and int(group) in {os.getegid(), *os.getgroups()} and hiding not in ("4", "ptraceable")
    return not exempt


def _may_trace_all() -> bool:
    """Return whether this process has CAP_SYS_PTRACE over the whole host, not only in a user namespace."""
    try:
        status = (PROC / "self/status").read_text(errors="replace")
        user_ids = (PROC / "self/uid_map").read_text().split()
    except OSError:
        return False
    line = next((line for line in status.splitlines() if line.startswith("CapEff:")), "CapEff: 0")
    return user_ids == ["0", "0", "4294967295"] and bool(int(line.split()[1], 16) >> _CAP_SYS_PTRACE & 1)


def _is_readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError:
        return False
    return True


_MOST_OF_COMMAND = 60


def find_process(pid: int, booted: datetime | None = None) -> Process | None:
    """Return the process that has ``pid``; None where there is none.

    A process that ``/proc`` hides is found with signal 0. ``booted`` is when the host started, by the current wall
    clock, where the caller knows it.
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
    """Return whether a process that wrote in ``base`` as ``pid`` may still exist.

    It may where it is found, where not all processes can be seen from here, and where another host can use the
    directory.
    """
    process = find_process(pid)
    if process is not None and not process.ended:
        return True
    return why_hidden() is not None or network_file_system(base) is not None


def start_ticks(pid: int) -> int | None:
    """Return when a process started, in clock ticks since the boot (``/proc/PID/stat``, field 22), or None."""
    try:
        # The name, the second field, may contain spaces and parentheses.
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        return int(fields[19])
    except (OSError, ValueError, IndexError):
        return None


def process_mark(pid: int) -> tuple[bool, str] | None:
    """Return a value that differs if another process has ``pid``, or if it has exited; None where there is none.

    It costs a small part of `find_process`.
    """
    if not _exists(pid):
        return None
    try:
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        return (fields[0] == "Z", fields[19])
    except (OSError, IndexError):
        return (False, "")


def _start(found: psutil.Process, ticks: int | None, booted: datetime | None) -> datetime | None:
    """Return the start by the current wall clock.

    psutil caches the boot time, which is wrong after the clock was set, so its value is used only where the ticks are
    unknown.
    """
    if ticks is not None and booted is not None:
        return booted + timedelta(seconds=ticks / os.sysconf("SC_CLK_TCK"))
    return datetime.fromtimestamp(found.create_time(), UTC)


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
    # Without the blanks with which a process that renames itself fills the rest of its arguments.
    line = " ".join(" ".join([Path(program).name, *arguments]).split())
    return line if len(line) <= _MOST_OF_COMMAND else line[: _MOST_OF_COMMAND - 1] + "…"


def container_pids() -> Mapping[int, list[int]]:
    """Return the processes of containers on this host: by the pid inside its container, the pids outside."""
    outside: dict[int, list[int]] = {}
    for name, inode in _pids():
        with suppress(OSError):  # it has ended, or is hidden
            inner = _inner_pid(name, inode)
            if inner is not None:
                outside.setdefault(inner, []).append(int(name))
    return outside


def _pids() -> Iterator[tuple[str, int]]:
    """Yield each pid of this namespace, with the inode number of its directory in ``/proc``."""
    try:
        with os.scandir(PROC) as entries:
            yield from ((entry.name, entry.inode()) for entry in entries if entry.name.isdecimal())
    except OSError:
        return


@lru_cache(maxsize=16384)
def _inner_pid(name: str, inode: int) -> int | None:
    """Return the pid of a process in its own pid namespace; None where that is ours. Raises OSError if it is unknown.

    A process cannot leave its namespace, and another one that gets the pid has a directory with another ``inode``: so
    each process is read once.
    """
    status = (PROC / name / "status").read_bytes()
    pids = status.partition(b"\nNSpid:")[2].partition(b"\n")[0].split()
    return int(pids[-1]) if pids and int(pids[-1]) != int(name) else None
