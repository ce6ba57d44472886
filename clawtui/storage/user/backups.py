"""Copies of documents as they were before clawtui rewrote them, in the user's own state directory.

Earlier versions kept them beside the documents, as ``config/dispatcher.json.<time>.bak``. The gateway treats every name
in ``config/`` that does not end in ``.json`` as a directory of automations, and fails at such a file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from clawtui.files.fs.atomic import create_exclusive, remove
from clawtui.files.fs.directories import DIRECTORY_MODE
from clawtui.files.fs.reading import list_directory, read_bytes, reason_of
from clawtui.model.errors import ClawtuiError, Unwritable
from clawtui.model.text.units import format_timestamp
from clawtui.storage.paths import CONFIG, WORKSPACES
from clawtui.storage.user.files import own_state, remove_own

BACKUPS = "backups"
"""The directory below ``own_state()``; in it each copy has the absolute path of its document, and the time."""

_LEFT = re.compile(r".+\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z(-\d+)?\.bak", re.ASCII | re.DOTALL)
"""The names of copies that earlier versions made."""


def keep_backup(base: Path, relative: str, data: bytes, now: datetime, place: Path | None = None) -> Path:
    """Write ``data``, the content of the file at ``relative``, to a new file for the user only; return its path.

    Raises Unwritable, and as ``create_exclusive`` does.
    """
    return _keep(base, f"{relative}.{format_timestamp(now).replace(':', '-')}", data, place)


def backups_left(base: Path) -> tuple[str, ...]:
    """Return the copies that earlier versions left beside documents, those in ``config/`` itself first.

    Directories that cannot be listed are left out.
    """
    found = {path for section in (CONFIG, WORKSPACES) for path in _left_below(base, section, depth=1)}
    return tuple(sorted(found, key=lambda path: (not stops_gateway(path), path)))


def stops_gateway(path: str) -> bool:
    """Return whether the gateway's listing of automations fails at the file."""
    return path.startswith(f"{CONFIG}/") and path.count("/") == 1


def move_backup(base: Path, relative: str, place: Path | None = None) -> Path:
    """Move a copy that an earlier version left to the user's own directory; return its new path.

    The old file is removed only after the new one is safe, and only the version that was read. Raises NoSuch, Changed,
    Refused, Unreadable, Unwritable.
    """
    data, stamp = read_bytes(base, relative)
    kept = _keep(base, relative.removesuffix(".bak"), data, place)
    try:
        remove(base, relative, stamp)
    except ClawtuiError:
        remove_own(kept)
        raise
    return kept


def _keep(base: Path, stem: str, data: bytes, place: Path | None) -> Path:
    """Write a new file ``stem.bak``, with a number in its name if that is taken; return its path."""
    place = place or own_state()
    try:
        place.parent.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise Unwritable(f"no copy of {stem} can be kept in {place}: {reason_of(error)}") from error
    path = f"{BACKUPS}{os.path.realpath(base)}/{stem}"
    number = 1
    while True:
        copy = f"{path}.bak" if number == 1 else f"{path}-{number}.bak"
        try:
            create_exclusive(place, copy, data)
        except FileExistsError:
            number += 1
        else:
            return place / copy


def _may_be_left(entry: os.DirEntry[str]) -> bool:
    """Return whether it may be a copy, or a directory: beside them there may be thousands of documents."""
    return entry.name.endswith(".bak") or entry.is_dir(follow_symlinks=False)


def _left_below(base: Path, directory: str, depth: int) -> Iterator[str]:
    try:
        entries = list_directory(base, directory, _may_be_left)
    except (OSError, ClawtuiError):
        return
    for entry in entries:
        path = f"{directory}/{entry.name}"
        if entry.kind == "file" and _LEFT.fullmatch(entry.name):
            yield path
        elif entry.kind == "directory" and depth:
            yield from _left_below(base, path, depth - 1)
