"""The correction of the modes of files and directories (errata 16)."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from clawtui.files.fs.atomic import plain_errors
from clawtui.files.fs.reading import directory_at, steps_of
from clawtui.model.errors import Changed, Refused
from clawtui.model.findings.context import WrongMode

_LOOK = getattr(os, "O_PATH", os.O_RDONLY | os.O_NONBLOCK) | os.O_NOFOLLOW | os.O_CLOEXEC


def set_mode(base: Path, wrong: WrongMode) -> None:
    """Give a regular file or a directory the mode that it should have, never through a link.

    Raises NoSuch if it is gone, Changed if it is another kind of file by now, Refused if it belongs to another account
    or has a second hard link.
    """
    with plain_errors(wrong.path or str(base)):
        if not wrong.path:
            with directory_at(base) as directory:
                _require_ours_alone(directory, wrong)
                os.fchmod(directory, wrong.expected_mode)
            return
        *parents, name = steps_of(wrong.path)
        with directory_at(base, "/".join(parents)) as directory:
            descriptor = os.open(name, _LOOK, dir_fd=directory)
            try:
                _require_ours_alone(descriptor, wrong)
                _change(descriptor, wrong.expected_mode)
            finally:
                os.close(descriptor)


def _require_ours_alone(descriptor: int, wrong: WrongMode) -> None:
    status = os.fstat(descriptor)
    what = wrong.path or "the directory itself"
    kind_stays = (stat.S_ISDIR if wrong.expected_mode & 0o100 else stat.S_ISREG)(status.st_mode)
    if not kind_stays or status.st_mode & 0o777 != wrong.mode:
        raise Changed(f"{what} is another by now, or has another mode; nothing was done")
    if stat.S_ISREG(status.st_mode) and status.st_nlink > 1:
        raise Refused(f"{what} has another name somewhere, which it would be changed under as well")
    if os.geteuid() not in (0, status.st_uid):
        raise Refused(f"{what} belongs to another account, which alone can change its mode")


def _change(descriptor: int, mode: int) -> None:
    """Change the mode by the path in ``/proc``, because ``fchmod`` refuses a descriptor opened with O_PATH."""
    if hasattr(os, "O_PATH"):
        Path(f"/proc/self/fd/{descriptor}").chmod(mode)
    else:
        os.fchmod(descriptor, mode)
