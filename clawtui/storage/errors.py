"""Why storage did not do what it was asked to: each error is one or two plain lines for a person."""

from __future__ import annotations


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
