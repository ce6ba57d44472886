"""The events of runs depend on one seed."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from clawtui.demo.runs.plan import MAX_CONFLICTS, RunPlanner, make_plan
from clawtui.demo.seed.fleet_spec import REPORT, SPECS, AutomationSpec

_ROLES = st.sampled_from(SPECS)
_SEEDS = st.integers(0, 2**32)


@given(_SEEDS, st.lists(_ROLES, max_size=30))
def test_the_same_seed_gives_the_same_plan(seed: int, specs: list[AutomationSpec]) -> None:
    one, other = RunPlanner(Random(seed)), RunPlanner(Random(seed))
    assert [one.next(spec, 0) for spec in specs] == [other.next(spec, 0) for spec in specs]


@given(_SEEDS, _ROLES)
def test_a_plan_fits_its_role(seed: int, spec: AutomationSpec) -> None:
    plan = make_plan(spec, Random(seed))
    assert plan.conflicts <= min(MAX_CONFLICTS, len(spec.files))
    assert all(index < plan.conflicts for index in plan.uncertain | plan.skipped)
    assert bool(plan.uncertain | plan.skipped) <= (plan.ending == "partial")
    if spec.type == REPORT:
        assert plan.ending not in ("push-rejected", "tests-fail")


def test_one_of_the_first_three_runs_dies_and_none_while_another_one_is_dead() -> None:
    fates = RunPlanner(Random(1))
    assert "dies" in [fates.next(spec, 0).ending for spec in SPECS[:3]]
    assert "dies" not in [fates.next(spec, 1).ending for _ in range(20) for spec in SPECS]
