"""Make directories below a base, 0700 for any umask (errata 16) and never through a link, and find unreadable ones."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from clawtui.files.fs.links import list_followed
from clawtui.files.fs.reading import LIST, enter, open_directory, walk
from clawtui.model.documents.base import Problem
from clawtui.model.errors import ClawtuiError, NoSuch

DIRECTORY_MODE = 0o700
SHARED_DIRECTORY_MODE = 0o2770
"""The mode of a directory below one that a group shares."""
FILE_MODE = 0o600
SHARED_FILE_MODE = 0o660


def make_and_open(base: Path, steps: Sequence[str]) -> int:
    """Return a descriptor of the directory ``steps`` below ``base``; missing steps are made.

    The base is made too, if only its last step is missing. Raises NoSuch if more of it is missing, Unreadable if a step
    is a link or not a directory, and OSError.
    """
    return walk(_open_or_make_base(base), steps, _enter_or_make)


def new_owner_in(directory: int) -> tuple[int, int] | None:
    """Return the owner and group of ``directory``, which root gives to new files in it; None for other users.

    A gateway that runs under another account could not read root's files.
    """
    if os.geteuid() != 0:
        return None
    status = os.fstat(directory)
    return None if status.st_uid == 0 else (status.st_uid, status.st_gid)


def is_shared(status: os.stat_result) -> bool:
    """Return whether a group shares the directory: it is group-writable and setgid."""
    return stat.S_ISDIR(status.st_mode) and status.st_mode & 0o2070 == 0o2070


def _open_or_make_base(base: Path) -> int:
    try:
        return open_directory(base)
    except FileNotFoundError:
        pass
    try:
        parent = open_directory(base.parent)
    except FileNotFoundError:
        raise NoSuch(f"{base.parent} does not exist") from None
    return walk(parent, [base.name], _enter_or_make)


def _enter_or_make(directory: int, step: str) -> int:
    try:
        return enter(directory, step, LIST)
    except FileNotFoundError:
        _make(directory, step)
        return enter(directory, step, LIST)


def _make(parent: int, step: str) -> None:
    try:
        os.mkdir(step, DIRECTORY_MODE, dir_fd=parent)
    except FileExistsError:
        return
    mode = os.stat(step, dir_fd=parent, follow_symlinks=False).st_mode
    expected_mode = SHARED_DIRECTORY_MODE if is_shared(os.fstat(parent)) else DIRECTORY_MODE
    if stat.S_ISDIR(mode) and stat.S_IMODE(mode) != expected_mode:
        with suppress(PermissionError):  # a file system without modes
            os.chmod(step, expected_mode, dir_fd=parent)
    if owner := new_owner_in(parent):
        os.chown(step, *owner, dir_fd=parent, follow_symlinks=False)


_NOTE_ENDINGS = (".bak", ".tmp", ".md", ".txt", "~")


def stands_for_directory(name: str, is_regular: bool) -> bool:
    """Return whether ``name``, which is not a directory, is where a directory is expected.

    Hidden and temporary files are not, nor is a regular file that may be a note: a README, or by its name a document, a
    copy of one, or text.
    """
    if name.startswith(".") or name.endswith(".tmp"):
        return False
    is_note = ".json" in name or name.startswith("README") or name.endswith(_NOTE_ENDINGS)
    return not (is_regular and is_note)


def closed_directories(base: Path, section: str) -> Iterator[Problem]:
    """Yield a problem for each link, file in a directory's place, or unreadable directory in a section.

    Raises Unreadable if the section itself is one of those.
    """
    try:
        entries = list_followed(base, section)
    except FileNotFoundError:
        return
    for name, kind in entries:
        if name.startswith(".."):  # of a mounted ConfigMap
            continue
        if kind in ("directory", "link") or stands_for_directory(name, kind == "file"):
            path = f"{section}/{name}"
            try:
                list_followed(base, path)
            except FileNotFoundError:
                continue
            except ClawtuiError as error:
                yield Problem(path, error.reason)
