"""The index of locks that is kept for successive fleets equals one that is made of the last fleet alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.runs.judge_run import judge_runs
from clawtui.model.runs.judged_runs import RunsOnDemand
from clawtui.model.runs.lock_index import LockIndex
from clawtui.model.runs.run_evidence import RunContext
from tests.gateway_root import NOON
from tests.model.arbitrary_fleets import fleets, surroundings


@given(st.data())
def test_a_kept_index_has_the_locks_of_the_last_fleet_alone(data: st.DataObject) -> None:
    kept = LockIndex()
    for _ in range(3):
        fleet = data.draw(fleets())
        judged = {path: each for path, each in data.draw(surroundings(fleet)).locks.items() if data.draw(st.booleans())}
        kept.update(fleet.locks, judged)
        new = LockIndex()
        new.update(fleet.locks, judged)
        assert sorted(kept.unread) == sorted(new.unread)
        for lock in (reading.value for reading in fleet.locks.values() if reading.value is not None):
            assert kept.of_session(lock.session_id) == new.of_session(lock.session_id)
            assert kept.judged_of_session(lock.session_id) == new.judged_of_session(lock.session_id)
            mine, others = (each.judged_of_automation(lock.automation_id) for each in (kept, new))
            assert sorted(map(id, mine)) == sorted(map(id, others))


@given(st.data())
def test_runs_that_are_judged_on_demand_are_those_that_are_judged_at_once(data: st.DataObject) -> None:
    fleet = data.draw(fleets())
    around = data.draw(surroundings(fleet))
    context = RunContext(locks=around.locks, slots=around.slots, last_signs=around.last_signs)
    on_demand = RunsOnDemand(fleet, context, NOON)
    at_once = judge_runs(fleet, context, NOON)
    assert {id: on_demand.get(id) for id in fleet.workspaces} == {id: at_once.get(id) for id in fleet.workspaces}
    assert dict(on_demand) == at_once
    assert len(on_demand) == len(at_once)
