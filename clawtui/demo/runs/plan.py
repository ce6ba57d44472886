"""The plan of a run, which is made before it starts, so that one seed always gives the same runs."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Literal

from msgspec import Struct

from clawtui.demo.seed.fleet_spec import REPORT, AutomationSpec, Reliability
from clawtui.model.documents.base import RunStatus

Ending = Literal["success", "partial", "clone-fails", "push-rejected", "tests-fail", "cancelled", "dies"]

_STATUS: Mapping[Ending, RunStatus] = {"success": "success", "partial": "partial", "cancelled": "cancelled"}

_ENDINGS: tuple[Ending, ...] = ("success", "partial", "clone-fails", "push-rejected", "tests-fail", "cancelled", "dies")
_ODDS: Mapping[Reliability, tuple[int, ...]] = {
    "steady": (78, 8, 1, 1, 2, 2, 8),
    "mixed": (54, 22, 2, 3, 6, 5, 8),
    "flaky": (42, 18, 8, 8, 12, 4, 8),
    "failing": (20, 15, 10, 12, 33, 2, 8),
}
_REPORT_ENDINGS: Mapping[Ending, Ending] = {"push-rejected": "clone-fails", "tests-fail": "clone-fails"}

MAX_CONFLICTS = 5


class Plan(Struct, frozen=True):
    """The plan of one run."""

    ending: Ending
    conflicts: int
    """The number of files that are to conflict; the actual number depends on git."""
    uncertain: frozenset[int]
    """The conflicts, counted from 0, that the model resolves with low confidence."""
    skipped: frozenset[int]
    """The conflicts that the model leaves to a person."""
    corrected: frozenset[int]
    """The conflicts in which the model starts in the wrong direction."""
    wait_factor: float
    """Factor on every wait, so that some runs are slower."""
    seed: int
    """The seed for the choice of texts."""

    @property
    def status(self) -> RunStatus:
        """The status of the run when it has ended."""
        return _STATUS.get(self.ending, "failed")


def make_plan(spec: AutomationSpec, rng: Random, ending: Ending | None = None, conflicts: int | None = None) -> Plan:
    """Return a random plan that suits an automation, with ``ending`` and ``conflicts`` where they are given."""
    ending = ending or rng.choices(_ENDINGS, _ODDS[spec.reliability])[0]
    if spec.type == REPORT:
        ending = _REPORT_ENDINGS.get(ending, ending)
    least = 2 if ending in ("partial", "dies") else 0
    planned = rng.choice((0, 1, 1, 2, 3, 4, 5)) if conflicts is None else conflicts
    conflicts = min(max(least, planned), len(spec.files), MAX_CONFLICTS)
    indexes = range(conflicts)
    uncertain = set(rng.sample(indexes, min(conflicts, rng.choice((1, 1, 2))))) if ending == "partial" else set()
    skipped = {index for index in uncertain if rng.random() < 0.4}
    return Plan(
        ending=ending,
        conflicts=conflicts,
        uncertain=frozenset(uncertain - skipped),
        skipped=frozenset(skipped),
        corrected=frozenset(index for index in indexes if rng.random() < 0.25),
        wait_factor=rng.uniform(0.8, 1.25),
        seed=rng.randrange(1 << 30),
    )


_FIRST: tuple[tuple[Ending, int], ...] = (
    ("success", 4),
    ("dies", 2),
    ("success", 1),
    ("partial", 3),
    ("push-rejected", 2),
    ("success", 0),
    ("tests-fail", 3),
)
"""The endings and conflicts of the first runs, so that the first minute shows most kinds of endings."""

MAX_DEAD = 1
"""The largest number of dead runs at a time, because each one holds a slot."""


class RunPlanner:
    """The source of the plans of all runs, one after the other."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._made = 0

    def next(self, spec: AutomationSpec, dead: int) -> Plan:
        """Return the plan of the next run, which is of ``spec``, while ``dead`` dead runs hold a slot."""
        ending, conflicts = _FIRST[self._made] if self._made < len(_FIRST) else (None, None)
        self._made += 1
        plan = make_plan(spec, self._rng, ending, conflicts)
        if plan.ending == "dies" and dead >= MAX_DEAD:
            return make_plan(spec, self._rng, "success", conflicts)
        return plan
