"""The numbers of automations of each status, updated at the cost of what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from clawtui.model.fleet import Automation, Workspace
from clawtui.model.run_state import Status, status_of
from clawtui.model.versioned_map import changed_keys


class StatusCounter:
    """Counter of the automations of successive fleets, which share what did not change."""

    def __init__(self) -> None:
        self._automations: Mapping[str, Automation] = {}
        self._workspaces: Mapping[str, Workspace] = {}
        self._statuses: dict[str, Status] = {}
        """By the path of the configuration."""
        self._paths: dict[str, set[str]] = {}
        """By automation id."""
        self._counts: Counter[str] = Counter()

    def count(self, automations: Mapping[str, Automation], workspaces: Mapping[str, Workspace]) -> Mapping[str, int]:
        """Return the numbers, some of which may be 0. The result is modified by the next call."""
        changed = dict.fromkeys(changed_keys(automations, self._automations))
        for automation_id in changed_keys(workspaces, self._workspaces):
            changed.update(dict.fromkeys(self._paths.get(automation_id, ())))
        for path in changed:
            if (before := self._statuses.pop(path, None)) is not None:
                self._counts[before] -= 1
                self._paths[self._automations[path].id].discard(path)
            if (automation := automations.get(path)) is not None:
                status = self._statuses[path] = status_of(automation, workspaces.get(automation.id))
                self._counts[status] += 1
                self._paths.setdefault(automation.id, set()).add(path)
        self._automations, self._workspaces = automations, workspaces
        return self._counts
