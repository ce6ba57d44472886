"""Giving a file that was moved aside its name back (contract: the release, step 6)."""

from __future__ import annotations

import os
import stat
from contextlib import suppress


def link_back(directory: int, aside: str, name: str) -> None:
    """Gives what is called ``aside`` its ``name`` back, both in ``directory``, and never overwrites anything.

    Where ``name`` is another name of the same file, as after a crash between the two steps, only ``aside`` goes; where
    that does not, it stays as a second name. Raises FileExistsError where something else has the name, OSError.
    """
    moved = os.stat(aside, dir_fd=directory, follow_symlinks=False)
    if stat.S_ISDIR(moved.st_mode):
        _move_directory_back(directory, aside, name)
        return
    try:
        os.link(aside, name, src_dir_fd=directory, dst_dir_fd=directory, follow_symlinks=False)
    except FileExistsError:
        if not is_same_file(directory, aside, name):
            raise
    with suppress(OSError):  # it has its name; a second one is known for what it is, and swept
        os.unlink(aside, dir_fd=directory)


def is_same_file(directory: int, one: str, other: str) -> bool:
    """Whether both are names of one file."""
    try:
        stats = [os.stat(name, dir_fd=directory, follow_symlinks=False) for name in (one, other)]
    except FileNotFoundError:
        return False
    return os.path.samestat(*stats)


def _move_directory_back(directory: int, aside: str, name: str) -> None:
    """Directories have no second names; a rename takes the place of nothing but an empty one."""
    try:
        os.rename(aside, name, src_dir_fd=directory, dst_dir_fd=directory)
    except OSError as error:
        raise FileExistsError(error.errno, error.strerror, name) from error
