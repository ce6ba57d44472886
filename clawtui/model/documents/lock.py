"""A repository's lock, ``locks/<repo-key>.lock`` (design: Lock Storage)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, Self

from msgspec import Meta

from clawtui.model.checked.field_types import Positive, Timestamp, text_like
from clawtui.model.checked.markers import Expected
from clawtui.model.checked.reading import from_plain
from clawtui.model.checked.struct import Origin, schema_fields, with_origin
from clawtui.model.documents.base import EPOCH, Document
from clawtui.model.documents.validation_text import explain_fault
from clawtui.model.paths import LOCK_SUFFIX
from clawtui.model.text.cleaning import clean
from clawtui.model.text.lazy_pattern import lazy_pattern
from clawtui.model.text.units import format_timestamp

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SCHEME = lazy_pattern(r"^[a-z][a-z0-9+.-]*://(?:[^@/\s]*@)?([^/:\s]+)(?::\d+)?(/|$)")
_SCP = lazy_pattern(r"^(?:[^@/\s]+@)?([^/:\s]+):(?!//)/*")
_USUAL_ADDRESS = r"^(?:[A-Za-z][A-Za-z0-9+.-]*://[!-~]+|(?:[!-.0-9;-?A-~]+@)?[!-.0-9;-?A-~]+:/?[!-.0-~][!-~]*)\Z"
_ADDRESS = r"(?i)^(?:[a-z][a-z0-9+.-]*://\S+|(?:[^\s/:@]+@)?[^\s/:]+:/?[^\s/]\S*|/[^/].*)$"


def normalize_repo_key(repo_url: str) -> str:
    """Return the key that all addresses of one repository share: ``github.com/user/repo`` (errata 4)."""
    address = _without_suffix(repo_url.strip().lower())
    located = _SCHEME.sub(r"\1\2", address) if _SCHEME.match(address) else _SCP.sub(r"\1/", address)
    return _without_suffix(located)


def _without_suffix(address: str) -> str:
    while (shorter := address.rstrip("/").removesuffix(".git").rstrip()) != address:
        address = shorter
    return address


def flat_lock_name(repo_key: str) -> str:
    """Return the file name of a key's lock: each ``/`` becomes ``-`` (errata 3), so two keys can have the same name."""
    return repo_key.replace("/", "-") + LOCK_SUFFIX


def nested_lock_name(repo_key: str) -> str:
    """Return the path below ``locks/`` that a key's lock has if its ``/`` are directories, as Node's ``path.join``."""
    return "/".join(filter(None, repo_key.split("/"))) + LOCK_SUFFIX


RepoAddress = Annotated[
    str, Meta(pattern=_USUAL_ADDRESS), Expected("a repository address", lambda: text_like(_ADDRESS))
]
"""A URL, scp-style ``user@host:path`` (errata 5), or the absolute path of a local repository."""


class Holder(NamedTuple):
    """Optional fields of a lock about the process that took it, besides the design's ``pid`` and ``hostname``."""

    machine_id: str | None = None
    """``/etc/machine-id`` of its host (``machineId``)."""
    boot_id: str | None = None
    """``/proc/sys/kernel/random/boot_id`` of its host (``bootId``)."""
    pid_namespace: int | None = None
    """The inode of the pid namespace of its pid (``pidNamespace``)."""
    start_ticks: int | None = None
    """When the process started, in clock ticks since the boot (``startTicks``)."""


