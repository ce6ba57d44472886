"""Reports of clawtui's own failures, for its developers, in files that only the user can read."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from clawtui.model.errors import ClawtuiError
from clawtui.model.text.secrets import mask
from clawtui.storage.user.files import find_own_state, write_own

FOLDER = "failures"
KEPT = 10
"""How many reports are kept: the newest."""

_HOW_TO_SEND = (
    "To report this, attach this file to a new issue of the project, and say what you did before.",
    "It quotes no configuration, log or lock; it has file names and the text of the error: read it first.",
)


def report_failure(error: BaseException, what: str, now: datetime) -> Path:
    """Write a report of ``error``, mode 0600, remove the oldest reports, and return its path. Raises ClawtuiError."""
    name = f"{now.strftime('%Y-%m-%d-%H-%M-%S-%f')}.txt"
    path = write_own(
        f"{FOLDER}/{name}", ("\n".join(_report_lines(error, what, now)) + "\n").encode(errors="backslashreplace")
    )
    with suppress(OSError):
        for old in sorted(path.parent.glob("*.txt"))[:-KEPT]:
            old.unlink()
    return path


class FailureLog:
    """The failures of one process: each is reported once, however often it occurs."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], str] = {}

    def record(self, error: BaseException, what: str, now: datetime) -> tuple[str, bool]:
        """Return the path of the report of ``error``, or why there is none, and whether the failure is new."""
        key = (type(error).__name__, *map(str, traceback.extract_tb(error.__traceback__)[-3:]))
        known = self._known.get(key)
        if known is not None:
            return known, False
        try:
            place = str(report_failure(error, what, now))
        except ClawtuiError as refusal:
            place = f"none, as it could not be written to {find_own_state() or 'a directory of ours'}: {refusal}"
        self._known[key] = place
        return place, True


def _report_lines(error: BaseException, what: str, now: datetime) -> Iterator[str]:
    yield "A failure of clawtui"
    yield from _HOW_TO_SEND
    yield ""
    yield f"when       {now.isoformat()}"
    yield f"what       {what}"
    yield f"clawtui    {_version('clawtui')}, Python {platform.python_version()}, {platform.platform()}"
    yield f"           {', '.join(f'{package} {_version(package)}' for package in _PACKAGES)}"
    yield f"terminal   TERM={os.environ.get('TERM', '')} encoding={getattr(sys.stdout, 'encoding', '')}"
    yield ""
    yield from map(mask, "".join(traceback.format_exception(error)).splitlines())


_PACKAGES = ("textual", "pydantic", "watchfiles")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
