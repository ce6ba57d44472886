"""File systems that lack a call, and others who act right before or after a rename of ours."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

import pytest

from clawtui.files.fs import renameat2


def around_rename(
    patch: pytest.MonkeyPatch,
    before: Callable[[], object] = lambda: None,
    after: Callable[[], object] = lambda: None,
    *,
    always: bool = False,
) -> None:
    """Call ``before`` and ``after`` around the next call of renameat2 by clawtui, or around each of them."""
    real = renameat2.renameat2

    def overtaken(directory: int, source: str, target: str, flags: int) -> bool:
        if not always:
            patch.setattr(renameat2, "renameat2", real)
        before()
        done = real(directory, source, target, flags)
        after()
        return done

    patch.setattr(renameat2, "renameat2", overtaken)


def without_renameat2(patch: pytest.MonkeyPatch) -> None:
    """Have the system answer as NFS and many FUSE file systems do."""
    patch.setattr(renameat2, "_call", lambda: lambda directory, source, target, flags: errno.EINVAL)


def without_links(patch: pytest.MonkeyPatch) -> None:
    """Have the system answer as exFAT does, or as for another user's file with ``protected_hardlinks``."""

    def link(*arguments: object, **options: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    patch.setattr(os, "link", link)
