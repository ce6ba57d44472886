"""The mount that a directory is in, the mounts below it, and the kind of its file system.

A bind mount has the device of the directory that it shows, so a device number does not distinguish it from the
directory around it. The kernel's mount id does; it is read from ``/proc/self/fdinfo``. Without that file the device is
used.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_FD_INFO = Path("/proc/self/fdinfo")
_MOUNT_TABLE = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(rb"\\([0-7]{3})")

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


def mount_of(descriptor: int) -> tuple[str, int]:
    """Return the identity of the mount that a directory is in: its id, or the device if no id can be read."""
    try:
        text = (_FD_INFO / str(descriptor)).read_bytes()
    except OSError:
        return ("device", os.fstat(descriptor).st_dev)
    for line in text.splitlines():
        key, _, value = line.partition(b":")
        if key == b"mnt_id":
            return ("mount", int(value))
    return ("device", os.fstat(descriptor).st_dev)


def mounted_below(descriptor: int) -> tuple[str, ...]:
    """Return the paths of all mount points inside a directory, relative to it, including files that are mounts.

    Empty if the system has no mount table.
    """
    try:
        directory = os.fsencode(Path(f"/proc/self/fd/{descriptor}").readlink())
        table = _MOUNT_TABLE.read_bytes()
    except OSError:
        return ()
    prefix = directory.rstrip(b"/") + b"/"
    points = (fields[4] for line in table.splitlines() if len(fields := line.split(b" ")) > 4)
    plain = (_ESCAPED.sub(lambda match: bytes([int(match[1], 8)]), point) for point in points)
    return tuple(sorted({os.fsdecode(point[len(prefix) :]) for point in plain if point.startswith(prefix)}))


def network_file_system(path: Path) -> str | None:
    """Return the type of the file system at ``path`` where other hosts may use it at the same time, such as ``nfs4``.

    None where it is local or unknown.
    """
    real = os.path.realpath(path)
    found = None
    for mount in mounts():
        inside = real == mount.point or real.startswith(mount.point.rstrip("/") + "/")
        # A later mount covers an earlier one of the same place.
        if inside and (found is None or len(mount.point) >= len(found.point)):
            found = mount
    if found is None:
        return None
    kind = found.file_system
    is_remote = kind in _NETWORK_FILE_SYSTEMS or (kind.startswith("fuse.") and kind not in _LOCAL_FUSE)
    return kind if is_remote else None


def mounts() -> Iterator[Mount]:
    """Yield the mounts that this process sees; none if the system has no mount table."""
    try:
        lines = _MOUNT_TABLE.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        before, _, after = line.partition(b" - ")
        fields, source = before.split(b" "), after.split(b" ")
        if len(fields) > 4 and len(source) > 2:
            point = _ESCAPED.sub(lambda match: bytes([int(match[1], 8)]), fields[4])
            options = os.fsdecode(source[2]).split(",")
            yield Mount(os.fsdecode(point), os.fsdecode(source[0]), tuple(options))
