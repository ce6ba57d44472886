"""The visibility of this host's processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from clawtui.files.fs.mount_points import mounts

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
