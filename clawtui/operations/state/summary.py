"""The totals of a state directory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from clawtui.model.paths import DISPATCHER_LOGS
from clawtui.model.run_state import last_run, status_of
from clawtui.storage.paths import DISPATCHER_FILE, LOGS

if TYPE_CHECKING:
    from clawtui.model.documents.base import Problem
    from clawtui.model.documents.workspace import RuntimeState
    from clawtui.model.fleet import Automation, Fleet, Workspace
    from clawtui.model.liveness.verdict import LockJudgement
    from clawtui.model.run_state import Status


class NeedsAttention(NamedTuple):
    """An automation whose last run failed or is lost, or whose configuration cannot be read."""

    automation_id: str
    status: Status
    reason: str | None
    since: datetime | None
    """When the run ended, or gave its last sign of life; None if that is unknown."""


class Totals(Struct, frozen=True):
    """The totals that ``status`` shows."""

    root: str
    automations: int
    enabled: int
    invalid: int
    running: tuple[tuple[Automation, RuntimeState], ...]
    """The automations with a run in progress, by id."""
    paused: int
    need_attention: tuple[NeedsAttention, ...]
    """By id."""
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

    @property
    def dispatcher_state(self) -> str:
        """What the dispatcher's configuration says, or why that is not known, in a word or two."""
        if self.dispatcher_enabled is not None:
            return "enabled" if self.dispatcher_enabled else "disabled"
        return "configuration not readable" if self._is_unreadable(DISPATCHER_FILE) else "no configuration"

    @property
    def why_no_dispatch(self) -> str:
        """Why no last dispatch is known, where that is so."""
        is_unreadable = self._is_unreadable(f"{LOGS}/{DISPATCHER_LOGS}")
        return "its log is not readable" if is_unreadable else "no dispatch on record"

    def _is_unreadable(self, path: str) -> bool:
        return any(problem.path == path for problem in self.problems)

    @property
    def needs_attention(self) -> bool:
        """Whether something needs attention: an automation, a leftover lock, or a file that cannot be read."""
        locks = self.verdicts.get("orphaned", 0) + self.verdicts.get("invalid", 0)
        return bool(self.need_attention or self.problems or locks)


def totals_of(fleet: Fleet, judged: Mapping[str, LockJudgement], last_dispatch: datetime | None) -> Totals:
    """Return the totals of ``fleet``, whose runs are judged, and of the verdicts on its locks."""
    in_order = sorted(fleet.automations.values(), key=lambda automation: (automation.id, automation.config.path))
    statuses = [(each, status_of(each, fleet.workspaces.get(each.id))) for each in in_order]
    configs = [automation.config.value for automation in fleet.automations.values()]
    dispatcher = fleet.dispatcher.value if fleet.dispatcher else None
    return Totals(
        root=fleet.root,
        automations=len(configs),
        enabled=sum(config is not None and bool(config.enabled) for config in configs),
        invalid=configs.count(None),
        running=tuple(_running(fleet)),
        paused=sum(status == "paused" for _, status in statuses),
        need_attention=tuple(
            _attention_of(automation, fleet.workspaces.get(automation.id), status)
            for automation, status in statuses
            if status in ("failed", "lost", "invalid")
        ),
        used_slots=len(fleet.slots) if fleet.slots_known else None,
        max_slots=fleet.max_slots,
        locks=len(fleet.locks),
        verdicts=Counter(lock.verdict for lock in judged.values()),
        expired=sum(lock.expired for lock in judged.values()),
        dispatcher_enabled=dispatcher.enabled if dispatcher else None,
        last_dispatch=last_dispatch,
        problems=tuple(problem for _, problem in sorted(fleet.problems.items())),
    )


def _attention_of(automation: Automation, workspace: Workspace | None, status: Status) -> NeedsAttention:
    run = workspace.run if workspace is not None else None
    config = automation.config.value
    if config is None:
        problem = automation.config.problem
        return NeedsAttention(automation.id, status, problem.message if problem is not None else None, None)
    if status == "lost" and run is not None:
        return NeedsAttention(automation.id, status, run.reason, run.ended)
    last = last_run(config, run)
    if last is None:
        return NeedsAttention(automation.id, status, None, None)
    return NeedsAttention(automation.id, status, last.summary, last.started + (last.took or timedelta(0)))


def _running(fleet: Fleet) -> list[tuple[Automation, RuntimeState]]:
    found = []
    for automation in sorted(fleet.automations.values(), key=lambda automation: automation.id):
        workspace = fleet.workspaces.get(automation.id)
        running = workspace.running if workspace is not None else None
        if running is not None and status_of(automation, workspace) == "running":
            found.append((automation, running))
    return found
