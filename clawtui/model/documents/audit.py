"""The records of the audit: who did what, with which evidence, and the outcome (contract: the release)."""

from __future__ import annotations

from clawtui.model.checked.field_types import Timestamp
from clawtui.model.documents.base import Document
from clawtui.model.liveness.verdict import Verdict


class Actor(Document):
    """The user who acts, and the session that they act from."""

    user: str
    """The account, with the original one after ``sudo`` or ``su``: ``root (by alice)``."""
    ssh: str | None = None
    """The address of the SSH client; None for a local session."""
    browser: str | None = None
    """The address of the browser; None without one."""
    asked_by: str | None = None
    """The user who requested the act from another host: ``alice on laptop``, as reported by the clawtui of that host.
    """
    connection: str | None = None
    """The connection through which that came: ``SSH_CONNECTION``, the addresses and ports of both ends."""
    terminal: str | None = None
    """``/dev/pts/3``; None without a terminal, as in a cron job."""
    pid: int
    """The process of clawtui."""
    hostname: str

    @property
    def text(self) -> str:
        """The actor as text: ``alice from 10.0.0.7 on /dev/pts/3``, ``alice by browser, 10.0.0.7``."""
        if self.browser:
            return f"{self.user} by browser, {self.browser}"
        came = f" from {self.ssh}" if self.ssh else ""
        asked = f" for {self.asked_by}" if self.asked_by else ""
        return f"{self.user}{came}{asked}{f' on {self.terminal}' if self.terminal else ''}"


class AuditRecord(Document):
    """One line of the audit. An act has two of them with the same ``id``: the intent and the outcome.

    Fields that do not apply are absent; acts on other things than locks may add keys.
    """

    timestamp: Timestamp
    id: str
    event: str
    """The act: ``lock-release``, ``lock-restore``."""
    outcome: str | None = None
    """``done``, ``refused``, ``changed``, ``overlap`` or ``failed``; None in the record of the intent."""
    message: str | None = None
    """Details of the outcome."""
    actor: Actor | None = None
    root: str | None = None
    """The directory to which paths are relative, with links resolved."""
    path: str | None = None
    """The path of the lock."""
    aside: str | None = None
    """The path to which the released lock was moved."""
    repo_key: str | None = None
    verdict: Verdict | None = None
    expired: bool | None = None
    facts: tuple[str, ...] | None = None
    consent: str | None = None
    fingerprint: str | None = None
    lock: str | None = None
    """The content of the lock file, decoded as Latin-1 if it is not UTF-8; None if it could not be read."""
