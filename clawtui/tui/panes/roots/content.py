"""What is shown of one root among several."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from clawtui.model.listed_root import ListedRoot
from clawtui.tui.panes.automations.pane import AutomationsViewModel
from clawtui.tui.panes.gateway.jobs import JobsViewModel

Condition = Literal["reading", "unreachable", "remote", "empty"]


@dataclass(frozen=True, slots=True)
class RootNotice:
    """What a root's own row says: why there are no other rows of it, or why those are not current."""

    condition: Condition
    text: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class RootContent:
    """The automations of one root, or the jobs of a stock gateway, and what else needs attention there."""

    root: ListedRoot
    shown: AutomationsViewModel | JobsViewModel = field(default_factory=AutomationsViewModel)
    notice: RootNotice | None = None
    problems: int = 0
    """The files that cannot be read, without the configurations of automations, which have rows."""
    locks: int = 0
    """The locks that need a hand."""

    @property
    def is_stale(self) -> bool:
        """Whether what is shown is the last state of a root that cannot be reached or read."""
        return self.notice is not None and self.notice.condition == "unreachable"
