"""What runs meet is decided by one seed."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from clawtui.demo.runs.plan import MAX_CONFLICTS, OutcomeWeights, make_plan
from clawtui.demo.seed.fleet_spec import CAST, REPORT, Role

_ROLES = st.sampled_from(CAST)
_SEEDS = st.integers(0, 2**32)


@given(_SEEDS, st.lists(_ROLES, max_size=30))
def test_the_same_seed_tells_the_same_story(seed: int, roles: list[Role]) -> None:
    one, other = OutcomeWeights(Random(seed)), OutcomeWeights(Random(seed))
    assert [one.next(role, 0) for role in roles] == [other.next(role, 0) for role in roles]


@given(_SEEDS, _ROLES)
def test_a_plan_fits_its_role(seed: int, role: Role) -> None:
    plan = make_plan(role, Random(seed))
    assert plan.conflicts <= min(MAX_CONFLICTS, len(role.files))
    assert all(index < plan.conflicts for index in plan.uncertain | plan.skipped)
    assert bool(plan.uncertain | plan.skipped) <= (plan.ending == "partial")
    if role.type == REPORT:
        assert plan.ending not in ("push-rejected", "tests-fail")


def test_one_of_the_first_three_runs_dies_and_none_while_another_one_is_dead() -> None:
    fates = OutcomeWeights(Random(1))
    assert "dies" in [fates.next(role, 0).ending for role in CAST[:3]]
    assert "dies" not in [fates.next(role, 1).ending for _ in range(20) for role in CAST]
