"""The visibility of this host's processes, and the detection of file systems that other hosts share."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")

_FIRST_PID_NAMESPACE = 0xEFFFFFFC
"""The inode number that Linux gives to the pid namespace of the host itself."""

_CAP_SYS_PTRACE = 19

_OCTAL = re.compile(r"\\([0-7]{3})")
"""How ``mountinfo`` writes a space in the name of a mount point."""

_NETWORK_FILE_SYSTEMS = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "virtiofs", "ceph", "lustre", "gfs2", "ocfs2"),
        *("beegfs", "gpfs", "orangefs", "vboxsf", "vmhgfs", "prl_fs", "drvfs"),
    }
)
_LOCAL_FUSE = frozenset({"fuse.fuse-overlayfs", "fuse.gocryptfs", "fuse.encfs", "fuse.ntfs-3g"})


class Mount(NamedTuple):
    """One line of ``/proc/self/mountinfo``."""

    point: str
    file_system: str
    options: tuple[str, ...]
    """The options of the file system, such as ``hidepid=invisible``."""


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


def network_file_system(path: Path) -> str | None:
    """Return the type of the file system at ``path`` where other hosts may use it at the same time, such as ``nfs4``.

    None where it is local or unknown.
    """
    real = os.path.realpath(path)
    found = None
    for mount in _mounts():
        inside = real == mount.point or real.startswith(mount.point.rstrip("/") + "/")
        # A later mount covers an earlier one of the same place.
        if inside and (found is None or len(mount.point) >= len(found.point)):
            found = mount
    if found is None:
        return None
    kind = found.file_system
    is_remote = kind in _NETWORK_FILE_SYSTEMS or (kind.startswith("fuse.") and kind not in _LOCAL_FUSE)
    return kind if is_remote else None


def _is_proc_restricted() -> bool:
    """Return whether ``/proc`` is mounted with ``hidepid`` and this process has no right to see more."""
    options: dict[str, str] = {}
    for mount in _mounts():
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


def _mounts() -> Iterator[Mount]:
    try:
        lines = (PROC / "self/mountinfo").read_text(errors="surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        before, _, after = line.partition(" - ")
        fields, source = before.split(" "), after.split(" ")
        if len(fields) > 4 and len(source) > 2:
            point = _OCTAL.sub(lambda code: chr(int(code[1], 8)), fields[4])
            yield Mount(point, source[0], tuple(source[2].split(",")))
