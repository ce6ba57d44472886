"""A repository's lock, ``locks/<repo-key>.lock`` (design: Lock Storage)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from clawtui.model.base import Document, Expected, Timestamp, Whole, text_like

LOCK_SUFFIX = ".lock"

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://(?:[^@/\s]*@)?([^/:\s]+)(?::\d+)?(/|$)")
_SCP = re.compile(r"^(?:[^@/\s]+@)?([^/:\s]+):(?!//)/*")
_ADDRESS = r"(?i)^(?:[a-z][a-z0-9+.-]*://\S+|(?:[^\s/:@]+@)?[^\s/:]+:/?[^\s/]\S*)$"


def normalize_repo_key(repo_url: str) -> str:
    """The key that all addresses of one repository share: ``github.com/user/repo`` (errata 4)."""
    address = _without_suffix(repo_url.strip().lower())
    located = _SCHEME.sub(r"\1\2", address) if _SCHEME.match(address) else _SCP.sub(r"\1/", address)
    return _without_suffix(located)


def _without_suffix(address: str) -> str:
    while (shorter := address.rstrip("/").removesuffix(".git").rstrip()) != address:
        address = shorter
    return address


def flat_lock_name(repo_key: str) -> str:
    """The file name of a key's lock: every ``/`` becomes ``-`` (errata 3), so two keys can share one name."""
    return repo_key.replace("/", "-") + LOCK_SUFFIX


RepoAddress = Annotated[str, Expected("a repository address", text_like(_ADDRESS))]
"""A URL, or scp-style ``user@host:path`` (errata 5)."""


class RepositoryLock(Document):
    """Who holds a repository. ``pid`` is the gateway's, not the run's (errata 18)."""

    repo_url: RepoAddress
    repo_key: str
    automation_id: str
    session_id: str
    acquired_at: Timestamp
    pid: Annotated[Whole, Field(gt=0)]
    hostname: str
    lock_type: Literal["repository"]

    def age(self, now: datetime) -> timedelta:
        """How long it has been held; negative where the holder's clock is ahead of ours."""
        return now - self.acquired_at

    def expired(self, now: datetime, timeout: timedelta) -> bool:
        """Whether the gateway may take it back on the next dispatch that wants it."""
        return self.age(now) > timeout
