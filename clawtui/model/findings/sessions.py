"""The locks and slots of each session."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.lock import flat_lock_name, nested_lock_name, normalize_repo_key
from clawtui.model.fleet import Fleet, Workspace
from clawtui.model.liveness.slot_verdict import SlotJudgement
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.runs.lock_index import LockIndex


class Sessions:
    """The locks and slots of a fleet by session and by automation."""

    def __init__(self, fleet: Fleet, locks: LockIndex, slots: Collection[SlotJudgement]) -> None:
        self._fleet = fleet
        self._locks = locks
        self._slots = {judged.slot.session_id: judged for judged in slots}
        self._with_slot = {judged.slot.automation_id for judged in slots if judged.verdict != "orphaned"}

    def locks(self, session_id: str | None) -> tuple[LockJudgement, ...]:
        """Return the verdicts on the session's locks; none if the session is unknown."""
        return self._locks.judged_of_session(session_id) if session_id is not None else ()

    def slot(self, session_id: str | None) -> SlotJudgement | None:
        """Return the verdict on the session's slot; None if it has none or the session is unknown."""
        return self._slots.get(session_id) if session_id is not None else None

    def is_claimed(self, automation_id: str) -> bool:
        """Return whether a lock or slot of the automation is not orphaned."""
        return automation_id in self._with_slot or any(
            lock.verdict != "orphaned" for lock in self._locks.judged_of_automation(automation_id)
        )

    def may_have_unread_lock(self, workspace: Workspace) -> bool:
        """Return whether an unreadable lock may be that of the workspace's run, as far as its name shows."""
        if not self._locks.unread:
            return False
        keys = {normalize_repo_key(address) for address in self._addresses(workspace)}
        names = {name for key in keys for name in (flat_lock_name(key), nested_lock_name(key))}
        return not names or not names.isdisjoint(self._locks.unread)

    def _addresses(self, workspace: Workspace) -> Iterator[str]:
        info = workspace.info.value if workspace.info else None
        if info is not None and info.repository is not None:
            yield info.repository.fork_url
        config = self._config_of(workspace.id)
        address = config.config.get("forkRepoUrl") if config is not None else None
        if isinstance(address, str):
            yield address

    def is_disabled(self, automation_id: str) -> bool:
        """Return whether the automation is disabled."""
        config = self._config_of(automation_id)
        return config is not None and config.enabled is False

    def _config_of(self, automation_id: str) -> AutomationConfig | None:
        automations = self._fleet.automations_with(automation_id)
        return automations[-1].config.value if automations else None

    def is_at_work(self, session_id: str | None, automation_id: str) -> bool:
        """Return whether the session has a lock or slot that is not orphaned; if it is unknown, the automation."""
        if session_id is None:
            return self.is_claimed(automation_id)
        slot = self.slot(session_id)
        return any(lock.verdict != "orphaned" for lock in self.locks(session_id)) or (
            slot is not None and slot.verdict != "orphaned"
        )
