"""Locks of one root that name the host of another root. That host judges them, over the connection of its root."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from clawtui.model.documents.base import Stamp
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Reading
from clawtui.model.listed_root import ListedRoot
from clawtui.model.liveness.elsewhere import HostId, HostVerdict, host_of, with_host_verdict
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.storage.paths import StatePaths

if TYPE_CHECKING:
    from clawtui.roots.sources import RootSources

FRESH: Final = 10.0
"""Seconds after which a host is asked again about a lock."""
_LIVE: Final = 1.0
_MOST: Final = 1000
"""The most answers that are kept."""

_Key = tuple[str, str, Stamp | None]


class ForeignLocks:
    """The verdicts of the hosts of several roots on each other's locks. It may be used on any thread."""

    def __init__(
        self,
        sources: RootSources,
        quiet_after: timedelta = QUIET_AFTER,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sources = sources
        self._quiet_after = quiet_after
        self._monotonic = monotonic
        self._verdicts: dict[_Key, tuple[float, HostVerdict | None]] = {}
        self._here: HostId | None = None

    def judge(
        self,
        root: str,
        reading: Reading[RepositoryLock],
        own: LockJudgement,
        now: datetime,
        *,
        fresh: float = FRESH,
        asks: bool = True,
    ) -> LockJudgement:
        """Return the verdict on a lock of ``root``, combined with that of the host that it names.

        ``own`` is the verdict without that; it is returned where there is none.

        An answer is used again for ``fresh`` seconds. With ``asks`` a host is asked, which may take long; without it
        only known answers of any age are used.
        """
        lock = reading.value
        if lock is None or lock.invalid_fields or own.verdict != "foreign":
            return own
        key = (root, reading.path, reading.stamp)
        asked_at, other = self._verdicts.get(key, (float("-inf"), None))
        if asks and self._monotonic() - asked_at >= fresh:
            other = self._ask(root, lock, now)
            while len(self._verdicts) >= _MOST:
                self._verdicts.pop(next(iter(self._verdicts)), None)
            self._verdicts[key] = self._monotonic(), other
        return own if other is None else with_host_verdict(own, lock, other, now, self._quiet_after)

    def of(self, root: str) -> JudgedElsewhere:
        """Return the part of it that is about ``root``."""
        return JudgedElsewhere(self, root)

    def is_due(self, root: str, readings: Mapping[str, Reading[RepositoryLock]], foreign: set[str]) -> bool:
        """Return whether a host would be asked about one of the locks at the paths ``foreign``."""
        return any(
            self._monotonic() - self._verdicts.get((root, path, readings[path].stamp), (float("-inf"), None))[0]
            >= FRESH
            for path in foreign
            if path in readings
        )

    def _ask(self, root: str, lock: RepositoryLock, now: datetime) -> HostVerdict | None:
        """Return the verdict of the host that the lock names; None if no root is on it, or it does not answer."""
        from clawtui.files.json5.serialize import to_json, to_plain

        named = host_of(lock, root, self._hosts())
        if named is None:
            return None
        try:
            return self._verdict_of(named, to_json(to_plain(lock)).decode(), now)
        except ClawtuiError:
            return None

    def _hosts(self) -> Mapping[str, HostId]:
        """Return the host of each root that can be asked."""
        hosts = {}
        for root in self._sources.roots:
            host = self._host_here(root) if root.path is not None else self._host_there(root)
            if host is not None:
                hosts[root.name] = host
        return hosts

    def _host_there(self, root: ListedRoot) -> HostId | None:
        """Return the host of a root on another one; None without a connection."""
        from clawtui.remote.client.judging import host_at

        source = self._sources.remote(root.name)
        return None if source is None else host_at(source.exchange)

    def _host_here(self, root: ListedRoot) -> HostId:
        from clawtui.operations.evidence.host import ThisHost

        if self._here is None:
            host = ThisHost()
            self._here = HostId(host.name, host.describe(Path(root.path or "/")).machine_id)
        return self._here

    def _verdict_of(self, named: str, text: str, now: datetime) -> HostVerdict | None:
        """Return the verdict of the host of the root ``named``. Raises Unreachable, Refused."""
        root = next(each for each in self._sources.roots if each.name == named)
        if root.path is None:
            from clawtui.remote.client.judging import judge_there

            source = self._sources.remote(named)
            return None if source is None else judge_there(source.exchange, text, now)
        from clawtui.operations.locks.report import judge_holder

        judged = judge_holder(StatePaths(Path(root.path)), text, now)
        return None if judged is None else HostVerdict(judged, self._host_here(root).name, now)


class JudgedElsewhere(NamedTuple):
    """The verdicts of other hosts on the locks of one root."""

    locks: ForeignLocks
    root: str

    def judge(self, reading: Reading[RepositoryLock], own: LockJudgement, now: datetime) -> LockJudgement:
        """Return the verdict on a lock for a question that is kept current; it may take long."""
        return self.locks.judge(self.root, reading, own, now, fresh=_LIVE)
