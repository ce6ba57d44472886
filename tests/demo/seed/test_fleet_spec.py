"""The demo has everything to show, however many automations it is asked for."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.demo.seed.fleet_spec import MIN_AUTOMATIONS, Feature, make_specs


@given(st.integers(MIN_AUTOMATIONS, 300))
def test_everybody_has_an_id_and_a_repository_that_the_design_allows(count: int) -> None:
    specs = make_specs(count)
    assert len(specs) == count
    assert len({spec.id for spec in specs}) == count
    assert all(re.fullmatch(r"[a-z0-9-]+", spec.id) and 0 < len(spec.name) <= 100 for spec in specs)
    syncs = [spec.fork for spec in specs if spec.upstream != spec.fork]
    assert len(set(syncs)) == len(syncs)


def test_the_fewest_already_show_every_part_type_and_kind_of_schedule() -> None:
    specs = make_specs(MIN_AUTOMATIONS)
    assert {spec.feature for spec in specs} == set(get_args(Feature))
    assert len({spec.type for spec in specs}) >= 2
    assert {spec.schedule.type for spec in specs} == {"interval", "cron", "at"}
    assert sum(not spec.enabled for spec in specs) >= 2
    assert {spec.reliability for spec in specs} == {"steady", "mixed", "flaky", "failing"}
    assert all(spec.runs == 0 or 3 <= spec.runs <= 40 for spec in specs)


def test_two_automations_have_the_same_repository() -> None:
    forks = [spec.fork for spec in make_specs(MIN_AUTOMATIONS)]
    assert len(set(forks)) < len(forks)


def test_fewer_than_twenty_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 20"):
        make_specs(MIN_AUTOMATIONS - 1)
