"""The locks with their verdicts, by session and by automation."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.versioned_map import changed_keys


class LockIndex:
    """Index of the locks of successive fleets. An update costs the number of locks and verdicts that changed."""

    def __init__(self) -> None:
        """Begin without locks."""
        self._locks: Mapping[str, Reading[RepositoryLock]] = {}
        self._judged: Mapping[str, LockJudgement] = {}
        self._by_session: dict[str, dict[str, str]] = {}
        """By session, by path: the repository, or the path where that is not known."""
        self._by_automation: dict[str, dict[str, LockJudgement]] = {}
        self._unread: dict[str, str] = {}

    def update(self, locks: Mapping[str, Reading[RepositoryLock]], judged: Mapping[str, LockJudgement]) -> None:
        """Index `locks` instead of the last ones; a lock without a verdict in `judged` is not judged yet."""
        changed = dict.fromkeys((*changed_keys(locks, self._locks), *changed_keys(judged, self._judged)))
        for path in changed:
            self._remove(path)
        self._locks, self._judged = locks, judged
        for path in changed:
            self._add(path)

    @property
    def unread(self) -> Collection[str]:
        """The locks whose holder is not known, by their paths below ``locks/``."""
        return self._unread.values()

    def of_session(self, session_id: str) -> Mapping[str, LockJudgement | None]:
        """Return the verdicts on the locks of a session, by repository; None for a lock that is not judged yet."""
        paths = self._by_session.get(session_id)
        return {name: self._judged.get(path) for path, name in sorted(paths.items())} if paths else {}

    def judged_of_session(self, session_id: str) -> tuple[LockJudgement, ...]:
        """Return the verdicts on the locks of a session that are judged."""
        paths = sorted(self._by_session.get(session_id, ()))
        return tuple(self._judged[path] for path in paths if path in self._judged)

    def judged_of_automation(self, automation_id: str) -> Collection[LockJudgement]:
        """Return the verdicts on the locks of an automation that are judged."""
        return self._by_automation.get(automation_id, {}).values()

    def _add(self, path: str) -> None:
        reading, judged = self._locks.get(path), self._judged.get(path)
        if reading is None:
            return
        lock = reading.value
        if lock is not None and lock.session_id:
            self._by_session.setdefault(lock.session_id, {})[path] = lock.repo_key or path
        if lock is not None and judged is not None:
            self._by_automation.setdefault(lock.automation_id, {})[path] = judged
        if lock is None or not (lock.knows("automation_id") and lock.knows("session_id")):
            self._unread[path] = path.removeprefix("locks/")

    def _remove(self, path: str) -> None:
        reading = self._locks.get(path)
        lock = reading.value if reading is not None else None
        self._unread.pop(path, None)
        if lock is None:
            return
        for index, key in ((self._by_session, lock.session_id), (self._by_automation, lock.automation_id)):
            _remove_entry(index, key, path)


def _remove_entry(index: dict[str, dict[str, str]] | dict[str, dict[str, LockJudgement]], key: str, path: str) -> None:
    entries = index.get(key)
    if entries is not None and entries.pop(path, None) is not None and not entries:
        del index[key]
