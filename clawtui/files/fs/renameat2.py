"""Rename without overwriting, and exchange two names, in one directory (Linux: renameat2(2), through the C library).

A file system may lack the call (NFS, many FUSE file systems, SMB), and so may the C library. The docstring of each
function says what it does then. Python has no such function of its own.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Final

from clawtui.files.fs.temp_files import temp_name
from clawtui.model.errors import Refused

RENAME_NOREPLACE: Final = 1
RENAME_EXCHANGE: Final = 2

_NO_SUCH_CALL: Final = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM}
"""Some sandboxes answer EPERM to a call that they do not know; if the act is not permitted, the next way fails too."""
_NO_LINKS: Final = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM, errno.EACCES, errno.EMLINK, errno.EXDEV}
"""EPERM: no hard links here, or ``protected_hardlinks`` and another account's file."""
_PLACEHOLDER: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class NoWayBack(Refused):
    """The file could not get its name back after the rename without the risk of overwriting; nothing was done."""


def rename_noreplace(directory: int, source: str, target: str) -> None:
    """Rename ``source`` to ``target``, both in ``directory``, and never overwrite anything.

    Without renameat2, a hard link is made and ``source`` unlinked; if the unlink fails, a second name of the same file
    is left. Without links, ``target`` is created empty with O_EXCL and then replaced: for an instant others see an
    empty file. Raises FileExistsError if the name ``target`` exists, OSError.
    """
    if not renameat2(directory, source, target, RENAME_NOREPLACE):
        rename_noreplace_otherwise(directory, source, target)


def rename_noreplace_otherwise(directory: int, source: str, target: str) -> None:
    """Rename as ``rename_noreplace`` does without renameat2. Raises as it does."""
    status = os.stat(source, dir_fd=directory, follow_symlinks=False)
    if stat.S_ISDIR(status.st_mode):
        _rename_directory(directory, source, target)
        return
    try:
        os.link(source, target, src_dir_fd=directory, dst_dir_fd=directory, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    else:
        with suppress(OSError):
            os.unlink(source, dir_fd=directory)
        return
    _rename_over_placeholder(directory, source, target)


def rename_aside(directory: int, name: str, aside: str, *, final: bool = False) -> None:
    """Rename ``name`` to ``aside``, both in ``directory``, if ``rename_noreplace`` could undo it.

    With ``final`` it is always done. Raises NoWayBack, FileExistsError if ``aside`` is taken, OSError.
    """
    if renameat2(directory, name, aside, RENAME_NOREPLACE):
        return
    if not final and not can_return(directory, name):
        raise NoWayBack(
            f"{name} could not get its name back here: the file system has neither renameat2 nor hard links, and takes "
            "no new file; nothing was done"
        )
    os.rename(name, aside, src_dir_fd=directory, dst_dir_fd=directory)


def can_return(directory: int, name: str) -> bool:
    """Return whether ``name``, renamed aside, could get its name back without renameat2.

    This is tried: a second link of the file, or else an empty file beside it, is made and removed. Nothing is renamed.
    """
    probe = temp_name("probe.lock")
    try:
        status = os.stat(name, dir_fd=directory, follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            return True
        with suppress(OSError):
            os.link(name, probe, src_dir_fd=directory, dst_dir_fd=directory, follow_symlinks=False)
            os.unlink(probe, dir_fd=directory)
            return True
        os.close(os.open(probe, _PLACEHOLDER, 0o600, dir_fd=directory))
        os.unlink(probe, dir_fd=directory)
    except OSError:
        return False
    return True


def link_back(directory: int, aside: str, name: str) -> None:
    """Rename ``aside`` to ``name``, both in ``directory``, and never overwrite anything.

    If ``name`` is another link of the same file, as after a crash between link and unlink, only ``aside`` is removed;
    if that fails, it stays as a second link. Raises FileExistsError if another file has the name, OSError.
    """
    try:
        rename_noreplace(directory, aside, name)
    except FileExistsError:
        if not is_same_file(directory, aside, name):
            raise
        with suppress(OSError):  # it has its name; the second one is recognized and swept
            os.unlink(aside, dir_fd=directory)


def is_same_file(directory: int, one: str, other: str) -> bool:
    """Return whether both are names of one file."""
    try:
        stats = [os.stat(name, dir_fd=directory, follow_symlinks=False) for name in (one, other)]
    except FileNotFoundError:
        return False
    return os.path.samestat(*stats)


def exchange(directory: int, one: str, other: str) -> bool:
    """Exchange two names in ``directory`` in one step; return False, with nothing done, without renameat2.

    Raises FileNotFoundError if one of them does not exist, OSError.
    """
    return renameat2(directory, one, other, RENAME_EXCHANGE)


def prepare() -> None:
    """Load the library that ``exchange`` needs, so that the milliseconds for it do not fall between check and act."""
    _call()


def renameat2(directory: int, source: str, target: str, flags: int) -> bool:
    """Call renameat2(2) within ``directory``; return False if the file system or C library lacks it. Raises OSError."""
    sys.audit("os.rename", source, target, directory, directory)
    code = _call()(directory, os.fsencode(source), os.fsencode(target), flags)
    if code in _NO_SUCH_CALL:
        return False
    if code:
        raise OSError(code, os.strerror(code), source, None, target)
    return True


@cache
def _call() -> Callable[[int, bytes, bytes, int], int]:
    """Return a function that makes the call and returns the errno, or 0 after success."""
    import ctypes  # only a write needs it, and it is slow to import

    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return lambda directory, source, target, flags: errno.ENOSYS
    function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    function.restype = ctypes.c_int

    def call(directory: int, source: bytes, target: bytes, flags: int) -> int:
        return ctypes.get_errno() if function(directory, source, directory, target, flags) else 0

    return call


def _rename_directory(directory: int, source: str, target: str) -> None:
    """Rename a directory, which can have no second link; a rename replaces nothing but an empty directory."""
    try:
        os.rename(source, target, src_dir_fd=directory, dst_dir_fd=directory)
    except OSError as error:
        raise FileExistsError(error.errno, error.strerror, target) from error


def _rename_over_placeholder(directory: int, source: str, target: str) -> None:
    placeholder = os.open(target, _PLACEHOLDER, 0o600, dir_fd=directory)
    try:
        if not _is_named(directory, target, placeholder):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
        os.rename(source, target, src_dir_fd=directory, dst_dir_fd=directory)
    except OSError:
        if _is_named(directory, target, placeholder):
            os.unlink(target, dir_fd=directory)
        raise
    finally:
        os.close(placeholder)


def _is_named(directory: int, name: str, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(name, dir_fd=directory, follow_symlinks=False), os.fstat(descriptor))
    except FileNotFoundError:
        return False
