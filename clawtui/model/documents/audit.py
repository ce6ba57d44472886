"""What the audit holds: who did what to whose lock, on what grounds, and how it ended (contract: the release)."""

from __future__ import annotations

from clawtui.model.documents.base import Document, Timestamp
from clawtui.model.liveness.verdict import Verdict


class Actor(Document):
    """Who acts: as the system knows them, and where they sit."""

    user: str
    """The account, with the one that it was reached from where that is known: ``root (by alice)``."""
    ssh: str | None = None
    """The address that they came from; None at the machine itself."""
    browser: str | None = None
    """The address of the browser in which they acted; None where it was none."""
    terminal: str | None = None
    """``/dev/pts/3``; None where there is none, as in a job."""
    pid: int
    """The process that acts for them."""
    hostname: str

    @property
    def text(self) -> str:
        """In words: ``alice from 10.0.0.7 on /dev/pts/3``, ``alice by browser, 10.0.0.7``."""
        if self.browser:
            return f"{self.user} by browser, {self.browser}"
        came = f" from {self.ssh}" if self.ssh else ""
        return f"{self.user}{came}{f' on {self.terminal}' if self.terminal else ''}"


class AuditRecord(Document):
    """One line of the audit. An act is two of them with one ``id``: what is intended, and how it ended.

    Only what comes to be known is set; other acts than on locks may add keys of their own.
    """

    timestamp: Timestamp
    id: str
    event: str
    """What is done: ``lock-release``, ``lock-restore``."""
    outcome: str | None = None
    """``done``, ``refused``, ``changed``, ``overlap`` or ``failed``; None in the record of the intent."""
    message: str | None = None
    """What there is to say of the outcome."""
    actor: Actor | None = None
    root: str | None = None
    """The directory that paths are relative to, without links in it."""
    path: str | None = None
    """The lock's."""
    aside: str | None = None
    """Where the lock is set aside."""
    repo_key: str | None = None
    verdict: Verdict | None = None
    expired: bool | None = None
    facts: tuple[str, ...] | None = None
    consent: str | None = None
    fingerprint: str | None = None
    lock: str | None = None
    """What the file said, byte by byte in Latin-1 where it is no UTF-8; None where it could not be read."""
