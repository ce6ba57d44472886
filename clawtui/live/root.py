"""The search for `automations/`, and the test whether its file system is remote, where the kernel may miss changes."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from clawtui.files.fs.reading import reason_of
from clawtui.files.store_kind import store_kind
from clawtui.model.documents.base import Problem
from clawtui.storage.paths import StatePaths, foreign_reason

if TYPE_CHECKING:
    from clawtui.model.gateway.state import StoreKind

MOUNT_TABLE = Path("/proc/self/mountinfo")

_REMOTE = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "coda", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"}
    | {"fuse.vmhgfs-fuse", "gfs2", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "prl_fs"}
    | {"smb3", "smbfs", "vboxsf", "virtiofs"}
)


class Root(NamedTuple):
    """One `automations/` directory. A directory that replaces it under the same name is a different root."""

    base: Path
    device: int
    inode: int


def find_root(paths: StatePaths) -> Root | StoreKind | Problem | None:
    """Return the directory, following links to it; for a stock gateway, the kind of its store.

    None where nothing exists; a Problem where something exists that is not a gateway's `automations/`.
    """
    if (kind := store_kind(paths.root)) is not None:
        return kind
    try:
        base = paths.find()
        if base is None:
            return _what_is_there(paths)
        status = base.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        circle = error.errno == errno.ELOOP
        return Problem("", "is a symbolic link that leads in a circle" if circle else reason_of(error))
    return Root(base, status.st_dev, status.st_ino)


def _what_is_there(paths: StatePaths) -> Problem | None:
    place = paths.place
    if not stat.S_ISDIR(place.stat().st_mode):
        return Problem("", "is a file where a directory should be")
    return Problem("", foreign_reason(paths))


def is_remote(device: int, mount_table: Path = MOUNT_TABLE) -> bool:
    """Return whether the file system with the number `device` is on another machine; False where that is unknown."""
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        lines = mount_table.read_bytes().decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return False
    return any(_type_of(line) in _REMOTE for line in lines if line.split(maxsplit=3)[2:3] == [number])


def _type_of(line: str) -> str:
    """Return the type in a line of the table: it follows the hyphen that ends the optional fields."""
    _, _, rest = line.partition(" - ")
    return rest.partition(" ")[0]
