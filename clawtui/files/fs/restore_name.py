"""Give a file that was moved aside its name back (contract: the release, step 6)."""

from __future__ import annotations

import os
from contextlib import suppress

from clawtui.files.fs.renameat2 import rename_noreplace


def link_back(directory: int, aside: str, name: str) -> None:
    """Rename ``aside`` to ``name``, both in ``directory``, and never overwrite anything.

    Where ``name`` is another link of the same file, as after a crash between link and unlink, only ``aside`` is
    removed; where that fails, it stays as a second link. Raises FileExistsError where something else has the name,
    OSError.
    """
    try:
        rename_noreplace(directory, aside, name)
    except FileExistsError:
        if not is_same_file(directory, aside, name):
            raise
        with suppress(OSError):  # it has its name; a second one is known for what it is, and swept
            os.unlink(aside, dir_fd=directory)


def is_same_file(directory: int, one: str, other: str) -> bool:
    """Return whether both are names of one file."""
    try:
        stats = [os.stat(name, dir_fd=directory, follow_symlinks=False) for name in (one, other)]
    except FileNotFoundError:
        return False
    return os.path.samestat(*stats)
