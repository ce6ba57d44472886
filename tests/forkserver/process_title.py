"""Give this process another command line and environment, as others see them in ``/proc``."""

from __future__ import annotations

import ctypes
import mmap
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_PR_SET_MM: Final = 35
_PR_SET_MM_MAP: Final = 14
_NO_FILE: Final = 0xFFFFFFFF

_kept: list[mmap.mmap] = []
"""The memory that holds the texts; it must stay mapped."""


_ADDRESSES: Final = (
    *("start_code", "end_code", "start_data", "end_data", "start_brk", "brk"),
    *("start_stack", "arg_start", "arg_end", "env_start", "env_end", "auxv"),
)


class _Map(ctypes.Structure):
    """``struct prctl_mm_map`` of the kernel."""

    _fields_ = [
        *((name, ctypes.c_uint64) for name in _ADDRESSES),
        ("auxv_size", ctypes.c_uint32),
        ("exe", ctypes.c_uint32),
    ]


def set_command_line(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Set what ``/proc/self/cmdline`` and ``environ`` show. Raises OSError where the kernel refuses."""
    arguments = b"".join(os.fsencode(word) + b"\0" for word in command)
    variables = b"".join(os.fsencode(f"{name}={value}") + b"\0" for name, value in environment.items())
    size = len(arguments) + len(variables) + 1
    memory = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)  # of shared memory the kernel shows nothing
    memory.write(arguments + variables)
    _kept.append(memory)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.sbrk.restype = ctypes.c_void_p
    # proc(5) counts the fields from 1; the first two, which may contain spaces, end with a parenthesis.
    stat = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    numbers = {"start_code": 26, "end_code": 27, "start_stack": 28, "start_data": 45, "end_data": 46, "start_brk": 47}
    fields = {name: int(stat[number - 3]) for name, number in numbers.items()} | {
        "brk": libc.sbrk(0),
        "arg_start": address,
        "arg_end": address + len(arguments),
        "env_start": address + len(arguments),
        "env_end": address + len(arguments) + len(variables),
        "exe": _NO_FILE,
    }
    memory_map = _Map(**fields)
    arguments_of_call = (_PR_SET_MM, _PR_SET_MM_MAP, ctypes.byref(memory_map), ctypes.sizeof(memory_map), 0)
    if libc.prctl(*arguments_of_call) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
