"""The mount that a directory is in, and the mounts below it.

A bind mount has the device of the directory that it shows, so a device number does not distinguish it from the
directory around it. The kernel's mount id does; it is read from ``/proc/self/fdinfo``. Without that file the device is
used.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_FD_INFO = Path("/proc/self/fdinfo")
_MOUNT_TABLE = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(rb"\\([0-7]{3})")


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
