"""Which directory is ``automations/`` at this instant."""

from __future__ import annotations

import errno
import stat
from pathlib import Path
from typing import NamedTuple

from clawtui.model.base import Problem
from clawtui.storage.files import reason_of
from clawtui.storage.paths import StatePaths


class Root(NamedTuple):
    """One ``automations/`` directory. Another of the same name is another root."""

    base: Path
    device: int
    inode: int


def find_root(paths: StatePaths) -> Root | Problem | None:
    """The directory, through whatever links lead there; None where it does not exist, a Problem where it is none."""
    try:
        base = paths.automations
        status = base.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        circle = error.errno == errno.ELOOP
        return Problem("", "is a symbolic link that leads in a circle" if circle else reason_of(error))
    if not stat.S_ISDIR(status.st_mode):
        return Problem("", "is a file where a directory should be")
    return Root(base, status.st_dev, status.st_ino)
