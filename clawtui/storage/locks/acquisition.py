"""A new lock, the names that it can have, and the identity of one acquisition of a lock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clawtui.model.checked.reading import refused
from clawtui.model.documents.lock import RepositoryLock, flat_lock_name, nested_lock_name, normalize_repo_key
from clawtui.model.documents.validation_text import explain
from clawtui.model.errors import Invalid, Refused
from clawtui.model.paths import is_plain_component
from clawtui.model.text.units import format_timestamp
from clawtui.storage.paths import LOCKS


def new_lock(
    repo_url: str,
    automation_id: str,
    session_id: str,
    now: datetime,
    pid: int,
    hostname: str,
    extra: Mapping[str, object],
) -> RepositoryLock:
    """Return the lock of a repository, taken at ``now``, to the millisecond; ``extra`` are further keys of it.

    Raises Refused for an id that is not a single plain name, Invalid if the schema forbids the lock.
    """
    if not is_plain_component(automation_id):
        raise Refused(f"“{automation_id}” is no id of an automation: it must be one plain name")
    further: dict[str, Any] = dict(extra)
    try:
        return RepositoryLock(
            repo_url=repo_url,
            repo_key=normalize_repo_key(repo_url),
            automation_id=automation_id,
            session_id=session_id,
            acquired_at=now.replace(microsecond=now.microsecond // 1000 * 1000),
            pid=pid,
            hostname=hostname,
            lock_type="repository",
            **further,
        )
    except refused() as error:
        raise Invalid(explain(error)) from error


def lock_paths(repo_key: str) -> tuple[str, ...]:
    """Return the paths that the lock of ``repo_key`` can have: the flat one, which is written, then the nested one.

    Raises Refused if the key does not give a plain name.
    """
    flat = flat_lock_name(repo_key)
    if not repo_key or not is_plain_component(flat):
        raise Refused(f"“{repo_key}” makes no plain name of a lock")
    nested = nested_lock_name(repo_key)
    steps = nested.split("/")
    if len(steps) == 1 or not all(map(is_plain_component, steps)):
        return (f"{LOCKS}/{flat}",)
    return (f"{LOCKS}/{flat}", f"{LOCKS}/{nested}")


def identity_of(lock: RepositoryLock) -> tuple[object, ...]:
    """Return a key that is equal for two readings of one acquisition, and for no others."""
    acquired_at = format_timestamp(lock.acquired_at)
    return (lock.repo_key, lock.automation_id, lock.session_id, acquired_at, lock.pid, lock.hostname)
