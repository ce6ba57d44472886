"""What is shown of one root among several."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct, field

from clawtui.model.listed_root import ListedRoot
from clawtui.tui.panes.automations.pane import AutomationsViewModel
from clawtui.tui.panes.gateway.jobs import JobsViewModel

Condition = Literal["reading", "unreachable", "unserved", "empty"]
"""``unserved``: only the dashboard of the root's own host can show it."""


class RootNotice(Struct, frozen=True):
    """What a root's own row says: why there are no other rows of it, or why those are not current."""

    condition: Condition
    text: str
    since: datetime | None = None


class RootContent(Struct, frozen=True):
    """The automations of one root, or the jobs of a stock gateway, and what else needs attention there."""

    root: ListedRoot
    shown: AutomationsViewModel | JobsViewModel = field(default_factory=AutomationsViewModel)
    notice: RootNotice | None = None
    problems: int = 0
    """The files that cannot be read, without the configurations of automations, which have rows."""
    locks: int = 0
    """The locks that need a hand."""
    ahead: timedelta = timedelta(0)
    """How far the clock of the root's host is ahead of the one here. Ages are computed with the clock there."""
    round_trip: timedelta | None = None
    """How long a message to its host takes there and back; None for a root on this host."""

    @property
    def is_stale(self) -> bool:
        """Whether what is shown is the last state of a root that cannot be reached or read."""
        return self.notice is not None and self.notice.condition == "unreachable"
