"""The values that are shown of one root among several."""

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
    """The text of a root's own row: why there are no other rows of it, or why those are not current."""

    condition: Condition
    text: str
    since: datetime | None = None
    heading: str = "unreachable"
    """What is the case, in a word or two."""


class RootContent(Struct, frozen=True):
    """The automations of one root, or the jobs of a stock gateway, and its alarms."""

    root: ListedRoot
    shown: AutomationsViewModel | JobsViewModel = field(default_factory=AutomationsViewModel)
    notice: RootNotice | None = None
    problems: int = 0
    """The files that cannot be read, without the configurations of automations, which have rows."""
    locks: int = 0
    """The locks that need attention."""
    ahead: timedelta = timedelta(0)
    """How far the clock of the root's host is ahead of the clock of this host. Ages are computed with the former."""
    round_trip: timedelta | None = None
    """The round-trip time of a message to its host; None for a root on this host."""

    @property
    def is_stale(self) -> bool:
        """Whether this is the last state of a root that cannot be reached or read."""
        return self.notice is not None and self.notice.condition == "unreachable"
