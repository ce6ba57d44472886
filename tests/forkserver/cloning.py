"""Fork a process whose parent is the parent of this one."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys
from typing import Final

_CLONE_PARENT: Final = 0x8000
_NUMBER_OF_CLONE: Final = {"x86_64": 56, "aarch64": 220}


def can_clone() -> bool:
    """Return whether `clone_sibling` knows the system call of this machine."""
    return sys.platform == "linux" and platform.machine() in _NUMBER_OF_CLONE


def clone_sibling() -> int:
    """Fork as `os.fork` does; the parent's parent becomes the parent of the child, and can wait for it.

    `os.fork` has no flags. The hooks around the call are those that it calls itself. The interpreter's lock must be
    held meanwhile, so this is `PyDLL`. Only for processes with one thread. Returns 0 in the child.
    """
    python = ctypes.pythonapi
    libc = ctypes.PyDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    libc.syscall.argtypes = [ctypes.c_long] * 6
    python.PyOS_BeforeFork()
    pid = int(libc.syscall(_NUMBER_OF_CLONE[platform.machine()], _CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0))
    if pid == 0:
        python.PyOS_AfterFork_Child()
        return 0
    error = ctypes.get_errno()
    python.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(error, os.strerror(error))
    return pid
