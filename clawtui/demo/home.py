"""The directory of a demo, identified by a marker file; without the marker nothing is removed."""

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
"""Marks a directory whose content may be removed; a demo that uses the directory holds a lock on this file."""
REMOTES = "demo-remotes"
"""Beside ``automations/``: the bare repositories that replace those on the hosting service."""
ERRORS = "demo-errors.log"
"""The standard error of the gateway."""

_OF_STOCK_GATEWAY = ("state", "agents", "logs", "tmp")
"""The directories that a simulated stock gateway makes."""
_PREFIX = "clawtui-demo-"
_ATTEMPTS = 20
_BETWEEN = 0.05


class NotOurs(Refused):
    """The error for a directory that is not of a demo, or is in use; its text says what to do."""


def temporary_name() -> Path:
    """Return a name for a temporary home. It is chosen before the directory is made, so that its removal can be set up
    first."""
    return Path(tempfile.gettempdir()).resolve() / f"{_PREFIX}{secrets.token_hex(8)}"


def make_temporary(home: Path) -> None:
    """Create the directory for one demo. Raises FileExistsError where the path exists."""
    home.mkdir(mode=0o700)
    (home / MARKER).touch(mode=0o600)


def kept_home(directory: Path) -> Path:
    """Prepare ``directory`` for a demo, and remove what an earlier demo left there.

    Raises NotOurs where it contains anything else, or a demo is running there.
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
    """Return whether a demo made ``directory``."""
    marker = directory / MARKER
    return marker.is_file() and not marker.is_symlink()


@contextmanager
def in_use(home: Path) -> Iterator[None]:
    """Lock the directory against every other demo. Raises NotOurs where another demo has locked it."""
    descriptor = os.open(home / MARKER, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise NotOurs(f"another demo is running in {home}; end it first, or name another directory") from error
    try:
        yield
    finally:
        os.close(descriptor)


def remove_home(home: Path) -> None:
    """Remove a temporary home and everything in it.

    Retries for a second, because a process that was just ended may still be writing a file.
    """
    for _ in range(_ATTEMPTS):
        shutil.rmtree(home, ignore_errors=True)
        if not home.exists():
            return
        time.sleep(_BETWEEN)


def _empty(home: Path) -> None:
    for name in (AUTOMATIONS, REMOTES, *_OF_STOCK_GATEWAY):
        shutil.rmtree(home / name, ignore_errors=True)
    for name in (ERRORS, "openclaw.json"):
        (home / name).unlink(missing_ok=True)
