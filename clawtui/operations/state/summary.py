"""The totals of a state directory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from clawtui.model.documents.base import Problem
from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.fleet import Automation, Fleet

if TYPE_CHECKING:
    from clawtui.model.liveness.verdict import LockJudgement


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals that ``status`` shows."""

    root: str
    automations: int
    enabled: int
    invalid: int
    running: tuple[tuple[Automation, RuntimeState], ...]
    """The automations with a run in progress according to their state, by id."""
    used_slots: int | None
    """None where their file cannot be read."""
    max_slots: int | float | None
    locks: int
    verdicts: Mapping[str, int]
    expired: int
    dispatcher_enabled: bool | None
    """None where there is no readable configuration."""
    last_dispatch: datetime | None
    problems: tuple[Problem, ...]
    """By path."""


def totals_of(fleet: Fleet, judged: Mapping[str, LockJudgement], last_dispatch: datetime | None) -> Totals:
    """Return the totals of ``fleet`` and of the verdicts on its locks."""
    configs = [automation.config.value for automation in fleet.automations.values()]
    dispatcher = fleet.dispatcher.value if fleet.dispatcher else None
    return Totals(
        root=fleet.root,
        automations=len(configs),
        enabled=sum(config is not None and config.enabled for config in configs),
        invalid=configs.count(None),
        running=tuple(_running(fleet)),
        used_slots=None if fleet.concurrency is not None and fleet.concurrency.value is None else len(fleet.slots),
        max_slots=fleet.max_slots,
        locks=len(fleet.locks),
        verdicts=Counter(lock.verdict for lock in judged.values()),
        expired=sum(lock.expired for lock in judged.values()),
        dispatcher_enabled=dispatcher.enabled if dispatcher else None,
        last_dispatch=last_dispatch,
        problems=tuple(problem for _, problem in sorted(fleet.problems.items())),
    )


def _running(fleet: Fleet) -> list[tuple[Automation, RuntimeState]]:
    found = []
    for automation in sorted(fleet.automations.values(), key=lambda automation: automation.id):
        workspace = fleet.workspaces.get(automation.id)
        if workspace is not None and workspace.running is not None:
            found.append((automation, workspace.running))
    return found