class RepositoryLock(Document, dict=True):
    """A repository's lock. ``pid`` is that of the gateway, not of the run (errata 18)."""

    repo_url: RepoAddress
    repo_key: str
    automation_id: str
    session_id: str
    acquired_at: Timestamp
    pid: Positive
    hostname: str
    lock_type: Literal["repository"]

    @property
    def invalid_fields(self) -> Mapping[str, str]:
        """Why each field that is invalid has a stand-in, by its name in Python; empty for a valid lock."""
        return {} if self._origin is None else self._origin.invalid

    @property
    def fault_text(self) -> str | None:
        """The first fault of the invalid fields and the number of others; None for a valid lock."""
        faults = tuple(self.invalid_fields.values())
        if not faults:
            return None
        return f"{faults[0]} (and {len(faults) - 1} more faults)" if len(faults) > 1 else faults[0]

    def knows(self, field: str) -> bool:
        """Return whether ``field``, by its name in Python, is from the file and not a stand-in."""
        return self._origin is None or field not in self._origin.invalid

    @property
    def known_fields(self) -> Mapping[str, object]:
        """The fields of the design that are valid in the file, by their names in Python."""
        return {name: getattr(self, name) for name in schema_fields(type(self)) if self.knows(name)}

    def field_text(self, field: str) -> str:
        """Return ``field``, by its name in Python, as text; ``unknown`` if it is invalid."""
        return str(getattr(self, field)) if self.knows(field) else "unknown"

    @property
    def holder_text(self) -> str:
        """The holder as text; not cleaned."""
        session, pid, host = map(self.field_text, ("session_id", "pid", "hostname"))
        return f"{self.field_text('automation_id')} (session {session}, pid {pid} on {host})"

    @cached_property
    def holder(self) -> Holder:
        """The optional fields about the holder, as far as the writer of the lock has set them."""
        extra = self.unknown
        ticks = next((extra[name] for name in _START_TICKS if type(extra.get(name)) is int), None)
        namespace = extra.get("pidNamespace")
        return Holder(
            machine_id=_text(extra.get("machineId")),
            boot_id=_text(extra.get("bootId")),
            pid_namespace=namespace if type(namespace) is int else None,
            start_ticks=ticks if isinstance(ticks, int) else None,
        )

    @classmethod
    def salvage(cls, value: object, faults: Sequence[ErrorDetails]) -> Self | None:
        """Return the lock with stand-ins for the invalid fields; None if neither pid nor session is valid.

        The valid fields are still evidence about the holder.
        """
        if not isinstance(value, dict):
            return None
        by_alias = {field.key: field.name for field in schema_fields(cls).values()}
        reasons = {by_alias[str(fault["loc"][0])]: explain_fault(fault) for fault in faults if fault["loc"]}
        if not reasons or {"pid", "session_id"} <= reasons.keys():
            return None
        whole = {**value, **{alias: _STAND_INS[name] for alias, name in by_alias.items() if name in reasons}}
        if "repo_key" in reasons and "repo_url" not in reasons:
            whole["repoKey"] = normalize_repo_key(str(value["repoUrl"]))
        lock = from_plain(cls, whole)
        with_origin(lock, Origin(lock.present, lock.unknown, {name: clean(reason) for name, reason in reasons.items()}))
        return lock

    def age(self, now: datetime) -> timedelta:
        """Return how long the lock has been held; negative if the holder's clock is ahead of ours."""
        return now - self.acquired_at

    def expired(self, now: datetime, timeout: timedelta | None) -> bool:
        """Return whether the gateway takes the lock back on the next dispatch that wants the repository.

        A lock whose age is unknown never expires, and none does if ``timeout`` is None, unknown.
        """
        return timeout is not None and self.knows("acquired_at") and self.age(now) > timeout

    def expiry(self, timeout: timedelta | None) -> datetime | None:
        """Return the time after which the lock is `expired`; None if it never is."""
        if timeout is None or not self.knows("acquired_at"):
            return None
        try:
            return self.acquired_at + timeout
        except OverflowError:
            return None


_START_TICKS = ("startTicks", "starttime", "startTime")
"""Keys under which writers record the start of the process that took the lock, in clock ticks since the boot."""

_STAND_INS: Mapping[str, object] = {
    "repo_url": "unknown:unknown",
    "repo_key": "",
    "automation_id": "",
    "session_id": "",
    "acquired_at": format_timestamp(EPOCH),
    "pid": 2**31 - 1,
    "hostname": "",
    "lock_type": "repository",
}
"""The values of invalid fields; they are not used as evidence."""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
