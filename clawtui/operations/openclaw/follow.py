"""Following the changes of a stock gateway, for a command that prints a line for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from clawtui.model.changes import Change
from clawtui.model.gateway.changes import gateway_changes
from clawtui.model.gateway.state import GatewayState
from clawtui.operations.openclaw.report import judge_gateway
from clawtui.operations.state.follow_fleet import live_fleets
from clawtui.storage.paths import StatePaths

JUDGED_AGAIN = 10.0
"""Seconds after which the owners of runs are judged again: a process can die without a write."""
_LOOK = 0.5


def follow_gateway(
    paths: StatePaths, clock: Callable[[], datetime], pause: Callable[[float], None]
) -> Iterator[Change]:
    """Yield, without end, each change of the gateway at the root, and each run whose owner is found to be dead.

    `pause` waits for a number of seconds, here zero, and ends the command once nothing reads its output.
    """
    last: GatewayState | None = None
    dead: set[str] = set()
    judged = 0.0
    with live_fleets(paths) as wait:
        while True:
            fleet = wait(_LOOK)
            pause(0.0)
            state = fleet.gateway if fleet is not None else None
            if state is not None:
                if last is not None:
                    yield from gateway_changes(last, state)
                last = state
            judged += _LOOK
            if last is not None and (state is not None or judged >= JUDGED_AGAIN):
                judged = 0.0
                report = judge_gateway(last, paths.root, clock())
                gone = {id for id, owner in report.owners.items() if owner.verdict == "orphaned"}
                for run in last.going:
                    if run.id in gone - dead:
                        yield Change("lock-orphaned", last.name_of(run.job_id), "the owner of its run cannot be alive")
                dead = gone
