"""The milestones of a stock gateway's run: the last one is current only while somebody can be working on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clawtui.model.gateway.owner import OwnerJudgement, OwnerVerdict
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.run_values import steps_of
from clawtui.model.runs.timeline import Step

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("verdict", [None, "live", "quiet", "foreign", "orphaned"])
def test_the_last_step_is_current_unless_the_owner_is_dead(verdict: OwnerVerdict | None) -> None:
    run = GatewayRun("r", "job", NOON - 9 * MINUTE, "running", "receipt")
    owner = None if verdict is None else OwnerJudgement(verdict, ())
    first, last = steps_of(run, [Step(NOON - 5 * MINUTE, "exec: ls", None)], NOON, owner)
    assert (first.took, first.current, first.failed) == (4 * MINUTE, False, False)
    is_lost = verdict == "orphaned"
    assert (last.current, last.failed) == (not is_lost, is_lost)
    assert last.took == (None if is_lost else 5 * MINUTE)
