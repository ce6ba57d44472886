"""Whether a directory is on another machine, where the kernel here is told of nothing."""

from __future__ import annotations

import os
from pathlib import Path

MOUNT_TABLE = Path("/proc/self/mountinfo")

_REMOTE = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "coda", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"}
    | {"fuse.vmhgfs-fuse", "gfs2", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "prl_fs"}
    | {"smb3", "smbfs", "vboxsf", "virtiofs"}
)


def is_remote(device: int, mount_table: Path = MOUNT_TABLE) -> bool:
    """Whether the file system with that device number is a network's or a host's; no where nobody can tell."""
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        lines = mount_table.read_bytes().decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return False
    return any(_type_of(line) in _REMOTE for line in lines if line.split(maxsplit=3)[2:3] == [number])


def _type_of(line: str) -> str:
    """What stands after the lone hyphen that ends the optional fields."""
    _, _, rest = line.partition(" - ")
    return rest.partition(" ")[0]
