"""The demo has everything to show, however many automations it is asked for."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.demo.seed.fleet_spec import LEAST, Part, cast


@given(st.integers(LEAST, 300))
def test_everybody_has_an_id_and_a_repository_that_the_design_allows(count: int) -> None:
    roles = cast(count)
    assert len(roles) == count
    assert len({role.id for role in roles}) == count
    assert all(re.fullmatch(r"[a-z0-9-]+", role.id) and 0 < len(role.name) <= 100 for role in roles)
    syncs = [role.fork for role in roles if role.upstream != role.fork]
    assert len(set(syncs)) == len(syncs)


def test_the_fewest_already_show_every_part_type_and_kind_of_schedule() -> None:
    roles = cast(LEAST)
    assert {role.part for role in roles} == set(get_args(Part))
    assert len({role.type for role in roles}) >= 2
    assert {role.schedule.type for role in roles} == {"interval", "cron", "at"}
    assert sum(not role.enabled for role in roles) >= 2
    assert {role.temper for role in roles} == {"steady", "mixed", "flaky", "failing"}
    assert all(role.runs == 0 or 3 <= role.runs <= 40 for role in roles)


def test_some_repository_is_wanted_by_two_automations() -> None:
    forks = [role.fork for role in cast(LEAST)]
    assert len(set(forks)) < len(forks)


def test_fewer_than_twenty_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 20"):
        cast(LEAST - 1)
