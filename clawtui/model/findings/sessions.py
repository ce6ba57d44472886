"""The locks and slots of each session."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.model.documents.lock import flat_lock_name, nested_lock_name, normalize_repo_key
from clawtui.model.findings.context import FindingContext
from clawtui.model.fleet import Fleet, Workspace
from clawtui.model.liveness.slot_verdict import SlotJudgement
from clawtui.model.liveness.verdict import LockJudgement


class Sessions:
    """Indexes of the locks and slots of a fleet by session and by automation."""

    def __init__(self, fleet: Fleet, context: FindingContext) -> None:
        self._locks: dict[str, list[LockJudgement]] = {}
        for path, reading in fleet.locks.items():
            if reading.value is not None and reading.value.session_id and path in context.locks:
                self._locks.setdefault(reading.value.session_id, []).append(context.locks[path])
        self._slots = {judged.slot.session_id: judged for judged in context.slots}
        self._claimed = {
            reading.value.automation_id
            for path, reading in fleet.locks.items()
            if reading.value is not None and path in context.locks and context.locks[path].verdict != "orphaned"
        } | {judged.slot.automation_id for judged in context.slots if judged.verdict != "orphaned"}
        self._unread = {
            path.removeprefix("locks/")
            for path, reading in fleet.locks.items()
            if reading.value is None or not (reading.value.knows("automation_id") and reading.value.knows("session_id"))
        }
        self._configs = {automation.id: automation.config.value for automation in fleet.automations.values()}

    def locks(self, session_id: str | None) -> tuple[LockJudgement, ...]:
        """Return the verdicts on the session's locks; none if the session is unknown."""
        return tuple(self._locks.get(session_id, ())) if session_id is not None else ()

    def slot(self, session_id: str | None) -> SlotJudgement | None:
        """Return the verdict on the session's slot; None if it has none or the session is unknown."""
        return self._slots.get(session_id) if session_id is not None else None

    def is_claimed(self, automation_id: str) -> bool:
        """Return whether a lock or slot of the automation is not orphaned."""
        return automation_id in self._claimed

    def may_have_unread_lock(self, workspace: Workspace) -> bool:
        """Return whether an unreadable lock may be that of the workspace's run, as far as its name shows."""
        if not self._unread:
            return False
        keys = {normalize_repo_key(address) for address in self._addresses(workspace)}
        names = {name for key in keys for name in (flat_lock_name(key), nested_lock_name(key))}
        return not names or not names.isdisjoint(self._unread)

    def _addresses(self, workspace: Workspace) -> Iterator[str]:
        info = workspace.info.value if workspace.info else None
        if info is not None and info.repository is not None:
            yield info.repository.fork_url
        config = self._configs.get(workspace.id)
        address = config.config.get("forkRepoUrl") if config is not None else None
        if isinstance(address, str):
            yield address

    def is_disabled(self, automation_id: str) -> bool:
        """Return whether the automation is disabled."""
        config = self._configs.get(automation_id)
        return config is not None and config.enabled is False

    def is_at_work(self, session_id: str | None, automation_id: str) -> bool:
        """Return whether the session has a lock or slot that is not orphaned; if it is unknown, the automation."""
        if session_id is None:
            return self.is_claimed(automation_id)
        slot = self.slot(session_id)
        return any(lock.verdict != "orphaned" for lock in self.locks(session_id)) or (
            slot is not None and slot.verdict != "orphaned"
        )
