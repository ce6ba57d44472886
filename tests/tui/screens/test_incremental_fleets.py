"""What is kept from fleet to fleet equals what is made of each fleet as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from clawtui.live.fleet_builder import FleetBuilder
from clawtui.model.findings.context import FindingContext
from clawtui.model.fleet import Fleet
from clawtui.model.run_state import StatusCounter, status_of
from clawtui.model.runs.run_evidence import RunContext
from clawtui.model.versioned_map import VersionedMapBuilder
from clawtui.tui.panes.locks.verdicts import Verdicts
from clawtui.tui.screens.judged_runs import RunJudge
from tests.gateway_root import NOON
from tests.model.arbitrary_fleets import fleets, surroundings

V = TypeVar("V")


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Fleet, FindingContext]]:
    """Successive fleets, which share what did not change; in each step, any part may stay as it was."""
    builder, steps = FleetBuilder(Fleet("root", loaded=True)), []
    for fleet in draw(st.lists(fleets(), min_size=2, max_size=3)):
        if draw(st.booleans()):
            _become(builder.automations, fleet.automations)
        if draw(st.booleans()):
            _become(builder.workspaces, fleet.workspaces)
        if draw(st.booleans()):
            _become(builder.locks, fleet.locks)
        if draw(st.booleans()):
            builder.concurrency = fleet.concurrency
        steps.append((builder.build(), draw(surroundings(builder.build()))))
    return steps


def _become(builder: VersionedMapBuilder[str, V], values: Mapping[str, V]) -> None:
    for key in builder.build().keys() - values.keys():
        builder.put(key, None)
    for key, value in values.items():
        if builder.get(key) != value:
            builder.put(key, value)


class WholeJudge(RunJudge):
    """A judge that looks at each run of each fleet."""

    def _affected(self, last: Fleet, before: RunContext) -> Iterator[str]:
        yield from {**last.workspaces, **self._fleet.workspaces}


@settings(max_examples=25, deadline=None)
@given(histories())
def test_runs_are_judged_and_automations_counted_as_in_a_whole_pass(
    history: list[tuple[Fleet, FindingContext]],
) -> None:
    judge, whole, counter = RunJudge(), WholeJudge(), StatusCounter()
    for fleet, known in history:
        runs = RunContext(last_signs=known.last_signs)
        verdicts = Verdicts(fleet.locks, known.locks, known.slots, runs, NOON)
        judged = judge.judge(fleet, verdicts, NOON)
        assert judged.workspaces == whole.judge(fleet, verdicts, NOON).workspaces
        assert judged.workspaces.keys() == fleet.workspaces.keys()
        counts = Counter(status_of(each, judged.workspaces.get(each.id)) for each in fleet.automations.values())
        assert +Counter(counter.count(fleet.automations, judged.workspaces)) == counts
