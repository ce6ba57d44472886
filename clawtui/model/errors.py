"""The errors that an operator sees: one hierarchy, whose text is formatted only here."""

from __future__ import annotations

import errno
import os
from typing import Final

_SCARCE: Final = {
    errno.EAGAIN: "the system lets us start no more processes or threads (see `ulimit -u`, or the container's limit)",
    errno.EMFILE: "no more files may be open at once (see `ulimit -n`)",
    errno.ENFILE: "the system has too many files open",
    errno.ENOMEM: "there is not enough memory (see `ulimit -v`, or the container's limit)",
}


def reason_of_scarcity(error: BaseException) -> str | None:
    """Return which resource the system lacks, in plain words, if ``error`` or its cause says so; else None."""
    if isinstance(error, MemoryError):
        return _SCARCE[errno.ENOMEM]
    if isinstance(error, OSError):
        return _SCARCE.get(error.errno or 0)
    if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
        return _SCARCE[errno.EAGAIN]
    text = str(error)
    if isinstance(error, ImportError) and ("failed to map" in text or "annot allocate memory" in text):
        return _SCARCE[errno.ENOMEM]
    return None


class ClawtuiError(Exception):
    """The base of all errors that say why something was not done.

    ``str(error)`` is what an operator reads: ``PATH: REASON`` in the first line, the hint below it.

    Args:
        reason: Why, in plain words, without a full stop; without the path where ``path`` has it.
        path: The file or directory that the error is about: relative to the state directory, or absolute.
        hint: What the operator can do about it, in one sentence.
    """

    def __init__(self, reason: str, path: str | os.PathLike[str] | None = None, hint: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = None if path is None else os.fspath(path)
        self.hint = hint or None

    def __str__(self) -> str:
        first = self.reason if self.path is None else f"{self.path}: {self.reason}"
        return first if self.hint is None else f"{first}\n{self.hint}"

    def set_path(self, path: str) -> None:
        """Add the path that the error is about, where it has none."""
        self.path = self.path or path


class Refused(ClawtuiError):
    """The act is not allowed, would leave the root, or leads through a link; nothing was done."""


class Changed(ClawtuiError):
    """The file or lock has changed since it was read; nothing was done."""


class Replaced(Changed):
    """Another file or lock has the name now; a further attempt cannot find the one that was meant."""


class NoSuch(ClawtuiError):
    """There is no such automation, run, lock or file."""


class Invalid(ClawtuiError):
    """The content does not fit the schema of its kind; nothing was written."""


class Unreadable(ClawtuiError):
    """A file or directory exists and cannot be read."""


class Unwritable(ClawtuiError):
    """The system could not write (a full disk, a failing device); the earlier content is unchanged."""
