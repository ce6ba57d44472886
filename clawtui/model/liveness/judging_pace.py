"""When the verdicts on locks, slots and runs are judged again: after which changes, and after how many seconds."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from clawtui.model.fleet import Fleet, Workspace
from clawtui.model.liveness.workspace_guard import unfinished
from clawtui.model.versioned_map import Derived

if TYPE_CHECKING:
    from clawtui.model.documents.workspace import RuntimeState
    from clawtui.model.gateway.state import GatewayState

ANOTHER_LOCK: Final = 0.05
"""Seconds between two rounds while locks or slots change."""
ANOTHER_SIGN: Final = 1.0
"""Seconds between two rounds while only workspaces and logs change."""
MAY_DIE: Final = 3.0
"""Seconds to the next round while a holder is alive, because a process can die without a change of a file."""
ANOTHER_STATE: Final = 0.5
"""Seconds between two rounds while the store of a stock gateway changes."""
SHARE: Final = 10
"""The pause after a round over a stock gateway is at least this many times its duration."""
AT_REST: Final = 15.0
"""Seconds to the next round while no run of a stock gateway is going: a run can be missed, a lease can expire."""
DEAD: Final = 10.0
"""Seconds to the next round while no holder is alive: a log can still show activity, and clocks can be set."""

_DEAD_VERDICTS: Final = frozenset({"orphaned", "invalid", "foreign"})


class ChangeGap:
    """The pause between two rounds while the fleet changes. It is used by one thread."""

    def __init__(self) -> None:
        self._unended: Derived[str, Workspace, RuntimeState] = Derived(unfinished)
        """The states of runs that have not ended by their own state."""

    def after_change(self, last: Fleet, fleet: Fleet) -> float | None:
        """Return the least seconds between two rounds after a change from ``last``; None if none is needed."""
        if fleet.locks is not last.locks or fleet.slots is not last.slots or fleet.lock_timeout != last.lock_timeout:
            return ANOTHER_LOCK
        has_sign = fleet.workspaces is not last.workspaces or fleet.logs is not last.logs
        has_subject = has_sign and (fleet.locks or fleet.slots or self._unended.of(fleet.workspaces))
        return ANOTHER_SIGN if has_subject else None


def pause_after_round(verdicts: Collection[str], *, has_unended: bool) -> float | None:
    """Return the seconds until the next round without a change; None if nothing is held and no run is in progress.

    ``verdicts`` are those of the round on locks and slots; ``has_unended``: whether a run has not ended by its state.
    """
    if not verdicts:
        return DEAD if has_unended else None
    return DEAD if _DEAD_VERDICTS.issuperset(verdicts) else MAY_DIE


def pause_at_gateway(state: GatewayState) -> float:
    """Return the seconds until the next round over a stock gateway without a change."""
    return MAY_DIE if state.going else AT_REST
