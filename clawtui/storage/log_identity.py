"""Whether a log that is being read is still the one under its name."""

from __future__ import annotations

import os
from pathlib import Path


def is_same_log(path: Path, descriptor: int, offset: int, trace: bytes) -> bool:
    """Whether ``path`` still leads to the open file, and ``trace``, read up to ``offset``, is still there.

    A log that was truncated and has grown again has the same inode; only what stood there tells.
    """
    try:
        named = path.stat(follow_symlinks=False)
    except OSError:
        return False
    opened = os.fstat(descriptor)
    if (named.st_dev, named.st_ino) != (opened.st_dev, opened.st_ino):
        return False
    return os.pread(descriptor, len(trace), offset - len(trace)) == trace
