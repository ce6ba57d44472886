"""Why storage did not do what it was asked to: each error is one or two plain lines for a person."""

from __future__ import annotations

import errno
from typing import Final

_SCARCE: Final = {
    errno.EAGAIN: "the system lets us start no more processes or threads (see `ulimit -u`, or the container's limit)",
    errno.EMFILE: "no more files may be open at once (see `ulimit -n`)",
    errno.ENFILE: "the system has too many files open",
    errno.ENOMEM: "there is not enough memory (see `ulimit -v`, or the container's limit)",
}


def reason_of_scarcity(error: BaseException) -> str | None:
    """Return what the system is short of, in plain words, where ``error`` or its cause says so; else None."""
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


class StorageError(Exception):
    """The base of all errors of this layer; its text is for a person."""

    @property
    def told(self) -> str:
        """Its text, with the path that it is about in front where the text has none."""
        return str(self)


class Refused(StorageError):
    """It would leave the root, lead through a link, or is not allowed; nothing was done."""


class Changed(StorageError):
    """The thing is no longer what it was when it was read; nothing was done."""


class Replaced(Changed):
    """Another thing stands under the name; no other attempt will find the one that was meant."""


class NoSuch(StorageError):
    """There is no such thing."""


class Invalid(StorageError):
    """It does not fit the schema of its kind; nothing was written."""


class Unreadable(StorageError):
    """A file that is there and cannot be read; its text is the reason alone, without the path."""

    path: str | None = None
    """What it is about, where whoever raised it knows that."""

    @property
    def told(self) -> str:
        """The path in front of the reason."""
        return str(self) if self.path is None else f"{self.path}: {self}"

    def about(self, path: str) -> None:
        """Says what it is about, unless it is known already."""
        self.path = self.path or path


class Unwritable(StorageError):
    """The system could not write: a full disk, a failing device. What was there is still there."""


class Failed(Exception):
    """Nothing was done. Its text is one or two plain lines: why, and what to do."""
