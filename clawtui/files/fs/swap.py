"""Replace exactly the version of a file that was read, although other programs may rename over it at any instant.

Another program could save between a check and a rename, and its save would be lost. So two names are exchanged in one
step, and the captured file is compared. If it is not the version that was read, it gets its name back. A process that
is killed in between leaves the captured file as ``<name>.<pid>.<ours><expected>.tmp``, with ten digits for the stamp of
each; ``recover`` gives a captured save its name back, unless a newer file has it.
"""

from __future__ import annotations

import os
import re
import time
import zlib
from contextlib import suppress

from clawtui.files.fs.reading import stamp_of
from clawtui.files.fs.renameat2 import exchange, link_back, prepare, rename_aside, rename_noreplace
from clawtui.files.fs.temp_files import LONGEST_NAME, temp_name
from clawtui.model.documents.base import Stamp
from clawtui.model.errors import Changed

_NAME = re.compile(r"(?P<name>.+)\.(?P<pid>\d{1,9})\.(?P<ours>\d{10})(?P<expected>\d{10})\.tmp", re.ASCII | re.DOTALL)
_NOTHING = "0" * 10

_REST = 0.0001
"""Seconds of sleep before the check and the exchange: a process that has just slept is rarely interrupted soon."""

_weaker: list[str] = []


def replace_version(directory: int, name: str, new: str, expected: Stamp) -> None:
    """Rename ``new`` over ``name``, both in ``directory``, while that is the ``expected`` version.

    Without renameat2 the version is checked again and ``new`` is renamed, and ``weaker_guarantee`` says so. ``new`` is
    removed or renamed in any case. Raises Changed, OSError.
    """
    ours = _stamp(directory, new)
    assert ours is not None
    swap = _swap_name(name, ours, expected)
    os.rename(new, swap, src_dir_fd=directory, dst_dir_fd=directory)
    prepare()
    time.sleep(_REST)
    try:
        if _stamp(directory, name) != expected:
            raise Changed(f"{name} changed since it was read; nothing was done")
        done = exchange(directory, swap, name)
    except FileNotFoundError as error:
        os.unlink(swap, dir_fd=directory)
        raise Changed(f"{name} is gone by now; nothing was done") from error
    except (OSError, Changed):
        os.unlink(swap, dir_fd=directory)
        raise
    if not done:
        _replace_weakly(directory, name, swap, expected)
        return
    captured = _stamp(directory, swap)
    if captured != expected:
        _put_back(directory, name, swap, ours)  # where that fails, the captured save stays, to be recovered
    with suppress(OSError):  # a temp file that stays is swept
        os.unlink(swap, dir_fd=directory)
    if captured != expected:
        raise Changed(f"{name} changed since it was read; nothing was done")


def remove_version(directory: int, name: str, expected: Stamp) -> None:
    """Remove ``name`` while it is the ``expected`` version. Raises Changed, NoWayBack, OSError."""
    aside = _swap_name(name, None, expected)
    rename_aside(directory, name, aside)
    if _stamp(directory, aside) != expected:
        with suppress(FileExistsError):  # the current file is newer than the moved one
            link_back(directory, aside, name)
            raise Changed(f"{name} changed since it was read; nothing was done")
        os.unlink(aside, dir_fd=directory)
        raise Changed(f"{name} changed since it was read; nothing was done")
    os.unlink(aside, dir_fd=directory)


def recover(directory: int, leftover: str) -> bool:
    """Give a save that a killed process captured its name back, unless a newer file has it; return whether it was done.

    False for every other file. Raises OSError.
    """
    match = _NAME.fullmatch(leftover)
    if match is None or not is_captured(directory, leftover):
        return False
    name, saved, there = match["name"], _stamp(directory, leftover), _stamp(directory, match["name"])
    assert saved is not None
    if there is None:
        rename_noreplace(directory, leftover, name)
        return True
    if _digits(there) != match["ours"] and there.mtime_ns >= saved.mtime_ns:
        return False
    try:
        replace_version(directory, name, leftover, there)
    except Changed:
        return False
    return True


def capturing_pid(path: str, stamp: Stamp) -> int | None:
    """Return the process that captured the save at ``path``; None if it is not such a file."""
    match = _NAME.fullmatch(path.rpartition("/")[2])
    if match is None or _digits(stamp) in (match["ours"], match["expected"]):
        return None
    return int(match["pid"])


def is_captured(directory: int, leftover: str) -> bool:
    """Return whether a temp file is a save that a killed process captured: neither its own nor the expected version."""
    stamp = _stamp(directory, leftover)
    return stamp is not None and capturing_pid(leftover, stamp) is not None


def weaker_guarantee() -> str | None:
    """Return, once after a replacement without renameat2, a text about the weaker guarantee; else None."""
    if not _weaker:
        return None
    name = _weaker[0]
    _weaker.clear()
    return (
        f"{name}: this file system has no renameat2, so the guarantee is weaker: "
        "a save by another program in the very instant of the change could be lost"
    )


def _replace_weakly(directory: int, name: str, swap: str, expected: Stamp) -> None:
    if _stamp(directory, name) != expected:
        os.unlink(swap, dir_fd=directory)
        raise Changed(f"{name} changed since it was read; nothing was done")
    os.rename(swap, name, src_dir_fd=directory, dst_dir_fd=directory)
    _weaker.append(name)


def _put_back(directory: int, name: str, swap: str, placed: Stamp) -> None:
    """Exchange back if the file that we placed is still there; a later save is newer than the captured one."""
    while _stamp(directory, name) == placed:
        captured = _stamp(directory, swap)
        exchange(directory, swap, name)
        if captured is None or _stamp(directory, swap) == placed:
            return
        placed = captured


def _swap_name(name: str, ours: Stamp | None, expected: Stamp) -> str:
    """Return a temp name with both stamps; an ordinary temp name if that would be too long."""
    swap = f"{name}.{os.getpid()}.{_digits(ours) if ours else _NOTHING}{_digits(expected)}.tmp"
    return swap if len(os.fsencode(swap)) <= LONGEST_NAME else temp_name(name)


def _digits(stamp: Stamp) -> str:
    return f"{zlib.crc32(repr(tuple(stamp)).encode()):010d}"


def _stamp(directory: int, name: str) -> Stamp | None:
    try:
        return stamp_of(os.stat(name, dir_fd=directory, follow_symlinks=False))
    except FileNotFoundError:
        return None
