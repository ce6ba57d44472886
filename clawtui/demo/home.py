"""The directory that a demo lives in: made, known again, and removed with all that is in it, but only if it is one."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clawtui.model.errors import Refused
from clawtui.storage.paths import AUTOMATIONS

MARKER = ".clawtui-demo"
"""Says that everything beside it may be removed; whoever uses the directory holds a lock on it."""
REMOTES = "demo-remotes"
"""Beside ``automations/``: the bare repositories that stand for those on the hosting service."""
ERRORS = "demo-errors.log"
"""What the gateway says on its standard error."""

_PREFIX = "clawtui-demo-"
_ATTEMPTS = 20
_BETWEEN = 0.05


class NotOurs(Refused):
    """The directory is somebody's, or in use; the text says so, and what to do."""


def temporary_name() -> Path:
    """Where a temporary home can be made. It is named before it is made, so that its end can be provided for first."""
    return Path(tempfile.gettempdir()).resolve() / f"{_PREFIX}{secrets.token_hex(8)}"


def make_temporary(home: Path) -> None:
    """Makes a home of its own for one demo. Raises FileExistsError where there is anything already."""
    home.mkdir(mode=0o700)
    (home / MARKER).touch(mode=0o600)


def kept_home(directory: Path) -> Path:
    """``directory`` made ready for a demo; what an earlier one left there is removed.

    Raises NotOurs where it holds anything else, or a demo is going on there.
    """
    home = directory.absolute()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(home.iterdir()):
        if not is_home(home):
            raise NotOurs(f"{directory} is not empty, and no demo made it; name an empty or a new directory")
        with in_use(home):
            _empty(home)
    (home / MARKER).touch(mode=0o600)
    return home


def is_home(directory: Path) -> bool:
    """Whether a demo made ``directory``."""
    marker = directory / MARKER
    return marker.is_file() and not marker.is_symlink()


@contextmanager
def in_use(home: Path) -> Iterator[None]:
    """Holds the directory against every other demo. Raises NotOurs where another one holds it."""
    descriptor = os.open(home / MARKER, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise NotOurs(f"another demo is going on in {home}; end it first, or name another directory") from error
    try:
        yield
    finally:
        os.close(descriptor)


def remove_home(home: Path) -> None:
    """Removes a temporary home and everything in it.

    Tried for a second: whoever was just ended may still be making its last file.
    """
    for _ in range(_ATTEMPTS):
        shutil.rmtree(home, ignore_errors=True)
        if not home.exists():
            return
        time.sleep(_BETWEEN)


def _empty(home: Path) -> None:
    for name in (AUTOMATIONS, REMOTES):
        shutil.rmtree(home / name, ignore_errors=True)
    (home / ERRORS).unlink(missing_ok=True)
