"""Where the locks of one root are and how they are read: repository locks, or the lock files of a stock gateway."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from clawtui.files.fs.reading import read_bytes
from clawtui.files.store_kind import store_kind
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Reading
from clawtui.model.liveness.consent import holder_of
from clawtui.openclaw.owned_locks import MAX_LOCK, lock_directories, parse_lock
from clawtui.operations.evidence.lock_context import standing_lock
from clawtui.storage.locks.capture import look_at
from clawtui.storage.paths import LOCKS, StatePaths


class LockPlaces(Struct, frozen=True):
    """The directories with the locks of one root, and the kind of these locks."""

    paths: StatePaths
    is_gateway: bool
    """Whether the root is of a stock gateway."""

    @property
    def base(self) -> Path:
        """The directory to which the paths of locks are relative."""
        return self.paths.root if self.is_gateway else self.paths.automations

    @property
    def directories(self) -> Sequence[str]:
        """The directories below ``base`` that have locks in them, or deeper."""
        return lock_directories(self.paths.root) if self.is_gateway else (LOCKS,)

    def blocking(self, lock: str, former: Reading[RepositoryLock]) -> str | None:
        """Return the holder of the lock that blocks a restore of ``former`` at ``lock``; None where it is free."""
        if not self.is_gateway:
            standing = standing_lock(self.paths, lock, former)
            return None if standing is None else holder_of(standing)
        try:
            return None if look_at(self.base, lock) is None else self._holder_at(lock)
        except ClawtuiError as error:
            return f"something that {error.reason}"

    def holder(self, path: str, reading: Reading[RepositoryLock]) -> str:
        """Return the holder of the lock in the file at ``path``, which is read as ``reading``."""
        return self._holder_at(path) if self.is_gateway else holder_of(reading)

    def _holder_at(self, path: str) -> str:
        try:
            lock = parse_lock(read_bytes(self.base, path, MAX_LOCK)[0], path)
        except (FileNotFoundError, ClawtuiError):
            return "an unknown process"
        return "an unknown process" if lock.pid is None else f"pid {lock.pid}"


def lock_places(paths: StatePaths) -> LockPlaces:
    """Return where the locks of the root are."""
    return LockPlaces(paths, store_kind(paths.root) is not None)
