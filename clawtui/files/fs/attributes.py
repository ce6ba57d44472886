"""Owner, group, mode, ACL and security label: kept when a file is replaced, and chosen for a new file."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from clawtui.files.fs.directories import FILE_MODE, SHARED_FILE_MODE, is_shared, new_owner_in
from clawtui.model.errors import Refused

_ACL = "system.posix_acl_access"
_KEPT = {_ACL, "system.nfs4_acl", "security.selinux", "security.SMACK64"}
_LOOK = getattr(os, "O_PATH", os.O_RDONLY | os.O_NONBLOCK) | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_ATTRIBUTES = {errno.EOPNOTSUPP, errno.ENOSYS, errno.ENODATA}
_NO_MODES = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS}


class NotKept(Refused):
    """The replacement of a file could not keep an attribute such as the owner; nothing was done. ``user`` can do it."""

    def __init__(self, reason: str, user: str) -> None:
        super().__init__(f"{reason}; nothing was done\n`{as_user(user)}` can do it.")
        self.user = user


class Attributes(NamedTuple):
    """The attributes of a regular file."""

    uid: int
    gid: int
    mode: int
    extended: Mapping[str, bytes]
    """ACL, security label and the user's own attributes, by name."""


def as_user(user: str, words: str = "…") -> str:
    """Return the command line that runs ``clawtui`` with ``words`` as ``user``."""
    return f"sudo -u {user} clawtui {words}"


def attributes_of(directory: int, name: str) -> Attributes | None:
    """Return the attributes of the regular file ``name``; None if there is none. Raises OSError."""
    try:
        descriptor = os.open(name, _LOOK, dir_fd=directory)
    except FileNotFoundError:
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        return Attributes(status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode), _extended(descriptor))
    finally:
        os.close(descriptor)


def give_attributes(descriptor: int, attributes: Attributes, relative: str) -> None:
    """Give a new file of ours the attributes of the file at ``relative``. Raises NotKept if it cannot, OSError."""
    status = os.fstat(descriptor)
    if (status.st_uid, status.st_gid) != (attributes.uid, attributes.gid):
        try:
            os.fchown(descriptor, attributes.uid, attributes.gid)
        except PermissionError as error:
            raise NotKept(_of_another(relative, attributes, status), _name_of_user(attributes.uid)) from error
    try:
        _give_extended(descriptor, attributes.extended)
    except OSError as error:
        raise NotKept(f"{relative} has an ACL or a label that its replacement could not keep", "root") from error
    if stat.S_IMODE(os.fstat(descriptor).st_mode) != attributes.mode:
        set_own_mode(descriptor, attributes.mode)


def give_new(descriptor: int, directory: int, *, private: bool = False) -> None:
    """Give a new file of ours the mode of a new file in ``directory``: 0600, or 0660 if a group shares the directory.

    Root also gives it the owner of the directory. A ``private`` file is always 0600. Raises OSError.
    """
    status = os.fstat(directory)
    set_own_mode(descriptor, SHARED_FILE_MODE if is_shared(status) and not private else FILE_MODE)
    if owner := new_owner_in(directory):
        os.fchown(descriptor, *owner)


def set_own_mode(descriptor: int, mode: int) -> None:
    """Set the mode of a file of ours if the file system has modes (FAT has none: EPERM). Raises OSError."""
    try:
        os.fchmod(descriptor, mode)
    except OSError as error:
        if error.errno not in _NO_MODES:
            raise


def _of_another(relative: str, attributes: Attributes, ours: os.stat_result) -> str:
    if attributes.uid != ours.st_uid:
        return (
            f"{relative} belongs to {_name_of_user(attributes.uid)}, and would belong to {_name_of_user(ours.st_uid)}"
        )
    return f"{relative} has the group {attributes.gid}, which its replacement could not have"


def _name_of_user(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"'#{uid}'"


def _extended(descriptor: int) -> dict[str, bytes]:
    """Return the extended attributes. By path, because a descriptor opened with O_PATH has none."""
    if not hasattr(os, "listxattr"):
        return {}
    path = Path(f"/proc/self/fd/{descriptor}")
    found = {}
    try:
        for name in os.listxattr(path):
            if name in _KEPT or name.startswith("user."):
                found[name] = os.getxattr(path, name)
    except OSError as error:
        if error.errno not in {*_NO_ATTRIBUTES, errno.ENOENT}:
            raise
    return found


def _give_extended(descriptor: int, attributes: Mapping[str, bytes]) -> None:
    has = _extended(descriptor)
    for name, value in attributes.items():
        if has.get(name) != value:
            os.setxattr(descriptor, name, value)
    if _ACL in has and _ACL not in attributes:  # inherited from the directory
        os.removexattr(descriptor, _ACL)
