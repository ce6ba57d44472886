"""The runs of the last hours in lanes, one for each slot: runs at the same time are in different lanes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from msgspec import Struct, field

from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.concurrency import Slot
from clawtui.model.runs.dispatch_history import ActivityRow, RunSpan

_MOST: Final = 32
"""The most lanes; runs that would need more are left out."""


class LaneRun(NamedTuple):
    """A run in a lane."""

    name: str
    """The name of its automation."""
    key: str
    """The path of the automation's configuration."""
    span: RunSpan


class _Lane(Struct):
    runs: list[LaneRun] = field(default_factory=list)
    going: LaneRun | None = None
    free_from: datetime = EPOCH

    def takes(self, span: RunSpan) -> bool:
        """Return whether the lane is free during the run."""
        if span.began < self.free_from:
            return False
        return self.going is None or (span.ended is not None and span.ended <= self.going.span.began)

    def add(self, run: LaneRun) -> None:
        if run.span.ended is None:
            self.going = run
        else:
            self.runs.append(run)
            self.free_from = max(self.free_from, run.span.ended)


def slot_lanes(rows: Iterable[ActivityRow], slots: Iterable[Slot]) -> tuple[tuple[LaneRun, ...], ...]:
    """Return the runs in lanes, oldest first; no two runs in a lane overlap.

    A run that is going is in the lane of its slot. Which slot a past run had is not recorded: it is in the first lane
    that was free.
    """
    numbers = {slot.automation_id: slot.slot_number for slot in slots if slot.slot_number <= _MOST}
    lanes: list[_Lane] = []
    others: list[LaneRun] = []
    for row in rows:
        for span in row.ran:
            run = LaneRun(row.name, row.key, span)
            number = numbers.get(row.automation_id) if span.ended is None else None
            if number is None or not _lane(lanes, number).takes(span):
                others.append(run)
            else:
                lanes[number - 1].add(run)
    for run in sorted(others, key=lambda run: run.span.began):
        free = next((lane for lane in lanes if lane.takes(run.span)), None)
        if free is None and len(lanes) < _MOST:
            free = _lane(lanes, len(lanes) + 1)
        if free is not None:
            free.add(run)
    return tuple(_in_order(lane) for lane in lanes)


def _lane(lanes: list[_Lane], number: int) -> _Lane:
    """Return the lane of slot ``number``, which is added with those before it if there is none."""
    lanes.extend(_Lane() for _ in range(number - len(lanes)))
    return lanes[number - 1]


def _in_order(lane: _Lane) -> tuple[LaneRun, ...]:
    going: Sequence[LaneRun] = () if lane.going is None else (lane.going,)
    return (*lane.runs, *going)
