"""The user's own directories for clawtui, and small files in them: written whole or not at all, for the user only."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from clawtui.files.fs.reading import list_directory, reason_of
from clawtui.model.errors import Unreadable, Unwritable


def write_own(name: str, data: bytes, place: Path | None = None) -> Path:
    """Replace the file ``name`` in ``place``, by default ``own_state()``, and make the directory; return its path.

    Raises Unwritable, and as ``write_atomic`` does.
    """
    from clawtui.files.fs.atomic import write_atomic

    place = place or own_state()
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Unwritable(reason_of(error), place.parent) from error
    write_atomic(place, name, data, private=True)
    return place / name


def sweep_own(older_than: datetime, *, dry_run: bool = False, place: Path | None = None) -> tuple[str, ...]:
    """Remove temp files in the user's own directory last written before ``older_than``; return their absolute paths.

    With ``dry_run`` nothing is removed. Raises Refused, Unreadable, Unwritable.
    """
    from clawtui.files.fs.atomic import sweep_temp_files

    place = place or find_own_state()
    if place is None:
        return ()
    folders = _directories(place, "")
    swept = [path for folder in folders for path in sweep_temp_files(place, folder, older_than, dry_run=dry_run)]
    return tuple(f"{place / path}" for path in swept)


def _directories(place: Path, folder: str) -> Iterator[str]:
    """Yield the directory and all below it: copies of documents are as deep as the documents."""
    try:
        entries = list_directory(place, folder)
    except (FileNotFoundError, Unreadable):  # a directory that may not be listed has no files of ours
        return
    yield folder
    for entry in entries:
        if entry.kind == "directory":
            yield from _directories(place, f"{folder}/{entry.name}" if folder else entry.name)


def remove_own(file: Path) -> None:
    """Remove a file of the user's own directory that is not needed; if that fails, it stays."""
    with suppress(OSError):
        file.unlink()


_NAME = "clawtui"


class NoOwnPlace(Unwritable):
    """There is no directory for clawtui's own files, because there is no home directory."""


def own_state() -> Path:
    """Return the directory for the audit, failure reports, drafts and the state of the dashboard. It need not exist.

    Raises NoOwnPlace.
    """
    if (usual := _usual_directory("XDG_STATE_HOME", ".local/state")) is not None:
        return usual
    from platformdirs import user_state_path

    try:
        return user_state_path(_NAME, appauthor=False)
    except RuntimeError as error:
        raise _no_place("clawtui's records") from error


def find_own_state() -> Path | None:
    """Return ``own_state()``; None if there is no such directory."""
    try:
        return own_state()
    except NoOwnPlace:
        return None


def own_configuration() -> Path:
    """Return the directory for the settings. It need not exist. Raises NoOwnPlace."""
    if (usual := _usual_directory("XDG_CONFIG_HOME", ".config")) is not None:
        return usual
    from platformdirs import user_config_path

    try:
        return user_config_path(_NAME, appauthor=False)
    except RuntimeError as error:
        raise _no_place("settings") from error


def _usual_directory(variable: str, below_home: str) -> Path | None:
    """Return the directory on Linux with ``variable`` or ``HOME``; None where platformdirs must find it.

    Importing platformdirs, which imports tempfile, takes a twentieth of the time of a short command.
    """
    if sys.platform != "linux":
        return None
    named, home = os.environ.get(variable, ""), os.environ.get("HOME", "")
    if named.startswith("/"):
        return Path(named, _NAME)
    return Path(home, below_home, _NAME) if home.startswith("/") else None


def _no_place(what: str) -> NoOwnPlace:
    return NoOwnPlace(f"there is no home directory for {what}: set XDG_CONFIG_HOME and XDG_STATE_HOME")


def shortened(path: str) -> str:
    """Return ``path`` with ``~`` for the home directory, if there is one."""
    home = os.path.expanduser("~")  # noqa: PTH111  `Path.home` raises where there is none
    is_inside = path == home or path.startswith(f"{home}/")
    return f"~{path.removeprefix(home)}" if is_inside and len(home) > 1 else path
