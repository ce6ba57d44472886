"""What locks a repository now, whatever the name of its lock."""

from __future__ import annotations

from clawtui.model.fleet import Reading
from clawtui.model.lock import RepositoryLock
from clawtui.storage.errors import StorageError
from clawtui.storage.lock_file import read_lock
from clawtui.storage.lock_manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths


def standing_lock(paths: StatePaths, path: str, former: Reading[RepositoryLock]) -> Reading[RepositoryLock] | None:
    """What stands in the way of ``former``, whose path was ``path``; None where nothing does.

    That is whatever has the path, or a lock of the same repository under its other name (errata 3).
    """
    standing = read_lock(paths.automations, path)
    if standing is not None or former.value is None:
        return standing
    try:
        other = RepositoryLockManager(paths).get(former.value.repo_key)
    except StorageError:  # a key that makes no name has no other lock
        return None
    return other if other and other.value and other.value.repo_key == former.value.repo_key else None
