"""Looking for bytes in bytes as fast as the C library does it, while other threads go on.

``bytearray.find`` takes 0.3 s a GB and keeps the interpreter to itself; ``memmem`` takes 0.1 s and does not.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

_Memmem = Callable[[int, int, bytes, int], int | None]


class Finder:
    """Looks in a buffer, whose length stays what it is as long as this is kept."""

    def __init__(self, buffer: bytearray) -> None:
        self._buffer = buffer
        self._memmem = _memmem()
        self._view = (ctypes.c_char * len(buffer)).from_buffer(buffer)
        self._address = ctypes.addressof(self._view)

    def find(self, needle: bytes, length: int) -> int:
        """Where ``needle`` first stands among the first ``length`` bytes; -1 where it does not."""
        if self._memmem is None:
            return self._buffer.find(needle, 0, length)
        found = self._memmem(self._address, min(length, len(self._buffer)), needle, len(needle))
        return -1 if found is None else found - self._address


@cache
def _memmem() -> _Memmem | None:
    """The C library's, where it has one: glibc, musl, macOS and the BSDs do."""
    try:
        function = ctypes.CDLL(None).memmem
    except (OSError, AttributeError):
        return None
    function.restype = ctypes.c_void_p
    function.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
    found: _Memmem = function
    return found
